"""Where members come from, and what the Assembly must resemble Paris in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly import targets


class Pool(models.Model):
    """Where members come from: a source list, its seats and its targets."""

    class Source(models.TextChoices):
        ROLL = "roll", _("electoral roll")
        LIST = "list", _("list of volunteers")

    cycle = models.ForeignKey("Cycle", models.CASCADE, related_name="pools")
    key = models.SlugField(_("short name"), max_length=30)
    title = models.CharField(_("title"), max_length=120)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.LIST)
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["cycle", "key"], name="a_pool_is_named_once")]

    def __str__(self):
        return self.title

    def contradictions(self):
        """Sentences on targets of this pool that cannot hold with its seats."""
        rows = [
            targets.Row(
                target.category.criterion.title, target.category.title, target.minimum, target.maximum
            )
            for target in self.targets.all()
        ]
        return [f"{self.title} – {sentence}" for sentence in targets.contradictions(self.seats, rows)]


class Criterion(models.Model):
    """What the Assembly must resemble Paris in: gender, age band, district, level of diploma."""

    cycle = models.ForeignKey("Cycle", models.CASCADE, related_name="criteria")
    key = models.SlugField(_("short name"), max_length=30)
    title = models.CharField(_("title"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    personal = models.BooleanField(_("never shown for one person"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"
        constraints = [models.UniqueConstraint(fields=["cycle", "key"], name="a_criterion_is_named_once")]

    def __str__(self):
        return self.title


class Category(models.Model):
    """One value of a criterion and how many Parisians it stands for."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="categories")
    key = models.CharField(_("short name"), max_length=30)
    title = models.CharField(_("title"), max_length=80)
    population = models.PositiveIntegerField(_("people in Paris"), null=True, blank=True)
    source = models.CharField(_("source of the figure"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["criterion__position", "criterion", "position", "pk"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["criterion", "key"], name="a_category_is_named_once")]

    def __str__(self):
        return self.title


class Target(models.Model):
    """How many of a pool's seats a category gets, at least and at most."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="targets")
    category = models.ForeignKey(Category, models.CASCADE, related_name="targets")
    minimum = models.PositiveSmallIntegerField(_("minimum"))
    maximum = models.PositiveSmallIntegerField(_("maximum"))

    class Meta:
        ordering = ["category__criterion__position", "category__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "category"], name="a_target_is_set_once"),
            models.CheckConstraint(
                name="a_minimum_is_not_above_its_maximum", condition=Q(minimum__lte=F("maximum"))
            ),
        ]

    def __str__(self):
        return f"{self.category}: {self.minimum}–{self.maximum}"
