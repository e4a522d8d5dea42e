from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Appointment, Cycle, Document, JournalEntry, Member, Versioned
from deliberations import clauses as pieces
from deliberations import sheet, tally
from workshops.models import Meeting, Notebook, Workshop, in_cycles_of, own_workshops, seated_cycles

Role = Appointment.Role
READERS = (Role.SECRETARIAT, Role.GUARANTOR, Role.EXECUTIVE)


def a_year_after(day):
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


# ---------------------------------------------------------------- mandates


class PutToTheVote:
    """What a mandate and a text share: votes are held on them."""

    def get_ballot_url(self):
        ballot = self.ballots.open().first()
        return (ballot or self).get_absolute_url()


class WorkingMandateQuerySet(models.QuerySet):
    def propose(self, *, by, workshop, **fields):
        """The executive's office proposes a mandate; the plenary will vote on it."""
        mandate = self.model(workshop=workshop, **fields)
        mandate.full_clean()
        mandate.save()
        mandate.record("create", by=by)
        return mandate

    def public(self):
        """Once the plenary has voted, whatever it said."""
        return self.exclude(state=WorkingMandate.State.PROPOSED)

    def visible_to(self, user):
        """A proposed mandate is for the members of the cycle and those who work with them."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            ~Q(state=WorkingMandate.State.PROPOSED)
            | in_cycles_of(user, Role.values, "workshop__cycle")
            | Q(workshop__cycle__in=seated_cycles(user))
        )


class WorkingMandate(PutToTheVote, Accountable, Versioned):
    """What the executive asks a workshop to work on, adopted by the plenary."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ADOPTED = "adopted", _("adopted")
        REJECTED = "rejected", _("rejected")
        CLOSED = "closed", _("closed")

    editable_states = (State.PROPOSED,)

    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="mandates", verbose_name=_("workshop")
    )
    notebook = models.ForeignKey(
        Notebook,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=_("notebook it answers"),
    )
    sentence = models.CharField(
        _("mandate, in one sentence"),
        max_length=400,
        help_text=_("Starts with a verb: “Propose measures that…”."),
    )
    context = models.TextField(_("context"))
    expected_product = models.TextField(_("what is expected"))
    limits = models.TextField(_("limits"), blank=True)
    deputy_mayor = models.CharField(_("deputy mayor in charge"), max_length=150)
    directorate = models.CharField(_("directorate in charge"), max_length=150)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)
    voted_at = models.DateTimeField(null=True, blank=True, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = WorkingMandateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_mandate_is_dated_once_voted",
                condition=Q(state="proposed", voted_at=None)
                | (~Q(state="proposed") & Q(voted_at__isnull=False)),
            )
        ]

    def __str__(self):
        return self.sentence

    def get_absolute_url(self):
        return reverse("deliberations:workingmandate_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.workshop.cycle

    def electors(self):
        """The whole Assembly."""
        return self.cycle.members.seated()

    @act(source=State.PROPOSED, label=_("vote of the plenary opened"))
    def open_ballot(self, *, by, mode, question="", meeting=None):
        return Ballot.objects.open_about(self, by=by, mode=mode, question=question, meeting=meeting)

    @transition(source=State.PROPOSED, target=State.ADOPTED, label=_("mandate adopted"))
    def adopt(self, *, by, ballot):
        """Follows from a ballot that was closed: see `Ballot.close`."""
        require(ballot.decides_for(self), gettext("The plenary has not adopted this mandate."))
        self.voted_at = clock.now()
        self.document = Document.objects.issue(
            Document.Kind.MANDATE, str(self), sheet.mandate_content(self, ballot), cycle=self.cycle
        )

    @transition(source=State.PROPOSED, target=State.REJECTED, label=_("mandate rejected"))
    def reject(self, *, by, ballot):
        require(ballot.decides_against(self), gettext("The plenary has not rejected this mandate."))
        self.voted_at = clock.now()

    @transition(source=State.ADOPTED, target=State.CLOSED, label=_("mandate closed"))
    def close(self, *, by):
        """The workshop has delivered what was expected."""


def require(truth, sentence):
    if not truth:
        raise ValidationError(sentence)


# ---------------------------------------------------------------- proposals


class ProposalQuerySet(models.QuerySet):
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


class Proposal(PutToTheVote, Accountable, Versioned):
    """A text a workshop asks the executive to carry before the Council."""

    class Kind(models.TextChoices):
        WISH = "wish", _("wish")
        DELIBERATION = "deliberation", _("citizens’ deliberation")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review by departments")
        CO_DRAFTED = "co_drafted", _("co-drafting")
        SETTLED = "settled", _("settled")
        VOTED = "voted", _("voted by the workshop")
        TRANSMITTED = "transmitted", _("transmitted to the executive")
        CARRIED = "carried", _("carried by the executive")
        REFUSED = "refused", _("refused by the executive")
        FILED = "filed", _("filed with the Council")
        ON_AGENDA = "on_agenda", _("on the Council’s agenda")
        ADOPTED = "adopted", _("adopted")
        ADOPTED_AMENDED = "adopted_amended", _("adopted as amended")
        REJECTED = "rejected", _("rejected by the Council")
        WITHDRAWN = "withdrawn", _("withdrawn")
        POSTPONED = "postponed", _("postponed")
        IN_FOLLOW_UP = "in_follow_up", _("in follow-up")
        CLOSED = "closed", _("follow-up closed")

    IN_HOUSE = (State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED, State.SETTLED, State.VOTED)
    ENDED = (State.REFUSED, State.REJECTED, State.WITHDRAWN, State.IN_FOLLOW_UP, State.CLOSED)
    VOTED_BY_COUNCIL = (State.ADOPTED, State.ADOPTED_AMENDED)
    BEFORE_COUNCIL = (State.CARRIED, State.FILED, State.ON_AGENDA, State.POSTPONED)
    OUTCOMES = [
        (state, state.label)
        for state in (State.ADOPTED, State.ADOPTED_AMENDED, State.REJECTED, State.POSTPONED)
    ]
    WAITS_FOR = {
        State.DRAFT: _("the workshop to send it to the departments"),
        State.IN_REVIEW: _("the departments’ words"),
        State.CO_DRAFTED: _("the workshop to settle it"),
        State.SETTLED: _("the vote of the workshop"),
        State.VOTED: _("the secretariat to transmit it"),
        State.TRANSMITTED: _("the executive to carry or refuse it"),
        State.CARRIED: _("its filing with the Council"),
        State.FILED: _("a place on the agenda of a session"),
        State.ON_AGENDA: _("the vote of the Council"),
        State.POSTPONED: _("another session of the Council"),
        State.ADOPTED: _("its follow-up to be opened"),
        State.ADOPTED_AMENDED: _("its follow-up to be opened"),
        State.IN_FOLLOW_UP: _("the returns on its measures"),
    }
    STAGES = [
        ("writing", _("being written"), (State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED)),
        ("voting", _("voted by the citizens"), (State.SETTLED, State.VOTED)),
        ("executive", _("with the executive"), (State.TRANSMITTED, State.CARRIED)),
        ("council", _("before the Council"), (State.FILED, State.ON_AGENDA, State.POSTPONED)),
        ("follow_up", _("adopted, followed up"), (*VOTED_BY_COUNCIL, State.IN_FOLLOW_UP, State.CLOSED)),
        ("stopped", _("stopped"), (State.REFUSED, State.REJECTED, State.WITHDRAWN)),
    ]
    editable_states = (State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="proposals")
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WISH)
    title = models.CharField(_("title"), max_length=200)
    plain_summary = models.TextField(_("summary in plain words"), blank=True)
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
                condition=Q(
                    state__in=["draft", "in_review", "co_drafted", "settled", "voted"], transmitted_at=None
                )
                | (
                    ~Q(state__in=["draft", "in_review", "co_drafted", "settled", "voted"])
                    & Q(transmitted_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="a_refusal_gives_its_reasons", condition=~Q(state="refused") | ~Q(refusal="")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("deliberations:proposal_detail", args=[self.pk])

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
    def council(self):
        """Its item before the Council, once filed."""
        return getattr(self, "council_item", None)

    def electors(self):
        """The members allotted to the workshop who sit today."""
        return self.workshop.members

    # the members' pen

    @act(
        source=[State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED, State.TRANSMITTED, State.ON_AGENDA],
        label=_("version saved"),
        private=("clauses",),
    )
    def save_version(self, *, by, base, clauses, note="", author_kind=""):
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
        return Version.objects.create(
            proposal=self, number=number + 1, author_kind=author_kind, author=by, note=note, clauses=words
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
            pieces.of_kind(self.latest.clauses, "measure", "article"),
            gettext("A text that asks for nothing cannot be settled: it needs a measure or an article."),
        )

    @transition(source=State.SETTLED, target=State.CO_DRAFTED, label=_("text taken up again"))
    def take_up_again(self, *, by, reason):
        require(
            not self.ballots.filter(state=Ballot.State.OPEN).exists(),
            gettext("A vote on this text is open: close it first."),
        )

    @act(source=State.SETTLED, label=_("vote of the workshop opened"))
    def open_ballot(self, *, by, mode, question="", meeting=None):
        return Ballot.objects.open_about(self, by=by, mode=mode, question=question, meeting=meeting)

    @transition(source=State.SETTLED, target=State.VOTED, label=_("text voted by the workshop"))
    def vote(self, *, by, ballot):
        """Follows from a ballot that was closed: see `Ballot.close`."""
        require(ballot.decides_for(self), gettext("The workshop has not adopted this text."))
        self.voted_version = self.latest

    @transition(source=State.VOTED, target=State.TRANSMITTED, label=_("transmitted to the executive"))
    def transmit(self, *, by):
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

    @transition(source=State.CARRIED, target=State.FILED, label=_("filed with the Council"))
    def file(self, *, by, committee, number=""):
        CouncilItem.objects.create(proposal=self, committee=committee, number=number, filed_at=clock.now())

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

    @transition(source=State.ON_AGENDA, target=State.ADOPTED, label=_("adopted by the Council"))
    def adopt(self, *, by, reference="", link=""):
        latest = self.latest
        require(
            latest.author_kind != Version.AuthorKind.COUNCIL,
            gettext("The Council’s own version was entered: the text is adopted as amended."),
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
        measures = pieces.of_kind(self.council_item.adopted_version.clauses, "measure")
        require(measures, gettext("The adopted text has no measure to follow."))
        due = a_year_after(self.council_item.session_on)
        for number, clause in enumerate(measures, 1):
            owner = (owners or {}).get(clause["id"], "")
            Measure.objects.create(proposal=self, number=number, text=clause["text"], owner=owner, due_on=due)

    @transition(source=State.IN_FOLLOW_UP, target=State.CLOSED, label=_("follow-up closed"))
    def close(self, *, by):
        require(
            not self.measures.owing().exists(),
            gettext("Some measures still owe returns: they end done, or dropped with reasons."),
        )


def required_reason(reason):
    require((reason or "").strip(), gettext("Give the reasons: they will be published."))
    return reason.strip()


def check_clauses(words):
    require(len(words) <= pieces.MOST, gettext("A text holds at most %s clauses.") % pieces.MOST)
    for place, clause in enumerate(words, 1):
        require(
            clause["kind"] in Version.ClauseKind.values, gettext("Clause %s is of no known kind.") % place
        )
        require(
            len(clause["text"]) <= pieces.LONGEST,
            gettext("Clause %(place)s is longer than %(most)s characters: split it.")
            % {"place": place, "most": pieces.LONGEST},
        )


class VersionConflict(ValidationError):
    """Somebody saved first: their version travels with the refusal so that both can be read."""

    def __init__(self, theirs):
        self.theirs = theirs
        number = theirs.number if theirs else 0
        super().__init__(
            gettext(
                "Version %s was saved in the meantime. Your words are kept below, theirs beside: "
                "bring them together, then save again."
            )
            % number
        )


class Version(models.Model):
    """The text as it was saved, once and for all."""

    class AuthorKind(models.TextChoices):
        MEMBERS = "members", _("members")
        DEPARTMENT = "department", _("department")
        EXECUTIVE = "executive", _("executive")
        COUNCIL = "council", _("Council")

    class ClauseKind(models.TextChoices):
        CITATION = "citation", _("citation")
        RECITAL = "recital", _("recital")
        OPERATIVE = "operative", _("operative part")
        ARTICLE = "article", _("article")
        MEASURE = "measure", _("measure")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    author_kind = models.CharField(max_length=20, choices=AuthorKind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    note = models.CharField(_("what changed, in a few words"), max_length=200, blank=True)
    clauses = models.JSONField(help_text="list of {id, kind, text}")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="a_version_has_its_number"),
        ]

    def __str__(self):
        return gettext("version %(number)s, %(author)s") % {
            "number": self.number,
            "author": self.get_author_kind_display(),
        }

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A version is written once.")
        super().save(*args, **kwargs)

    @property
    def parts(self):
        """Its clauses with the words for their kind."""
        kinds = dict(self.ClauseKind.choices)
        return [clause | {"label": kinds[clause["kind"]]} for clause in self.clauses]

    @classmethod
    def kind_of(cls, user):
        role = user.main_role if user else ""
        return {Role.DEPARTMENT: cls.AuthorKind.DEPARTMENT, Role.EXECUTIVE: cls.AuthorKind.EXECUTIVE}.get(
            role, cls.AuthorKind.MEMBERS
        )

    @classmethod
    def pens(cls, state):
        """Who may write in a text in this state."""
        kinds = cls.AuthorKind
        together = (kinds.MEMBERS, kinds.DEPARTMENT, kinds.EXECUTIVE)
        return {
            Proposal.State.DRAFT: (kinds.MEMBERS,),
            Proposal.State.IN_REVIEW: together,
            Proposal.State.CO_DRAFTED: together,
            Proposal.State.TRANSMITTED: (kinds.EXECUTIVE,),
            Proposal.State.ON_AGENDA: (kinds.COUNCIL,),
        }.get(state, ())

    @classmethod
    def not_their_turn(cls, state):
        names = [str(cls.AuthorKind(kind).label) for kind in cls.pens(state)]
        return gettext("At this stage the text is written by: %s.") % ", ".join(names)


class RecommendationQuerySet(models.QuerySet):
    def write(self, *, by, workshop, text):
        last = self.filter(workshop=workshop).aggregate(last=Max("number"))["last"] or 0
        recommendation = self.create(workshop=workshop, number=last + 1, text=text)
        recommendation.record("create", by=by)
        return recommendation

    def public(self):
        return self.filter(handed_over_at__isnull=False)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(handed_over_at__isnull=False)
            | in_cycles_of(user, READERS, "workshop__cycle")
            | Q(workshop__in=own_workshops(user))
        )


class Recommendation(Accountable):
    """What a workshop recommends, before the text is written; each is traced to the end."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="recommendations")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("recommendation"))
    handed_over_at = models.DateTimeField(null=True, blank=True, editable=False)
    carried_by = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    not_taken_up = models.TextField(_("why it was not taken up"), blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["workshop", "number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="a_recommendation_has_its_number"),
            models.CheckConstraint(
                name="a_recommendation_is_carried_or_set_aside",
                condition=Q(carried_by=None) | Q(not_taken_up=""),
            ),
        ]

    def __str__(self):
        return gettext("Recommendation %s") % self.number

    def get_absolute_url(self):
        return reverse("deliberations:recommendation_list", args=[self.workshop_id]) + f"#r{self.number}"

    @property
    def cycle(self):
        return self.workshop.cycle

    @act(label=_("recommendation handed over in plenary"))
    def hand_over(self, *, by):
        self.handed_over_at = self.handed_over_at or clock.now()

    @act(label=_("recommendation carried by a text"))
    def trace(self, *, by, proposal):
        require(proposal.workshop_id == self.workshop_id, gettext("This text is another workshop’s."))
        self.carried_by, self.not_taken_up = proposal, ""

    @act(label=_("recommendation not taken up"))
    def set_aside(self, *, by, reason):
        self.carried_by, self.not_taken_up = None, required_reason(reason)


# ---------------------------------------------------------------- ballots


class BallotQuerySet(models.QuerySet):
    def open_about(self, about, *, by, mode, question="", meeting=None):
        """Open a vote, its electorate frozen: called by `open_ballot` of a mandate or a text, under its lock."""
        require(
            not about.ballots.filter(state=Ballot.State.OPEN).exists(),
            gettext("A vote on this is open already."),
        )
        electors = list(about.electors())
        require(electors, gettext("Nobody may vote on this yet: members must sit first."))
        ballot = self.create(
            **{about._meta.model_name.removeprefix("working"): about},
            question=question or gettext("Do you adopt “%s”?") % about,
            mode=mode,
            meeting=meeting,
            electorate=len(electors),
            quorum_percent=about.cycle.quorum_percent,
        )
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

    def with_turnout(self):
        return self.annotate(cast_papers=Count("papers", filter=Q(papers__choice__isnull=False)))


class Ballot(Accountable):
    """A question put to members: the electorate is frozen when it opens, the result when it closes."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Mode(models.TextChoices):
        HANDS = "hands", _("show of hands")
        ONLINE = "online", _("open vote online")

    question = models.CharField(_("question"), max_length=500)
    mandate = models.ForeignKey(WorkingMandate, models.PROTECT, null=True, blank=True, related_name="ballots")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="ballots")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="ballots", verbose_name=_("meeting")
    )
    mode = models.CharField(_("how members vote"), max_length=10, choices=Mode, default=Mode.HANDS)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    electorate = models.PositiveIntegerField()
    quorum_percent = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(default=clock.now)
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
    def cycle(self):
        return self.about.cycle

    @property
    def workshop(self):
        return self.about.workshop

    @property
    def workshop_id(self):
        return self.about.workshop_id

    @property
    def tally(self):
        """The count, once it is sealed."""
        if self.votes_for is None:
            return None
        return tally.Tally(self.votes_for, self.votes_against, self.abstentions, self.not_voting)

    @property
    def result(self):
        count = self.tally
        return count and tally.decide(count, quorum_percent=self.quorum_percent)

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
        cast = BallotPaper.objects.filter(pk=paper.pk, sealed=False).update(
            choice=choice, cast_at=clock.now()
        )
        require(cast, gettext("This vote is closed: votes can no longer be cast or changed."))

    cast.label, cast.sources = _("vote cast"), frozenset([State.OPEN])

    @transition(source=State.OPEN, target=State.CLOSED, label=_("vote closed"))
    def close(self, *, by, votes_for=None, votes_against=None, abstentions=None):
        """Seal, count, conclude. A show of hands brings its three figures; papers are counted here."""
        if self.mode == self.Mode.ONLINE:
            count = self.count_papers()
        else:
            count = self.count_hands(votes_for, votes_against, abstentions)
        self.votes_for, self.votes_against = count.for_, count.against
        self.abstentions, self.not_voting = count.abstention, count.not_voting
        self.closed_at = clock.now()
        result = tally.decide(count, quorum_percent=self.quorum_percent)
        self.adopted = result.adopted
        self.conclude(by, result)

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
            door = self.about.adopt if self.mandate_id else self.about.vote
            door(by=by, ballot=self)
        elif self.mandate_id and result.quorum_reached:
            self.mandate.reject(by=by, ballot=self)


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


# ---------------------------------------------------------------- Council


class CouncilItem(models.Model):
    """The text before the Paris Council."""

    class Opinion(models.TextChoices):
        FAVOURABLE = "favourable", _("favourable")
        UNFAVOURABLE = "unfavourable", _("unfavourable")

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="council_item")
    committee = models.CharField(_("committee"), max_length=100)
    number = models.CharField(_("number"), max_length=40, blank=True)
    filed_at = models.DateTimeField()
    session_on = models.DateField(_("session of"), null=True, blank=True)
    opinion = models.CharField(_("opinion of the executive"), max_length=20, choices=Opinion, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Proposal.OUTCOMES, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    link = models.URLField(_("link to the official record"), blank=True)
    adopted_version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-session_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_adopted_text_is_known",
                condition=~Q(outcome__in=["adopted", "adopted_amended"]) | Q(adopted_version__isnull=False),
            )
        ]

    def __str__(self):
        return self.reference or self.number or str(self.proposal)

    def close(self, *, outcome, reference, link, version=None):
        """What the Council said; when it adopts, the adopted text is frozen and printed."""
        self.outcome, self.reference, self.link = outcome, reference, link
        if outcome in Proposal.VOTED_BY_COUNCIL:
            self.adopted_version = version
            self.document = Document.objects.issue(
                Document.Kind.PROPOSAL,
                self.proposal.title,
                sheet.adopted_content(self.proposal, self),
                cycle=self.proposal.cycle,
            )
        self.save()


class MeasureQuerySet(models.QuerySet):
    def public(self):
        """Everything the City owes is public."""
        return self.filter(proposal__in=Proposal.objects.public().values("pk"))

    def visible_to(self, user):
        return self.public()

    def owing(self):
        """Not ended: a return is due every year."""
        return self.filter(due_on__isnull=False)

    def overdue(self):
        return self.filter(due_on__lt=clock.today())

    def owned_by(self, user):
        """Those of the directorates this person answers for."""
        names = [
            held.organisation
            for held in user.current_appointments
            if held.role == Role.DEPARTMENT and held.organisation
        ]
        return self.filter(owner__in=names)


class Measure(Accountable):
    """One thing the Council adopted, and what the City says it does about it, year after year."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        UNDER_STUDY = "under_study", _("under study")
        IN_PROGRESS = "in_progress", _("in progress")
        PARTLY_DONE = "partly_done", _("partly done")
        DONE = "done", pgettext_lazy("measure", "done")
        DROPPED = "dropped", _("dropped")

    ENDED = (State.DONE, State.DROPPED)

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("measure"))
    owner = models.CharField(_("directorate in charge"), max_length=150, blank=True)
    state = models.CharField(_("progress"), max_length=20, choices=State, default=State.NOT_STARTED)
    due_on = models.DateField(_("return due on"), null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-proposal", "number"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="a_measure_has_its_number"),
            models.CheckConstraint(
                name="a_measure_owes_returns_until_it_ends",
                condition=Q(state__in=["done", "dropped"], due_on=None)
                | (~Q(state__in=["done", "dropped"]) & Q(due_on__isnull=False)),
            ),
        ]

    def __str__(self):
        return gettext("Measure %(number)s – %(text)s") % {"number": self.number, "text": self.text[:120]}

    def get_absolute_url(self):
        return reverse("deliberations:measure_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.proposal.cycle

    @property
    def is_overdue(self):
        return self.due_on is not None and self.due_on < clock.today()

    @act(label=_("measure entrusted to a directorate"))
    def entrust(self, *, by, owner):
        self.owner = owner.strip()

    @act(
        source=[State.NOT_STARTED, State.UNDER_STUDY, State.IN_PROGRESS, State.PARTLY_DONE],
        label=_("return given"),
    )
    def give_return(self, *, by, state, words, evidence="", department=""):
        """What was done this year, in words; a measure is dropped with its reasons only."""
        words = (words or "").strip()
        require(words, gettext("Say what was done, or why nothing was: this is what the public reads."))
        require(state in self.State.values, gettext("Choose how far the measure has come."))
        today = clock.today()
        self.state, self.due_on = state, None if state in self.ENDED else a_year_after(today)
        return Return.objects.create(
            measure=self,
            on=today,
            state=state,
            words=words,
            evidence=evidence,
            department=department or self.owner,
            by=by,
        )


class Return(models.Model):
    """A dated answer of the City on one measure; never changed, another one follows."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="returns")
    on = models.DateField()
    state = models.CharField(_("progress"), max_length=20, choices=Measure.State)
    words = models.TextField(_("what was done"))
    evidence = models.URLField(_("link to evidence"), blank=True)
    department = models.CharField(_("directorate"), max_length=150, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(name="a_return_says_something", condition=~Q(words=""))]

    def __str__(self):
        return f"{self.measure_id} {self.on}"
