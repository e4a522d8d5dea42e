"""The summary notebook of a workshop, its sections and its questions."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Document, Versioned
from workshops.blocks import blocks, known_to
from workshops.models.enrolments import own_workshops
from workshops.models.hands import tally_of
from workshops.models.readers import OVERSEERS, in_cycles_of
from workshops.notebook import answers_content, notebook_content


class NotebookQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(state=Notebook.State.DEPOSITED)
            | in_cycles_of(user, OVERSEERS, "workshop__cycle")
            | Q(workshop__in=own_workshops(user))
        )

    def public(self):
        return self.filter(state=Notebook.State.DEPOSITED)


class Notebook(Accountable, Versioned):
    """What a workshop hands over half-way: what it did, learned and found, and its questions."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("notebook", "draft")
        IN_REVIEW = "in_review", pgettext_lazy("notebook", "in review")
        APPROVED = "approved", pgettext_lazy("notebook", "approved")
        DEPOSITED = "deposited", pgettext_lazy("notebook", "deposited")

    editable_states = (State.DRAFT, State.IN_REVIEW)

    workshop = models.OneToOneField("workshops.Workshop", models.PROTECT, related_name="notebook")
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    votes_for = models.PositiveSmallIntegerField(pgettext_lazy("vote", "for"), null=True, editable=False)
    votes_against = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "against"), null=True, editable=False
    )
    abstentions = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "abstentions"), null=True, editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    deposited_at = models.DateTimeField(null=True, editable=False)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="notebook", editable=False
    )
    answers = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="answered_notebook", editable=False
    )

    objects = NotebookQuerySet.as_manager()

    class Meta:
        ordering = ["-workshop__cycle__number", "workshop__position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_notebook_is_approved_by_a_count",
                condition=Q(state__in=["draft", "in_review"], approved_at=None, votes_for=None)
                | Q(state__in=["approved", "deposited"], approved_at__isnull=False, votes_for__isnull=False),
            ),
            models.CheckConstraint(
                name="a_deposited_notebook_has_its_sheet",
                condition=Q(state="deposited", document__isnull=False, deposited_at__isnull=False)
                | (~Q(state="deposited") & Q(document=None, deposited_at=None)),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:notebook_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.workshop.cycle

    @property
    def tally(self):
        return tally_of(self)

    @property
    def content(self):
        """What the page shows: the frozen sheet once deposited, the live text before."""
        return self.document.content if self.document_id else notebook_content(self)

    @transition(source=State.DRAFT, target=State.IN_REVIEW, label=_("notebook sent for review"))
    def submit(self, *, by):
        if not any(section.body.strip() for section in self.sections.all()):
            raise ValidationError(gettext("Every section is empty."))

    @transition(source=State.IN_REVIEW, target=State.DRAFT, label=_("notebook sent back"))
    def send_back(self, *, by, reason):
        """Something has to be written again first."""

    @transition(source=State.IN_REVIEW, target=State.APPROVED, label=_("notebook approved"))
    def approve(self, *, by, votes_for, votes_against, abstentions):
        """A show of hands of the workshop, recorded as it was counted."""
        hands, people = votes_for + votes_against + abstentions, self.workshop.enrolments.count()
        if hands > people:
            raise ValidationError(
                gettext("%(hands)s hands for %(people)s members: count again.")
                % {"hands": hands, "people": people}
            )
        if votes_for <= votes_against:
            raise ValidationError(gettext("The workshop did not approve it: send it back instead."))
        self.votes_for, self.votes_against, self.abstentions = votes_for, votes_against, abstentions
        self.approved_at = clock.now()

    @transition(source=State.APPROVED, target=State.DEPOSITED, label=_("notebook deposited"))
    def deposit(self, *, by):
        """Handed over to the executive, frozen, public from now on."""
        self.deposited_at = clock.now()
        with translation.override("fr"):
            self.document = Document.objects.issue(
                Document.Kind.NOTEBOOK, self.title, notebook_content(self), cycle=self.cycle
            )

    @act(source=editable_states, label=_("part of the notebook taken out"))
    def take_out(self, *, by, part):
        """A finding, a source, a picture or a question that does not belong there after all."""
        part.delete()


class PartOfNotebookQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(notebook__in=Notebook.objects.visible_to(user))


class NotebookSection(Accountable, Versioned):
    """A section of the notebook: several hands write, none overwrites another."""

    class Kind(models.TextChoices):
        METHOD = "method", _("How we worked")
        AXES = "axes", _("The axes we chose, and why")
        LEARNED = "learned", _("What we learned")
        FINDINGS = "findings", _("What we find")
        AGREEMENTS = "agreements", _("Where we agree, where we do not")
        WISHES = "wishes", _("What we wish for the mandate")
        ANNEX = "annex", _("Annexes")

    editable_states = Notebook.editable_states

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="sections")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, max_length=60_000)

    objects = PartOfNotebookQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.notebook.get_absolute_url()}#section-{self.pk}"

    def get_reading_url(self):
        """Its own page: the text, and what is said about it."""
        return reverse("workshops:notebooksection_detail", args=[self.pk])

    def get_state_display(self):
        return self.notebook.get_state_display()

    @property
    def state(self):
        return self.notebook.state

    @property
    def cycle(self):
        return self.notebook.cycle

    @property
    def workshop(self):
        return self.notebook.workshop

    @property
    def blocks(self):
        return blocks(self.body, known_to(self.notebook, [self.body]))

    @act(label=_("section written"), private=("body",))
    def write(self, *, by, body):
        """The same as the page that edits it, for whoever writes in one go."""
        if self.state not in self.editable_states:
            raise ValidationError(gettext("The notebook is approved: it no longer changes."))
        self.body, self.version = body, self.version + 1


class NotebookQuestion(Accountable, Versioned):
    """A numbered question to the executive."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("question", "asked")
        ANSWERED = "answered", pgettext_lazy("question", "answered")

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    text = models.TextField(_("question"), max_length=2000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = PartOfNotebookQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notebook", "number"], name="a_question_has_its_number"),
            models.CheckConstraint(
                name="an_answer_of_the_executive_is_signed",
                condition=Q(state="asked", answered_at=None, answered_by=None)
                | Q(state="answered", answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {Truncator(self.text).chars(100)}"

    def get_absolute_url(self):
        return f"{self.notebook.get_absolute_url()}#question-{self.number}"

    def save(self, *args, **kwargs):
        if self.number is None:
            self.number = (self.notebook.questions.aggregate(last=Max("number"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    @property
    def cycle(self):
        return self.notebook.cycle

    @property
    def workshop(self):
        return self.notebook.workshop

    @transition(source=State.ASKED, target=State.ANSWERED, label=_("question answered"))
    def reply(self, *, by, answer):
        """The executive answers once the notebook is in its hands."""
        if self.notebook.state != Notebook.State.DEPOSITED:
            raise ValidationError(gettext("The notebook has not been deposited yet."))
        self.answer, self.answered_by, self.answered_at = answer, by, clock.now()
        self.print_with_the_others()

    def print_with_the_others(self):
        """The last answer given, they all stand on one sheet; two given at once wait for each other here."""
        notebook = Notebook.objects.select_for_update(of=("self",)).get(pk=self.notebook_id)
        questions = [self if row.pk == self.pk else row for row in notebook.questions.all()]
        if all(row.state == self.State.ANSWERED for row in questions if row.pk != self.pk):
            with translation.override("fr"):
                notebook.answers = Document.objects.issue(
                    Document.Kind.ANSWERS,
                    gettext("Answers to “%(notebook)s”") % {"notebook": notebook},
                    answers_content(notebook, questions),
                    cycle=notebook.cycle,
                )
            notebook.save(update_fields=["answers"])
