"""The citizen watch: what members read and see, and the press review made from it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Document, Member, Versioned
from workshops.models.inside import InsideQuerySet, InWorkshop, inside
from workshops.models.priorities import PrioritySubject
from workshops.watch import review_content


class WatchQuerySet(InsideQuerySet):
    def visible_to(self, user):
        return self.filter(inside(user))

    def shared(self):
        return self.filter(state=WatchItem.State.SHARED)

    def within(self, since, until):
        return self.filter(happened_on__range=(since, until))


class WatchItem(InWorkshop, Versioned):
    """An article somebody read, or something they saw in their district."""

    class Kind(models.TextChoices):
        ARTICLE = "article", pgettext_lazy("watch", "article")
        OBSERVATION = "observation", pgettext_lazy("watch", "local observation")

    class State(models.TextChoices):
        SHARED = "shared", pgettext_lazy("watch", "shared")
        REMOVED = "removed", pgettext_lazy("watch", "removed")

    editable_states = (State.SHARED,)

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, editable=False)
    title = models.CharField(_("title"), max_length=200)
    link = models.URLField(_("link"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=150, blank=True, help_text=_("Newspaper, site, radio…"))
    happened_on = models.DateField(_("date"), default=clock.today)
    district = models.CharField(_("district"), max_length=2, blank=True)
    comment = models.TextField(
        _("comment"), max_length=3000, help_text=_("What it tells us, in a few lines.")
    )
    subject = models.ForeignKey(
        PrioritySubject,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="watchitems",
        verbose_name=_("subject"),
    )
    picture = models.FileField(_("picture"), upload_to="watch/", blank=True)
    shows = models.CharField(
        _("what the picture shows"),
        max_length=200,
        blank=True,
        help_text=_("For those who do not see it. No face that can be recognised, no number plate."),
    )
    shared_by = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="watchitems", editable=False
    )
    shared_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SHARED, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = WatchQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_article_has_its_link", condition=~Q(kind="article") | ~Q(link="")
            ),
            models.CheckConstraint(
                name="an_observation_has_its_district", condition=~Q(kind="observation") | ~Q(district="")
            ),
            models.CheckConstraint(
                name="what_is_removed_says_why", condition=~Q(state="removed") | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:watchitem_detail", args=[self.pk])

    def get_list_url(self):
        return reverse("workshops:workshop_section", args=[self.workshop_id, "veille"])

    @transition(source=State.SHARED, target=State.REMOVED, label=_("removed from the watch"))
    def remove(self, *, by, reason):
        """Against the charter, or a face that can be recognised: the reason stays."""
        self.reason = reason


class PressReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(state=PressReview.State.PUBLISHED) | inside(user))

    def public(self):
        return self.filter(state=PressReview.State.PUBLISHED)


class PressReview(InWorkshop, Versioned):
    """What a workshop read and saw over a period, chosen from its watch."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("press review", "draft")
        PUBLISHED = "published", pgettext_lazy("press review", "published")

    editable_states = (State.DRAFT,)

    title = models.CharField(_("title"), max_length=200)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), default=clock.today)
    introduction = models.TextField(_("introduction"), blank=True, max_length=5000)
    items = models.ManyToManyField(
        WatchItem, blank=True, related_name="pressreviews", verbose_name=_("chosen items")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="pressreview", editable=False
    )

    objects = PressReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_review_ends_after_it_starts", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="a_review_is_published_with_its_sheet",
                condition=Q(state="draft", document=None) | Q(state="published", document__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:pressreview_detail", args=[self.pk])

    def clean(self):
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": gettext("The end comes before the beginning.")})

    @property
    def content(self):
        return self.document.content if self.document_id else review_content(self)

    @transition(source=State.DRAFT, target=State.PUBLISHED, label=_("press review published"))
    def publish(self, *, by):
        if not self.items.shared().exists():
            raise ValidationError(gettext("Choose at least one article or observation."))
        with translation.override("fr"):
            self.document = Document.objects.issue(
                "press", self.title, review_content(self), cycle=self.cycle
            )
