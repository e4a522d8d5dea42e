"""Votes and their papers."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Member
from assembly.templatetags.house import moment
from deliberations import tally
from deliberations.models.ground import About, require
from deliberations.models.mandates import WorkingMandate
from deliberations.models.proposals import Proposal
from workshops.models import Meeting


class BallotQuerySet(models.QuerySet):
    def open_about(self, about, *, by, mode, question="", meeting=None, body="", **rule):
        """Open a vote, its electorate frozen: called by `open_ballot` of a mandate or a text, under its lock.

        `rule`: majority and base, where they are not the simple majority of the voices for and against; `closes_at`,
        the end of a vote online.
        """
        require(
            not about.ballots.filter(state=Ballot.State.OPEN).exists(),
            gettext("A vote on this is open already."),
        )
        body = body or Ballot.Body.WORKSHOP
        end = rule.get("closes_at")
        require(
            end is None or end > clock.now(), gettext("The vote would be over already: choose a later end.")
        )
        electors = list(about.electors(body))
        require(electors, gettext("Nobody may vote on this yet: members must sit first."))
        ballot = self.model(
            **{about._meta.model_name.removeprefix("working"): about},
            question=question or gettext("Do you adopt “%s”?") % about,
            mode=mode,
            body=body,
            meeting=meeting,
            electorate=len(electors),
            quorum_percent=about.cycle.quorum_percent,
            **{name: value for name, value in rule.items() if value},
        )
        ballot.check_the_room(electors)
        ballot.save(force_insert=True)
        if mode == Ballot.Mode.ONLINE:
            BallotPaper.objects.bulk_create([BallotPaper(ballot=ballot, member=one) for one in electors])
        ballot.record("create", by=by)
        return ballot

    def open(self):
        return self.filter(state=Ballot.State.OPEN)

    def open_for(self, user):
        """The votes in which this person has a paper of their own, cast or not."""
        if not user.is_authenticated:
            return self.none()
        mine = BallotPaper.objects.filter(member__in=[seat.pk for seat in user.seats])
        return self.open().filter(mode=Ballot.Mode.ONLINE, pk__in=mine.values("ballot"))

    def visible_to(self, user):
        """Results for everybody once closed; an open vote for those who may vote and those who hold it."""
        public = Q(state=Ballot.State.CLOSED) & (
            Q(proposal__in=Proposal.objects.public().values("pk"))
            | Q(mandate__in=WorkingMandate.objects.public().values("pk"))
        )
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(
            public
            | Q(proposal__in=Proposal.objects.visible_to(user).exclude(state="draft").values("pk"))
            | Q(mandate__in=WorkingMandate.objects.visible_to(user).values("pk"))
        )

    def over(self):
        """Online, open, and past their end."""
        return self.open().filter(mode=Ballot.Mode.ONLINE, closes_at__lte=clock.now())

    def with_turnout(self):
        return self.annotate(cast_papers=Count("papers", filter=Q(papers__choice__isnull=False)))


class Ballot(About, Accountable):
    """A question put to members: the electorate is frozen when it opens, the result when it closes."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Mode(models.TextChoices):
        HANDS = "hands", _("show of hands")
        SECRET = "secret", _("secret ballot in the room")
        ONLINE = "online", _("open vote online")

    class Body(models.TextChoices):
        WORKSHOP = "workshop", _("the workshop")
        PLENARY = "plenary", _("the plenary")

    class Majority(models.TextChoices):
        SIMPLE = tally.SIMPLE, _("simple: more voices for than against")
        ABSOLUTE = tally.ABSOLUTE, _("absolute: more than half")
        TWO_THIRDS = tally.TWO_THIRDS, _("two thirds")

    class Base(models.TextChoices):
        CAST = tally.CAST, _("of the voices for and against")
        TAKING_PART = tally.TAKING_PART, _("of those who take part, abstentions included")
        ELECTORATE = tally.ELECTORATE, _("of all who may vote")

    IN_THE_ROOM = (Mode.HANDS, Mode.SECRET)

    question = models.CharField(_("question"), max_length=500)
    mandate = models.ForeignKey(WorkingMandate, models.PROTECT, null=True, blank=True, related_name="ballots")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="ballots")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="ballots", verbose_name=_("meeting")
    )
    mode = models.CharField(_("how members vote"), max_length=10, choices=Mode, default=Mode.HANDS)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    body = models.CharField(_("who votes"), max_length=10, choices=Body, default=Body.WORKSHOP)
    majority = models.CharField(_("majority"), max_length=12, choices=Majority, default=Majority.SIMPLE)
    base = models.CharField(_("share of what"), max_length=12, choices=Base, default=Base.CAST)
    electorate = models.PositiveIntegerField()
    quorum_percent = models.PositiveSmallIntegerField()
    first_count = models.JSONField(
        null=True, blank=True, editable=False, help_text="[for, against, abstention], of the first teller"
    )
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    minority_note = models.TextField(_("note of the minority"), blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    closes_at = models.DateTimeField(_("open until"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    votes_for = models.PositiveIntegerField(null=True, blank=True)
    votes_against = models.PositiveIntegerField(null=True, blank=True)
    abstentions = models.PositiveIntegerField(null=True, blank=True)
    not_voting = models.PositiveIntegerField(null=True, blank=True)
    adopted = models.BooleanField(null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_ballot_is_about_one_thing",
                condition=Q(mandate=None, proposal__isnull=False) | Q(mandate__isnull=False, proposal=None),
            ),
            models.CheckConstraint(
                name="a_closed_ballot_has_its_result",
                condition=Q(state="open", closed_at=None, adopted=None)
                | Q(
                    state="closed",
                    closed_at__isnull=False,
                    adopted__isnull=False,
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    abstentions__isnull=False,
                    not_voting__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="a_tally_adds_up_to_the_electorate",
                condition=Q(state="open")
                | Q(
                    electorate=models.F("votes_for")
                    + models.F("votes_against")
                    + models.F("abstentions")
                    + models.F("not_voting")
                ),
            ),
            models.UniqueConstraint(
                fields=["mandate"], condition=Q(state="open"), name="one_vote_at_a_time_on_a_mandate"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state="open"), name="one_vote_at_a_time_on_a_text"
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("deliberations:ballot_detail", args=[self.pk])

    @property
    def about(self):
        return self.mandate or self.proposal

    @property
    def tally(self):
        """The count, once it is sealed."""
        if self.votes_for is None:
            return None
        return tally.Tally(self.votes_for, self.votes_against, self.abstentions, self.not_voting)

    @property
    def result(self):
        count = self.tally
        return count and tally.decide(count, self.rule)

    @property
    def rule(self):
        return tally.Rule(self.quorum_percent, self.majority, self.base)

    @property
    def rule_sentence(self):
        """What it takes, before anybody knows the voices."""
        quorum = gettext("At least %(needed)s of the %(electorate)s people who may vote must take part.") % {
            "needed": self.needed,
            "electorate": self.electorate,
        }
        if self.majority == self.Majority.SIMPLE:
            return f"{quorum} {gettext('Adopted with more voices for than against; a tie does not adopt.')}"
        shares = {
            self.Majority.ABSOLUTE: gettext("Adopted with more than half %s."),
            self.Majority.TWO_THIRDS: gettext("Adopted with two thirds at least %s."),
        }
        return f"{quorum} {shares[self.majority] % self.get_base_display()}"

    @property
    def is_in_the_room(self):
        return self.mode in self.IN_THE_ROOM

    @property
    def is_over(self):
        """Past its end: nobody votes any more, though it may not be counted yet."""
        return self.closes_at is not None and self.closes_at <= clock.now()

    @cached_property
    def turnout(self):
        """How many have voted so far."""
        return self.papers.filter(choice__isnull=False).count()

    @property
    def needed(self):
        return max(1, tally.needed(self.electorate, self.quorum_percent))

    def decides_for(self, about):
        return self.about == about and self.adopted is True

    def decides_against(self, about):
        return self.about == about and self.adopted is False and self.result.quorum_reached

    def paper_of(self, user):
        return self.papers.filter(member__user=user).select_related("member").first()

    def cast(self, *, by, choice):
        """Fill one's own paper: one statement on one row, however often and from wherever it is sent.

        Until the vote closes one may change one's mind; closing seals the papers, and a sealed paper takes no word.
        The journal says nothing of it: what a person voted is known to the members, not published.
        """
        paper = self.paper_of(by)
        require(paper, gettext("You are not among those who vote on this."))
        require(paper.member.state in Member.SEATED, gettext("You no longer sit in this assembly."))
        require(choice in BallotPaper.Choice.values, gettext("Choose for, against or abstention."))
        require(not self.is_over, gettext("This vote is over: it no longer takes votes."))
        cast = BallotPaper.objects.filter(pk=paper.pk, sealed=False).update(
            choice=choice, cast_at=clock.now()
        )
        require(cast, gettext("This vote is closed: votes can no longer be cast or changed."))

    cast.label, cast.sources = _("vote cast"), frozenset([State.OPEN])

    def check_the_room(self, electors):
        """A vote in the room is not opened without its quorum, where the attendance was taken."""
        if not (self.is_in_the_room and self.meeting and self.meeting.attendances.exists()):
            return
        here = (
            self.meeting.attendances.present().filter(member__in=electors).values("member").distinct().count()
        )
        sentence = gettext(
            "The quorum is not reached: %(here)s of the %(electorate)s people who may vote are present, "
            "and it takes %(needed)s. Wait, or hold the vote at another meeting or online."
        )
        facts = {"here": here, "electorate": self.electorate, "needed": self.needed}
        require(here >= self.needed, sentence % facts)

    @act(
        source=State.OPEN,
        label=_("first count entered"),
        private=("votes_for", "votes_against", "abstentions"),
    )
    def count(self, *, by, votes_for, votes_against, abstentions):
        """The first teller's figures, kept to themselves until a second teller has entered the same."""
        require(self.is_in_the_room, gettext("The papers of an online vote are counted when it closes."))
        self.count_hands(votes_for, votes_against, abstentions)
        self.first_count, self.counted_by = [votes_for, votes_against, abstentions], by

    def check_second_count(self, by, voices):
        require(self.first_count, gettext("A first person enters the count; then you enter yours."))
        require(
            by is None or by != self.counted_by,
            gettext("You entered the first count: somebody else enters the second."),
        )
        require(
            self.first_count == voices,
            gettext(
                "The two counts differ. Count again together; whoever entered the first count may correct it."
            ),
        )

    @transition(source=State.OPEN, target=State.CLOSED, label=_("vote closed"))
    def close(self, *, by, votes_for=None, votes_against=None, abstentions=None):
        """Seal, count, conclude. A vote in the room is counted by two people; papers are counted here."""
        if self.is_in_the_room:
            voices = [votes_for, votes_against, abstentions]
            count = self.count_hands(*voices)
            self.check_second_count(by, voices)
        else:
            self.check_the_end()
            count = self.count_papers()
        self.votes_for, self.votes_against = count.for_, count.against
        self.abstentions, self.not_voting = count.abstention, count.not_voting
        self.closed_at = clock.now()
        result = tally.decide(count, self.rule)
        self.adopted = result.adopted
        self.conclude(by, result)

    def check_the_end(self):
        """Those who have not voted yet count on the day they were told."""
        sentence = gettext("Votes are taken until %s, and not everybody has voted.")
        require(
            self.closes_at is None or self.is_over or self.turnout == self.electorate,
            sentence % moment(self.closes_at),
        )

    def count_papers(self):
        self.papers.update(sealed=True)
        return tally.tally(list(self.papers.values_list("choice", flat=True)))

    def count_hands(self, *voices):
        require(None not in voices, gettext("Enter the voices for, against and abstaining."))
        rest = self.electorate - sum(voices)
        sentence = gettext("%(voices)s voices were entered, but only %(electorate)s members may vote.")
        require(rest >= 0, sentence % {"voices": sum(voices), "electorate": self.electorate})
        return tally.Tally(*voices, not_voting=rest)

    def conclude(self, by, result):
        """A mandate is adopted or rejected, a text voted; without a quorum all stays as it was."""
        if result.adopted:
            self.adopting_door(by=by, ballot=self)
        elif self.mandate_id and result.quorum_reached:
            self.mandate.reject(by=by, ballot=self)

    @property
    def adopting_door(self):
        if self.mandate_id:
            return self.mandate.adopt
        return self.proposal.endorse if self.body == self.Body.PLENARY else self.proposal.vote

    @act(source=State.CLOSED, label=_("note of the minority attached"))
    def attach_minority_note(self, *, by, text):
        """What those who voted against or abstained want to be read with the text."""
        text = (text or "").strip()
        require(text, gettext("Write the note first."))
        require(not self.minority_note, gettext("This vote has its note already."))
        require(
            self.votes_against or self.abstentions,
            gettext("Nobody voted against or abstained: there is no minority to speak for."),
        )
        require(
            not getattr(self.about, "transmitted_at", None),
            gettext("The text has left for the executive: what goes with it can no longer change."),
        )
        self.minority_note = text


class BallotPaper(models.Model):
    """One member's paper in one vote."""

    class Choice(models.TextChoices):
        FOR = "for", _("for")
        AGAINST = "against", _("against")
        ABSTENTION = "abstention", _("abstention")

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="papers")
    member = models.ForeignKey(Member, models.PROTECT, related_name="papers")
    choice = models.CharField(max_length=10, choices=Choice, null=True)  # noqa: DJ001 (no choice is not a choice)
    cast_at = models.DateTimeField(null=True)
    sealed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="a_member_votes_once"),
            models.CheckConstraint(
                name="a_vote_is_dated",
                condition=Q(choice=None, cast_at=None) | Q(choice__isnull=False, cast_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.ballot_id} {self.pk}"
