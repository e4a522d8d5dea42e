"""What members say of their work: asked at the entry, at mid-term and at the end, counted without names."""

import secrets
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Appointment, Cycle, Versioned
from workshops import questionnaire
from workshops.models.readers import in_cycles_of
from workshops.models.survey_papers import AnswerSheet, FreeAnswer, Participation


class SurveyQuerySet(models.QuerySet):
    def prepare(self, cycle, *, moment, closes_on, by):
        """A survey of this moment with the usual questions, which the secretariat may change before opening it."""
        survey = self.create(cycle=cycle, moment=moment, closes_on=closes_on)
        SurveyQuestion.objects.bulk_create(
            SurveyQuestion(survey=survey, position=position, **question)
            for position, question in enumerate(questionnaire.questions(moment), 1)
        )
        survey.record("create", by=by)
        return survey

    def open(self):
        return self.filter(state=Survey.State.OPEN)

    def published(self):
        return self.filter(state=Survey.State.PUBLISHED)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.published()
        runs = in_cycles_of(user, [Appointment.Role.SECRETARIAT], "cycle")
        seats = [seat.cycle_id for seat in user.seats if seat.is_seated]
        return self.filter(
            runs | Q(state=Survey.State.PUBLISHED) | Q(state=Survey.State.OPEN, cycle__in=seats)
        )

    def awaiting_the_outer_member(self):
        """Open surveys that the member of the outer query has not finished."""
        done = Participation.objects.filter(
            survey=OuterRef("pk"), member=OuterRef(OuterRef("pk")), answered=True
        )
        return self.open().filter(~Exists(done), cycle=OuterRef("cycle"))


class Survey(Accountable, Versioned):
    """The same questions at three moments of a cycle; sheets without names, destroyed once they are counted."""

    class Moment(models.TextChoices):
        ENTRY = "entry", pgettext_lazy("survey", "entry")
        MID_TERM = "mid_term", pgettext_lazy("survey", "mid-term")
        END = "end", pgettext_lazy("survey", "end")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("survey", "being prepared")
        OPEN = "open", pgettext_lazy("survey", "open")
        CLOSED = "closed", pgettext_lazy("survey", "closed")
        PUBLISHED = "published", pgettext_lazy("survey", "published")

    editable_states = (State.DRAFT, State.OPEN)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="surveys", editable=False)
    moment = models.CharField(_("moment"), max_length=10, choices=Moment)
    closes_on = models.DateField(_("last day to answer"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    asked = models.PositiveIntegerField(null=True, editable=False, help_text="how many were asked")
    answered = models.PositiveIntegerField(null=True, editable=False, help_text="how many answered")
    results = models.JSONField(default=dict, editable=False, help_text="question → answers, counts")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "moment"], name="a_moment_has_one_survey"),
            models.CheckConstraint(
                name="a_survey_counted_says_how_many",
                condition=Q(state__in=["draft", "open"]) | Q(asked__isnull=False, answered__isnull=False),
            ),
        ]

    def __str__(self):
        return gettext("Survey of the members – %(moment)s") % {"moment": self.get_moment_display()}

    def get_absolute_url(self):
        return reverse("workshops:survey_detail", args=[self.pk])

    def get_answer_url(self):
        return reverse("workshops:survey_answer", args=[self.pk])

    @property
    def is_counted(self):
        return self.state in (self.State.CLOSED, self.State.PUBLISHED)

    @transition(source=State.DRAFT, target=State.OPEN, label=_("survey opened"))
    def open(self, *, by):
        """A blank sheet for each who sits, in no order at all; who has answered is noted elsewhere."""
        members = list(self.cycle.members.seated())
        if not members:
            raise ValidationError(gettext("Nobody sits yet: there is nobody to ask."))
        if not self.questions.asked().exists():
            raise ValidationError(gettext("Keep at least one question."))
        if self.closes_on < clock.today():
            raise ValidationError(gettext("The last day to answer is over: set a later one first."))
        Participation.objects.bulk_create(Participation(survey=self, member=member) for member in members)
        secrets.SystemRandom().shuffle(members)
        AnswerSheet.objects.bulk_create(AnswerSheet(survey=self, key=self.key_of(one)) for one in members)
        self.opened_at = clock.now()

    def key_of(self, member):
        """Finds a person their own sheet until the closing: made with the secret of the site, kept nowhere."""
        return salted_hmac("workshops.survey", f"{self.pk}:{member.pk}", algorithm="sha256").hexdigest()

    def sheet_of(self, member):
        return self.sheets.filter(key=self.key_of(member)).first() or AnswerSheet(
            survey=self, key=self.key_of(member)
        )

    def answer(self, *, by, answers, finished=False):
        """Keep some answers on one's sheet; until the closing they may be changed. The journal says nothing of it."""
        with transaction.atomic():
            survey = Survey.objects.select_for_update().get(pk=self.pk)
            seat = self.cycle.members.seated().filter(user=by).first()
            if survey.state != self.State.OPEN:
                raise ValidationError(gettext("This survey is closed: answers are counted."))
            if seat is None:
                raise ValidationError(gettext("Only those who sit today answer."))
            sheet = survey.sheet_of(seat)
            sheet.answers = {key: value for key, value in (sheet.answers | answers).items() if value}
            sheet.save()
            row, _new = Participation.objects.get_or_create(survey=survey, member=seat)
            if finished and not row.answered:
                Participation.objects.filter(pk=row.pk).update(answered=True)

    answer.label, answer.sources = _("survey answered"), frozenset([State.OPEN])

    @transition(source=State.OPEN, target=State.CLOSED, label=_("survey closed"))
    def close(self, *, by):
        """Count, keep the free answers apart in no order, destroy the sheets: nothing leads back to anybody."""
        sheets = [sheet.answers for sheet in self.sheets.all() if sheet.answers]
        questions = list(self.questions.asked())
        self.asked, self.answered = self.participations.count(), len(sheets)
        self.results = questionnaire.counted(
            sheets, [question.key for question in questions if question.counts]
        )
        texts = [
            FreeAnswer(survey=self, question=question, text=sheet[question.key])
            for question in questions
            for sheet in sheets
            if not question.counts and sheet.get(question.key)
        ]
        secrets.SystemRandom().shuffle(texts)
        FreeAnswer.objects.bulk_create(texts)
        self.sheets.all().delete()

    @transition(source=State.CLOSED, target=State.PUBLISHED, label=_("results published"))
    def publish(self, *, by):
        self.published_at = clock.now()


class SurveyQuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(survey__in=Survey.objects.visible_to(user))

    def asked(self):
        return self.filter(asked=True)


class SurveyQuestion(Accountable, Versioned):
    """A question in both languages; the same key at each moment, so that answers can be compared."""

    class Theme(models.TextChoices):
        INFORMATION = "information", _("Information")
        RESPECT = "respect", _("Respect and being heard")
        CONDITIONS = "conditions", _("Conditions of the work")
        INFLUENCE = "influence", _("Influence")
        YOU = "you", _("You and public life")

    class Kind(models.TextChoices):
        SCALE = "scale", _("a scale from 1 (not at all) to 5 (entirely)")
        CHOICE = "choice", _("one choice among several")
        TEXT = "text", _("a few words")

    editable_states = (Survey.State.DRAFT,)

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", editable=False)
    key = models.SlugField(max_length=30, editable=False)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme, default=Theme.INFORMATION)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SCALE)
    text_fr = models.CharField(_("question in French"), max_length=250)
    text_en = models.CharField(_("question in English"), max_length=250)
    choices_fr = models.TextField(_("choices in French, one a line"), blank=True)
    choices_en = models.TextField(_("choices in English, one a line, in the same order"), blank=True)
    asked = models.BooleanField(_("asked in this survey"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=99)

    objects = SurveyQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "key"], name="a_question_is_keyed_once")]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.key = self.key or f"q-{uuid4().hex[:8]}"
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return self.survey.get_absolute_url()

    def get_state_display(self):
        return self.survey.get_state_display()

    @property
    def state(self):
        return self.survey.state

    @property
    def cycle(self):
        return self.survey.cycle

    @property
    def text(self):
        return self.text_en if get_language() == "en" else self.text_fr

    @property
    def counts(self):
        """Its answers are counted; those in words are read."""
        return self.kind != self.Kind.TEXT

    @property
    def options(self):
        """[(value, words)] of what may be answered."""
        if self.kind == self.Kind.SCALE:
            return questionnaire.scale()
        lines = self.choices_en if get_language() == "en" else self.choices_fr
        return [(str(place), line.strip()) for place, line in enumerate(lines.strip().splitlines(), 1)]
