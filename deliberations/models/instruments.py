"""The other instruments of the Assembly: asked for, granted or refused with reasons, carried out, reported."""

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import RECORDED, Accountable, Cycle, Document, Member, Versioned
from deliberations.models.ground import READERS, require, required_reason
from workshops.models import Meeting, Workshop, in_cycles_of, own_workshops, seated_cycles

RECORDED |= {"limit_instruments": _("limits of the instruments set")}


class Instrument(models.TextChoices):
    QUESTION = "question", _("current question to the Council")
    AGENDA = "agenda", _("subject for the Council’s agenda")
    MISSION = "mission", _("evaluation mission")
    JURY = "jury", _("citizens’ jury")
    CO_CONSTRUCTION = "co_construction", _("co-construction")


class InstrumentLimitQuerySet(models.QuerySet):
    def put(self, cycle, *, by, limits):
        """`limits`: {instrument: how often at most, or None for as often as it likes}."""
        with transaction.atomic():
            for kind, most in limits.items():
                if most is None:
                    self.filter(cycle=cycle, kind=kind).delete()
                else:
                    self.update_or_create(cycle=cycle, kind=kind, defaults={"most": most})
            cycle.record("limit_instruments", by=by, limits=limits)


class InstrumentLimit(models.Model):
    """How often a cycle may use an instrument; no row, no limit."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="instrument_limits")
    kind = models.CharField(_("instrument"), max_length=20, choices=Instrument)
    most = models.PositiveSmallIntegerField(_("at most, in the cycle"))

    objects = InstrumentLimitQuerySet.as_manager()

    class Meta:
        ordering = ["cycle", "kind"]
        constraints = [models.UniqueConstraint(fields=["cycle", "kind"], name="an_instrument_has_one_limit")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.most}"


class RequestQuerySet(models.QuerySet):
    def ask(self, *, by, cycle, kind, title, text, workshop=None):
        """Write down what the Assembly, or one of its workshops, asks for."""
        request = self.create(
            cycle=cycle, workshop=workshop, kind=kind, title=title.strip(), text=text.strip()
        )
        request.record("create", by=by)
        return request

    def public(self):
        return self.exclude(state=Request.State.DRAFT)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            ~Q(state=Request.State.DRAFT)
            | in_cycles_of(user, READERS, "cycle")
            | Q(workshop__in=own_workshops(user))
            | Q(workshop=None, cycle__in=seated_cycles(user))
        )

    def spent(self):
        """Those that count against the limit: sent, and not refused."""
        return self.filter(state__in=(Request.State.SENT, Request.State.GRANTED, Request.State.DONE))

    def used(self, cycle, kind):
        return self.spent().filter(cycle=cycle, kind=kind)


class Request(Accountable, Versioned):
    """The use of one instrument, from the wish for it to what came out."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("request", "being written")
        SENT = "sent", pgettext_lazy("request", "sent to the executive")
        GRANTED = "granted", pgettext_lazy("request", "granted")
        REFUSED = "refused", pgettext_lazy("request", "refused")
        DONE = "done", pgettext_lazy("request", "done")

    Kind = Instrument
    editable_states = (State.DRAFT,)
    words_kept = ("title", "text")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="requests")
    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("workshop"),
        help_text=_("Empty: the whole Assembly."),
    )
    kind = models.CharField(_("instrument"), max_length=20, choices=Instrument)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what is asked, and why"), max_length=10_000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField(_("answer of the executive"), blank=True, max_length=10_000)
    due_on = models.DateField(_("expected by"), null=True, blank=True)
    members = models.ManyToManyField(
        Member, blank=True, related_name="missions", verbose_name=_("members of the mission")
    )
    meetings = models.ManyToManyField(
        Meeting, blank=True, related_name="requests", verbose_name=_("meetings and hearings")
    )
    jury = models.OneToOneField(
        Cycle, models.PROTECT, null=True, blank=True, editable=False, related_name="convened_by"
    )
    outcome = models.TextField(_("what came out"), blank=True, max_length=50_000)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["cycle", "kind", "state"])]
        constraints = [
            models.CheckConstraint(
                name="a_refused_request_is_answered", condition=~Q(state="refused") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="a_request_done_says_what_came_out", condition=~Q(state="done") | ~Q(outcome="")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("deliberations:request_detail", args=[self.pk])

    @property
    def limit(self):
        """How many of its kind the cycle may use; None: as many as it likes."""
        row = self.cycle.instrument_limits.filter(kind=self.kind).first()
        return row and row.most

    @property
    def has_members(self):
        return self.kind in (Instrument.MISSION, Instrument.CO_CONSTRUCTION)

    @transition(source=State.DRAFT, target=State.SENT, label=_("request sent to the executive"))
    def send(self, *, by):
        """The limit is counted under the lock of the cycle, so that two cannot pass together."""
        cycle = Cycle.objects.select_for_update().get(pk=self.cycle_id)
        used, limit = Request.objects.used(cycle, self.kind).count(), self.limit
        require(
            limit is None or used < limit,
            gettext(
                "The cycle has used this instrument %(used)s times already, and may use it %(limit)s times."
            )
            % {"used": used, "limit": limit},
        )
        require(self.text, gettext("Say what is asked, and why."))
        self.sent_at = clock.now()

    @transition(source=State.SENT, target=State.GRANTED, label=_("request granted"))
    def grant(self, *, by, answer="", due_on=None):
        self.answer, self.due_on = answer.strip(), due_on

    @transition(source=State.SENT, target=State.REFUSED, label=_("request refused"))
    def refuse(self, *, by, reason):
        self.answer = required_reason(reason)

    @act(source=State.GRANTED, label=_("members of the mission named"), private=("members",))
    def name_members(self, *, by, members):
        members = list(members)
        require(self.has_members, gettext("Only a mission or a co-construction has members of its own."))
        require(members, gettext("Name at least one member."))
        require(
            all(member.cycle_id == self.cycle_id and member.state in Member.SEATED for member in members),
            gettext("All of them must sit in this cycle."),
        )
        self.members.set(members)

    @act(source=State.GRANTED, label=_("meeting held for the request"))
    def add_meeting(self, *, by, meeting):
        require(
            meeting.cycle_id in (self.cycle_id, self.jury_id), gettext("This meeting is of another cycle.")
        )
        self.meetings.add(meeting)

    @act(source=State.GRANTED, label=_("meeting no longer linked to the request"))
    def remove_meeting(self, *, by, meeting):
        """It was linked by mistake: the meeting itself stays, and so does what was written down."""
        require(
            self.meetings.filter(pk=meeting.pk).exists(),
            gettext("This meeting is not linked to the request."),
        )
        self.meetings.remove(meeting)

    @act(source=State.GRANTED, label=_("citizens’ jury convened"))
    def convene(self, *, by, seats, starts_on, ends_on):
        """A jury is a small cycle of its own: it is drawn, it meets, it reports."""
        require(self.kind == Instrument.JURY, gettext("Only a citizens’ jury is convened."))
        require(self.jury_id is None, gettext("This jury has been convened already."))
        require(seats > 0, gettext("A jury has at least one seat."))
        require(ends_on > starts_on, gettext("A jury ends after it starts."))
        self.jury = Cycle.objects.found_jury(
            by=by, parent=self.cycle, title=self.title, seats=seats, starts_on=starts_on, ends_on=ends_on
        )

    @transition(source=State.GRANTED, target=State.DONE, label=_("outcome of the request published"))
    def report(self, *, by, outcome):
        """What came out of it, frozen and printed."""
        outcome = (outcome or "").strip()
        require(outcome, gettext("Say what came out: an answer, a report, a date."))
        self.outcome = outcome
        self.document = Document.objects.issue(
            Document.Kind.MISSION, self.title, self.sheet(), cycle=self.cycle
        )

    def sheet(self):
        """Everything its sheet will ever say; members by number only."""
        return {
            "kind": self.kind,
            "cycle": str(self.cycle),
            "workshop": str(self.workshop or ""),
            "text": self.text,
            "answer": self.answer,
            "members": self.members.count(),
            "meetings": [
                {"title": row.title, "on": row.starts_at} for row in self.meetings.order_by("starts_at")
            ],
            "outcome": self.outcome,
        }
