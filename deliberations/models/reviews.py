"""What the City's departments are asked to say of a text, by when, and what they said."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable
from deliberations import clauses as pieces
from deliberations.models.ground import (
    READERS,
    AboutText,
    Role,
    directorates_of,
    require,
    required_reason,
)
from deliberations.models.proposals import Proposal
from workshops.models import in_cycles_of, own_workshops


class ReviewQuerySet(models.QuerySet):
    def refer(self, proposal, *, by, department, due_on, sort, clauses=(), question=""):
        """Ask a directorate for its opinion on some clauses (none: the whole text), by a date."""
        require(
            proposal.state in (proposal.State.IN_REVIEW, proposal.State.CO_DRAFTED),
            gettext("Send the text to the departments first."),
        )
        require(due_on > clock.today(), gettext("Give them until tomorrow at least."))
        known = {row["id"] for row in proposal.latest.clauses}
        require(known.issuperset(clauses), gettext("One of these clauses is no longer in the text."))
        department = department.strip()
        require(department, gettext("Say which directorate is asked."))
        require(
            not proposal.reviews.filter(department__iexact=department, sort=sort, state="asked").exists(),
            gettext("This directorate has been asked already and has not answered yet."),
        )
        review = self.create(
            proposal=proposal,
            department=department,
            sort=sort,
            clauses=list(clauses),
            question=question.strip(),
            due_on=due_on,
            on_version=proposal.latest,
        )
        review.record("create", by=by)
        return review

    def visible_to(self, user):
        """The workshop, those who run the cycle and the directorate itself; all once the text is public."""
        public = Q(proposal__in=Proposal.objects.public().values("pk"))
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(
            public
            | in_cycles_of(user, (*READERS, Role.DEPARTMENT), "proposal__cycle")
            | Q(proposal__workshop__in=own_workshops(user))
        )

    def asked(self):
        return self.filter(state=Review.State.ASKED)

    def overdue(self):
        return self.asked().filter(due_on__lt=clock.today())

    def for_directorates_of(self, user):
        return self.filter(department__in=directorates_of(user))


class Review(AboutText, Accountable):
    """One question to one directorate about one text, and its answer."""

    class Sort(models.TextChoices):
        OPINION = "opinion", _("opinion on the substance")
        LEGAL = "legal", _("legal check")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("review", "asked")
        ANSWERED = "answered", pgettext_lazy("review", "answered")
        CANCELLED = "cancelled", pgettext_lazy("review", "no longer needed")

    class Opinion(models.TextChoices):
        FAVOURABLE = "favourable", _("favourable")
        RESERVED = "reserved", _("favourable with reservations")
        UNFAVOURABLE = "unfavourable", _("unfavourable")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="reviews")
    department = models.CharField(_("directorate"), max_length=150)
    sort = models.CharField(_("what is asked"), max_length=10, choices=Sort, default=Sort.OPINION)
    clauses = models.JSONField(default=list, blank=True, help_text="names of clauses; empty: the whole text")
    question = models.TextField(_("question"), blank=True, max_length=3000)
    on_version = models.ForeignKey("deliberations.Version", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField(_("answer due on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    opinion = models.CharField(_("opinion"), max_length=12, choices=Opinion, blank=True)
    words = models.TextField(_("what the directorate says"), blank=True, max_length=10_000)
    proposed = models.JSONField(
        default=dict, blank=True, help_text="{name of a clause: words proposed for it}"
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_answered_review_says_something",
                condition=~Q(state="answered")
                | (~Q(opinion="") & ~Q(words="") & Q(answered_at__isnull=False)),
            )
        ]

    def __str__(self):
        return f"{self.department} – {self.get_sort_display()}"

    def get_absolute_url(self):
        return reverse("deliberations:review_detail", args=[self.pk])

    @property
    def is_overdue(self):
        return self.state == self.State.ASKED and self.due_on < clock.today()

    @property
    def days_late(self):
        answered = self.answered_at.date() if self.answered_at else clock.today()
        return max(0, (answered - self.due_on) // timedelta(days=1))

    @property
    def pieces(self):
        """The clauses it is about, as they stood when it was asked."""
        rows = self.on_version.clauses
        return [row for row in rows if row["id"] in self.clauses] if self.clauses else rows

    @transition(
        source=State.ASKED,
        target=State.ANSWERED,
        label=_("opinion of a directorate given"),
        private=("proposed",),
    )
    def answer(self, *, by, opinion, words, proposed=None):
        words = (words or "").strip()
        require(opinion in self.Opinion.values, gettext("Choose the opinion."))
        require(words, gettext("Say why, in words the members can use."))
        known = {row["id"]: row["text"] for row in self.pieces}
        self.proposed = {
            name: text.strip()
            for name, text in (proposed or {}).items()
            if name in known and text.strip() and text.strip() != known[name]
        }
        self.opinion, self.words = opinion, words
        self.answered_at, self.answered_by = clock.now(), by

    @act(source=State.ASKED, label=_("time for the answer extended"))
    def extend(self, *, by, due_on, reason):
        required_reason(reason)
        require(
            due_on > self.due_on, gettext("Choose a later day than %s.") % self.due_on.strftime("%d/%m/%Y")
        )
        self.due_on = due_on

    @transition(source=State.ASKED, target=State.CANCELLED, label=_("question to a directorate cancelled"))
    def cancel(self, *, by, reason):
        required_reason(reason)

    @act(source=State.ANSWERED, label=_("words of a directorate taken up"))
    def take_up(self, *, by, base, clause):
        """The words it proposed for one clause become those of the text, in a version that names it."""
        require(clause in self.proposed, gettext("The directorate proposed no words for this clause."))
        latest = self.proposal.latest
        require(pieces.named(latest.clauses, clause), gettext("The clause is no longer in the text."))
        clauses = pieces.replace(latest.clauses, clause, self.proposed[clause])
        self.proposal.save_version(
            by=by, base=base, clauses=clauses, note=str(self), author_kind="department"
        )
