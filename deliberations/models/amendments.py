"""What members ask to change in a clause, and what they say about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable
from deliberations import clauses as pieces
from deliberations.models.ground import READERS, AboutText, next_number, require, required_reason
from deliberations.models.proposals import Proposal
from workshops.models import in_cycles_of, own_workshops


class OnClauseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The workshop's own business while the text is written; part of its journey once it is public."""
        if not user.is_authenticated:
            return self.filter(proposal__in=Proposal.objects.public().values("pk"))
        return self.filter(
            Q(proposal__in=Proposal.objects.public().values("pk"))
            | in_cycles_of(user, READERS, "proposal__cycle")
            | Q(proposal__workshop__in=own_workshops(user))
        )

    def open(self):
        return self.filter(state="open")


class AmendmentQuerySet(OnClauseQuerySet):
    def table(self, proposal, *, by, sort, clause="", text="", kind="", reason):
        """A member's amendment to the latest version of a text that is being written."""
        latest = proposal.latest
        require(proposal.state in proposal.editable_states, gettext("This text is no longer being written."))
        require(latest, gettext("There is no text to amend yet."))
        target = pieces.named(latest.clauses, clause)
        require(
            target or (sort == Amendment.Sort.ADD and not clause),
            gettext("The clause is no longer in the text: look at its latest version."),
        )
        text = (text or "").strip()
        require(text or sort == Amendment.Sort.DELETE, gettext("Write the words you propose."))
        require(
            sort != Amendment.Sort.REPLACE or text != target["text"],
            gettext("These are the words of the text already."),
        )
        amendment = self.create(
            proposal=proposal,
            number=next_number(proposal.amendments),
            sort=sort,
            clause=clause,
            kind=kind or (target["kind"] if target else "measure"),
            was=target["text"] if target else "",
            text=text if sort != Amendment.Sort.DELETE else "",
            reason=required_reason(reason),
            author=by,
            base=latest.number,
        )
        amendment.record("create", by=by)
        return amendment


class Amendment(AboutText, Accountable):
    """A change proposed to one clause, kept whole whatever becomes of it."""

    class Sort(models.TextChoices):
        REPLACE = "replace", _("change the words of the clause")
        ADD = "add", _("add a clause after it")
        DELETE = "delete", _("take the clause out")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("amendment", "open")
        ACCEPTED = "accepted", pgettext_lazy("amendment", "accepted")
        REFUSED = "refused", pgettext_lazy("amendment", "refused")
        MERGED = "merged", pgettext_lazy("amendment", "merged into another")
        WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "withdrawn")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(editable=False)
    sort = models.CharField(_("what it does"), max_length=10, choices=Sort, default=Sort.REPLACE)
    clause = models.CharField(
        max_length=36, blank=True, help_text="the name of the clause; empty: at the top"
    )
    kind = models.CharField(max_length=12, help_text="the kind of the clause")
    base = models.PositiveIntegerField(help_text="the version it was written against")
    was = models.TextField(blank=True, editable=False, help_text="the words of the clause at that moment")
    text = models.TextField(_("words proposed"), blank=True, max_length=pieces.LONGEST)
    reason = models.TextField(_("why"), max_length=3000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer of the rapporteur"), blank=True, max_length=3000)
    into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    version = models.ForeignKey(
        "deliberations.Version",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="amendments",
    )
    tabled_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="an_amendment_has_its_number"),
            models.CheckConstraint(
                name="a_refused_amendment_is_answered", condition=~Q(state="refused") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="a_merged_amendment_names_the_other",
                condition=~Q(state="merged") | Q(into__isnull=False),
            ),
        ]

    def __str__(self):
        return gettext("Amendment %s") % self.number

    def get_absolute_url(self):
        return reverse("deliberations:amendment_detail", args=[self.pk])

    def get_list_url(self):
        return reverse("deliberations:proposal_amendments", args=[self.proposal_id])

    @property
    def target(self):
        """The clause as it stands in the latest version, or None when it has gone."""
        latest = self.proposal.latest
        return latest and pieces.named(latest.clauses, self.clause)

    @property
    def has_moved(self):
        """The clause has changed, or gone, since the amendment was written."""
        target = self.target
        return bool(self.clause) and (target is None or target["text"] != self.was)

    def applied(self, clauses, text):
        if self.sort == self.Sort.ADD:
            return pieces.insert(clauses, self.clause, pieces.clause(self.kind, text))
        if pieces.named(clauses, self.clause) is None:
            require(
                self.sort != self.Sort.DELETE,
                gettext("The clause has gone already: withdraw or refuse this."),
            )
            return (
                pieces.insert(clauses, "", pieces.clause(self.kind, text))
                if not clauses
                else [
                    *clauses,
                    pieces.clause(self.kind, text),
                ]
            )
        return pieces.replace(clauses, self.clause, "" if self.sort == self.Sort.DELETE else text)

    @transition(source=State.OPEN, target=State.ACCEPTED, label=_("amendment accepted"), private=("text",))
    def accept(self, *, by, base, text="", answer=""):
        """The text takes its words, or those the rapporteur settles on, in a new version that names it."""
        text = (text or self.text).strip()
        latest = self.proposal.latest
        clauses = self.applied(latest.clauses, text)
        self.version = self.proposal.save_version(
            by=by, base=base, clauses=clauses, note=str(self), author_kind="members"
        )
        self.answer, self.decided_at = answer.strip(), clock.now()

    @transition(source=State.OPEN, target=State.REFUSED, label=_("amendment refused"))
    def refuse(self, *, by, reason):
        self.answer, self.decided_at = required_reason(reason), clock.now()

    @transition(source=State.OPEN, target=State.MERGED, label=_("amendment merged into another"))
    def merge(self, *, by, into, reason=""):
        """It goes on in another amendment to the same text, which must be open."""
        require(
            into.pk != self.pk and into.proposal_id == self.proposal_id and into.state == self.State.OPEN,
            gettext("Choose another open amendment to the same text."),
        )
        self.into, self.answer, self.decided_at = into, reason.strip(), clock.now()

    @transition(source=State.OPEN, target=State.WITHDRAWN, label=_("amendment withdrawn"))
    def withdraw(self, *, by):
        self.decided_at = clock.now()


class ClauseRemarkQuerySet(OnClauseQuerySet):
    def say(self, proposal, *, by, clause, text):
        latest = proposal.latest
        require(
            proposal.state in (*proposal.BEFORE_THE_VOTE, proposal.State.VOTED),
            gettext("This text is no longer being written."),
        )
        require(
            latest and (not clause or pieces.named(latest.clauses, clause)),
            gettext("The clause is no longer in the text: look at its latest version."),
        )
        text = (text or "").strip()
        require(text, gettext("Write your remark first."))
        remark = self.create(proposal=proposal, clause=clause, text=text, author=by)
        remark.record("create", by=by)
        return remark


class ClauseRemark(AboutText, Accountable):
    """A few words in the margin of a clause, until somebody settles them."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("remark", "open")
        SETTLED = "settled", pgettext_lazy("remark", "dealt with")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="clause_remarks")
    clause = models.CharField(max_length=36, blank=True, help_text="the name of the clause; empty: the whole")
    text = models.TextField(_("remark"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), blank=True, max_length=2000)

    objects = ClauseRemarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:80]

    def get_absolute_url(self):
        return f"{self.get_list_url()}#remark-{self.pk}"

    def get_list_url(self):
        return reverse("deliberations:proposal_amendments", args=[self.proposal_id])

    @transition(source=State.OPEN, target=State.SETTLED, label=_("remark dealt with"))
    def settle(self, *, by, answer=""):
        self.answer = answer.strip()
