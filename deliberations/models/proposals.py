"""The texts of the citizens, from draft to follow-up."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Cycle, Document, JournalEntry, ServingGoals, Versioned
from deliberations import clauses as pieces
from deliberations import sheet
from deliberations.models import stages
from deliberations.models.council import CouncilItem
from deliberations.models.ground import READERS, PutToTheVote, Role, a_year_after, require, required_reason
from deliberations.models.places import Placed, PlacedQuerySet
from deliberations.models.versions import Version, VersionConflict, check_clauses
from workshops.models import Workshop, in_cycles_of, own_workshops


class ProposalQuerySet(PlacedQuerySet):
    def draft(self, *, by, workshop, kind, title, plain_summary="", clauses=()):
        """A new text, with its first version when there are words already."""
        proposal = self.create(
            cycle=workshop.cycle, workshop=workshop, kind=kind, title=title, plain_summary=plain_summary
        )
        proposal.record("create", by=by)
        if clauses:
            proposal.save_version(by=by, base=0, clauses=clauses)
        return proposal

    def public(self):
        return self.exclude(state__in=Proposal.IN_HOUSE)

    def that_ended(self, outcome):
        """By the decision of the Council, even once followed up; or before it came there."""
        return self.filter(Q(council_item__outcome=outcome) | Q(state=outcome))

    def under_way(self):
        """Neither ended nor handed over to the follow-up."""
        return self.exclude(state__in=Proposal.ENDED)

    def visible_to(self, user):
        """Drafts for their workshop and those who run the cycle, departments once asked, all once transmitted."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            ~Q(state__in=Proposal.IN_HOUSE)
            | in_cycles_of(user, READERS, "cycle")
            | (~Q(state=Proposal.State.DRAFT) & in_cycles_of(user, [Role.DEPARTMENT], "cycle"))
            | Q(workshop__in=own_workshops(user))
        )

    def with_since(self):
        """Adds `since`: when the text came to where it stands."""
        moves = JournalEntry.objects.filter(
            act__in=Proposal.moves(),
            target_type__app_label="deliberations",
            target_type__model="proposal",
            target_id=OuterRef("pk"),
        ).order_by()
        last = moves.values("target_id").annotate(last=Max("at")).values("last")
        return self.annotate(since=Subquery(last))


class Proposal(PutToTheVote, Placed, ServingGoals, Accountable, Versioned):
    """A text a workshop asks the executive to carry before the Council."""

    class Kind(models.TextChoices):
        WISH = "wish", _("wish")
        DELIBERATION = "deliberation", _("citizens’ deliberation")

    State = stages.State
    IN_HOUSE = stages.IN_HOUSE
    BEFORE_THE_VOTE = stages.BEFORE_THE_VOTE
    ENDED = stages.ENDED
    VOTED_BY_COUNCIL = stages.VOTED_BY_COUNCIL
    BEFORE_COUNCIL = stages.BEFORE_COUNCIL
    OUTCOMES = stages.OUTCOMES
    ENDINGS = stages.ENDINGS
    WAITS_FOR = stages.WAITS_FOR
    STAGES = stages.STAGES
    editable_states = (State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED)
    at_any_time = ("locate", "name_goals")
    words_kept = ("title", "plain_summary")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="proposals")
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WISH)
    title = models.CharField(_("title"), max_length=200)
    plain_summary = models.TextField(_("summary in plain words"), blank=True)
    origin = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="counter_proposals",
        help_text="the text this one answers, when the executive wrote it",
    )
    carrier = models.CharField(_("carried by"), max_length=150, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    voted_version = models.ForeignKey(
        "Version", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    carried_version = models.ForeignKey(
        "Version", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    transmitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    refusal = models.TextField(_("reasons of the executive"), blank=True, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["cycle", "state"])]
        constraints = [
            models.CheckConstraint(
                name="a_text_is_dated_once_transmitted",
                condition=Q(state__in=stages.IN_HOUSE, transmitted_at=None)
                | (~Q(state__in=stages.IN_HOUSE) & Q(transmitted_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_refusal_gives_its_reasons", condition=~Q(state="refused") | ~Q(refusal="")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("deliberations:proposal_detail", args=[self.pk])

    def get_card_url(self):
        return reverse("deliberations:proposal_card", args=[self.pk])

    def get_versions_url(self):
        return reverse("deliberations:proposal_versions", args=[self.pk])

    @classmethod
    def moves(cls):
        """The names of the acts that take a text from one state to another."""
        doors = [name for name, door in vars(cls).items() if getattr(door, "target", None)]
        return [f"deliberations.proposal.{name}" for name in ["create", *doors]]

    @property
    def is_public(self):
        return self.state not in self.IN_HOUSE

    @property
    def stage(self):
        return next(key for key, label, states in self.STAGES if self.state in states)

    @property
    def waits_for(self):
        return self.WAITS_FOR.get(self.state, "")

    @property
    def latest(self):
        return self.versions.order_by("-number").first()

    @property
    def standing(self):
        """Its words as they stand: those the Council adopted once it has, until then the latest."""
        item = self.council
        return (item and item.adopted_version) or self.latest

    @property
    def council(self):
        """Its item before the Council, once filed."""
        return getattr(self, "council_item", None)

    def electors(self, body):
        """The members allotted to the workshop who sit today; in plenary, the whole Assembly."""
        return self.cycle.members.seated() if body == "plenary" else self.workshop.members

    # the members' pen

    @act(
        source=[State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED, State.TRANSMITTED, State.ON_AGENDA],
        label=_("version saved"),
        private=("clauses",),
    )
    def save_version(self, *, by, base, clauses, note="", author_kind="", meeting=None):
        """A new version, written from version number `base` (0 for the first): refused when that is no longer the latest."""
        latest = self.latest
        number = latest.number if latest else 0
        if int(base or 0) != number:
            raise VersionConflict(latest)
        words = pieces.tidy(clauses)
        require(words, gettext("A text needs at least one clause."))
        check_clauses(words)
        if latest and latest.clauses == words:
            raise ValidationError(gettext("Nothing has changed since version %s.") % number)
        author_kind = author_kind or Version.kind_of(by)
        require(author_kind in Version.pens(self.state), Version.not_their_turn(self.state))
        require(
            meeting is None or (meeting.workshop_id == self.workshop_id and meeting.kind == "codrafting"),
            gettext("A version comes from a co-drafting session of its own workshop."),
        )
        return self.versions.create(
            number=number + 1,
            author_kind=author_kind,
            author=by,
            note=note,
            clauses=words,
            meeting=meeting,
        )

    @transition(source=State.DRAFT, target=State.IN_REVIEW, label=_("sent to the departments for review"))
    def send_to_review(self, *, by):
        require(self.latest, gettext("Write a first version before anybody reviews it."))

    @transition(source=State.IN_REVIEW, target=State.CO_DRAFTED, label=_("co-drafting opened"))
    def co_draft(self, *, by):
        """Departments have answered: members and departments now write together."""

    @transition(source=State.CO_DRAFTED, target=State.SETTLED, label=_("text settled"))
    def settle(self, *, by):
        """Not a word moves until the vote."""
        require(
            self.plain_summary.strip(),
            gettext("Write its summary in plain words first: it is what most people will read."),
        )
        require(
            self.latest.asks,
            gettext("A text that asks for nothing cannot be settled: it needs a measure or an article."),
        )

    @transition(source=[State.SETTLED, State.VOTED], target=State.CO_DRAFTED, label=_("text taken up again"))
    def take_up_again(self, *, by, reason):
        """Before it is transmitted a text may be written again; then it is voted again."""
        require(
            not self.ballots.open().exists(),
            gettext("A vote on this text is open: close it first."),
        )
        self.voted_version = None

    @act(source=State.SETTLED, label=_("vote of the workshop opened"))
    def open_ballot(self, *, by, **how):
        return self.ballots.open_about(self, by=by, **how)

    @transition(source=State.SETTLED, target=State.VOTED, label=_("text voted by the workshop"))
    def vote(self, *, by, ballot):
        """Follows from a ballot that was closed: see `Ballot.close`."""
        require(ballot.decides_for(self), gettext("The workshop has not adopted this text."))
        self.voted_version = self.latest

    @act(source=State.VOTED, label=_("vote of the plenary opened"))
    def open_plenary_ballot(self, *, by, **how):
        require(
            self.cycle.plenary_votes_texts,
            gettext("In this cycle the workshop’s vote is enough: the plenary does not vote on texts."),
        )
        return self.ballots.open_about(self, by=by, body="plenary", **how)

    @transition(source=State.VOTED, target=State.ENDORSED, label=_("text voted by the plenary"))
    def endorse(self, *, by, ballot):
        """Follows from a ballot that was closed: see `Ballot.close`."""
        require(ballot.decides_for(self), gettext("The plenary has not adopted this text."))

    @transition(
        source=[State.VOTED, State.ENDORSED],
        target=State.TRANSMITTED,
        label=_("transmitted to the executive"),
    )
    def transmit(self, *, by):
        require(
            self.state == self.State.ENDORSED or not self.cycle.plenary_votes_texts,
            gettext("In this cycle the plenary votes on each text before it is transmitted."),
        )
        self.transmitted_at = clock.now()
        self.document = Document.objects.issue(
            Document.Kind.PROPOSAL, self.title, sheet.voted_content(self), cycle=self.cycle
        )

    # the executive and the Council

    @transition(source=State.TRANSMITTED, target=State.CARRIED, label=_("carried by the executive"))
    def carry(self, *, by, carrier):
        """Whoever sits in the Council files the text: the citizens remain its authors."""
        self.carrier, self.carried_version = carrier, self.latest

    @transition(source=State.TRANSMITTED, target=State.REFUSED, label=_("refused by the executive"))
    def refuse(self, *, by, reason):
        """The executive may refuse to carry a text; its reasons become public."""
        self.refusal = required_reason(reason)

    @transition(source=State.TRANSMITTED, target=State.COUNTERED, label=_("answered by a counter-proposal"))
    def counter_propose(self, *, by, reason, clauses):
        """The executive proposes other words: a text of its own, “bis”, on which the workshop votes."""
        reason, words = required_reason(reason), pieces.tidy(clauses)
        require(words, gettext("A text needs at least one clause."))
        check_clauses(words)
        require(
            words != self.voted_version.clauses,
            gettext("These are the words of the citizens: carry the text."),
        )
        bis = Proposal.objects.create(
            cycle=self.cycle,
            workshop=self.workshop,
            origin=self,
            kind=self.kind,
            title=gettext("%s, bis") % self.title[:190],
            plain_summary=self.plain_summary,
            state=self.State.CO_DRAFTED,
        )
        bis.record("create", by=by)
        kinds = Version.AuthorKind
        note = gettext("The text voted by the citizens")
        bis.versions.create(
            number=1, author_kind=kinds.MEMBERS, note=note, clauses=self.voted_version.clauses
        )
        note = gettext("The counter-proposal of the executive")
        bis.versions.create(number=2, author_kind=kinds.EXECUTIVE, author=by, note=note, clauses=words)
        self.refusal = reason
        return bis

    @transition(
        source=State.COUNTERED, target=State.TRANSMITTED, label=_("text upheld against the counter-proposal")
    )
    def uphold(self, *, by, reason):
        """The workshop keeps to its words: the executive carries them or refuses them."""
        required_reason(reason)
        answers = self.counter_proposals.exclude(state=self.State.ABANDONED)
        require(
            not answers.exclude(state__in=self.BEFORE_THE_VOTE).exists(),
            gettext("The workshop has voted for the counter-proposal: this text can no longer be upheld."),
        )
        for bis in answers:
            bis.set_aside(by=by, reason=reason)

    @transition(
        source=stages.BEFORE_THE_VOTE,
        target=State.ABANDONED,
        label=_("text abandoned"),
    )
    def set_aside(self, *, by, reason):
        """A text the workshop gives up before its vote; its words stay."""
        required_reason(reason)
        require(not self.ballots.open().exists(), gettext("A vote on this text is open: close it first."))

    @transition(source=State.CARRIED, target=State.FILED, label=_("filed with the Council"))
    def file(self, *, by, committee, number="", attached_to=""):
        CouncilItem.objects.create(
            proposal=self,
            committee=committee,
            number=number,
            attached_to=attached_to,
            filed_at=clock.now(),
        )

    @transition(
        source=[State.FILED, State.POSTPONED],
        target=State.ON_AGENDA,
        label=_("put on the agenda of the Council"),
    )
    def put_on_agenda(self, *, by, session_on, number="", opinion=""):
        item = self.council_item
        item.session_on, item.number = session_on, number or item.number
        item.opinion = opinion or item.opinion
        item.save()

    @act(source=stages.IN_SESSION, label=_("amendment moved in session"))
    def move_in_session(self, *, by, number, mover, text, outcome):
        """What was moved against or for the text in the Council, and what became of it."""
        amendments = self.council_item.amendments
        require(
            not amendments.filter(number__iexact=number).exists(),
            gettext("An amendment of this number has been entered already."),
        )
        amendments.create(number=number, mover=mover, text=text, outcome=outcome)

    @act(source=stages.IN_SESSION, label=_("positions of the groups entered"))
    def enter_positions(self, *, by, positions):
        """`positions`: a list of {group, position, voices}, which replaces the one entered before."""
        names = [row["group"].strip() for row in positions]
        require(
            len({name.casefold() for name in names}) == len(names),
            gettext("Each group is named once."),
        )
        self.council_item.positions.all().delete()
        for name, row in zip(names, positions, strict=True):
            self.council_item.positions.create(group=name, position=row["position"], voices=row.get("voices"))

    @act(source=stages.SAID_BY_COUNCIL, label=_("official record cited"))
    def cite(self, *, by, reference, link=""):
        """The official record comes out weeks after the session."""
        item = self.council_item
        item.reference, item.link = reference, link
        item.save(update_fields=["reference", "link"])

    @transition(source=State.ON_AGENDA, target=State.ADOPTED, label=_("adopted by the Council"))
    def adopt(self, *, by, reference="", link=""):
        latest = self.latest
        require(
            latest.author_kind != Version.AuthorKind.COUNCIL,
            gettext("The Council’s own version was entered: the text is adopted as amended."),
        )
        require(
            not self.council_item.amendments.filter(outcome="adopted").exists(),
            gettext(
                "An amendment was adopted in session: enter the adopted text as a new version, "
                "then choose “adopted as amended”."
            ),
        )
        self.council_item.close(outcome=self.State.ADOPTED, reference=reference, link=link, version=latest)

    @transition(
        source=State.ON_AGENDA, target=State.ADOPTED_AMENDED, label=_("adopted by the Council as amended")
    )
    def adopt_amended(self, *, by, reference="", link=""):
        latest = self.latest
        require(
            latest.author_kind == Version.AuthorKind.COUNCIL,
            gettext("Enter the text the Council adopted first, as a new version."),
        )
        outcome = self.State.ADOPTED_AMENDED
        self.council_item.close(outcome=outcome, reference=reference, link=link, version=latest)

    @transition(source=State.ON_AGENDA, target=State.REJECTED, label=_("rejected by the Council"))
    def reject(self, *, by, reference="", link="", reason=""):
        self.council_item.close(outcome=self.State.REJECTED, reference=reference, link=link)

    @transition(source=State.ON_AGENDA, target=State.POSTPONED, label=_("postponed by the Council"))
    def postpone(self, *, by, reason=""):
        """It comes back at another session, under the same number."""

    def decide(self, *, by, outcome, reference="", link="", reason=""):
        """What the Council said, whichever it was: each outcome has its own door."""
        facts = {"reference": reference, "link": link}
        doors = {
            self.State.ADOPTED: (self.adopt, facts),
            self.State.ADOPTED_AMENDED: (self.adopt_amended, facts),
            self.State.REJECTED: (self.reject, facts | {"reason": reason}),
            self.State.POSTPONED: (self.postpone, {"reason": reason}),
        }
        require(outcome in doors, gettext("This is not something the Council can decide."))
        door, given = doors[outcome]
        return door(by=by, **given)

    decide.label, decide.sources = _("decision of the Council entered"), frozenset([State.ON_AGENDA])

    @transition(source=BEFORE_COUNCIL, target=State.WITHDRAWN, label=_("withdrawn"))
    def withdraw(self, *, by, reason):
        """A text is withdrawn by who filed it, before the vote, and says why."""
        required_reason(reason)

    # what became of it

    @transition(source=VOTED_BY_COUNCIL, target=State.IN_FOLLOW_UP, label=_("right of follow-up opened"))
    def open_follow_up(self, *, by, owners=None):
        """Each measure of the adopted text owes a return every year; `owners`: {clause id: directorate}."""
        measures = self.council_item.adopted_version.asks
        require(measures, gettext("The adopted text has no measure to follow."))
        due = a_year_after(self.council_item.session_on)
        for number, clause in enumerate(measures, 1):
            owner = (owners or {}).get(clause["id"], "")
            self.measures.create(
                number=number, text=clause["text"], owner=owner, due_on=due, clause=clause["id"]
            )

    @transition(source=State.IN_FOLLOW_UP, target=State.CLOSED, label=_("follow-up closed"))
    def close(self, *, by):
        require(
            not self.measures.owing().exists(),
            gettext("Some measures still owe returns: they end done, or dropped with reasons."),
        )
