"""The workshops themselves."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.lifecycle import act
from assembly.models import Accountable, Appointment, Cycle, Member, Versioned
from workshops.allotment import places_in_each
from workshops.models.enrolments import Enrolment, own_workshops
from workshops.models.notebooks import Notebook, NotebookSection
from workshops.models.readers import OVERSEERS


class WorkshopQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That a workshop exists is public; what happens in it is not: see `is_open_to`."""
        if user.is_authenticated and user.current_appointments:
            return self
        return self.public()

    def public(self):
        return self.exclude(cycle__state=Cycle.State.PREPARATION)

    def of_member(self, user):
        return self.filter(enrolments__member__user=user)

    def with_counts(self):
        return self.annotate(people=Count("enrolments")).order_by(*self.model._meta.ordering)


class Workshop(Accountable, Versioned):
    """A thematic workshop of a cycle, its facilitators and its rapporteur."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="workshops", verbose_name=_("cycle"))
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(max_length=60, editable=False)
    purpose = models.TextField(
        _("purpose"), blank=True, help_text=_("In a few sentences, for members and the public.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="facilitated_workshops",
        verbose_name=_("facilitators"),
    )
    rapporteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rapporteur"),
    )

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__number", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cycle", "slug"], name="a_workshop_is_named_once")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.slug = slugify(self.title)[:60] or "atelier"
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("workshops:workshop_detail", args=[self.pk])

    def get_notebook_url(self):
        return self.notebook.get_absolute_url()

    @property
    def members(self):
        """Those who sit today and belong to this workshop."""
        return Member.objects.seated().filter(enrolment__workshop=self)

    @property
    def places(self):
        """Workshops are of equal size: nobody is placed by hand beyond it."""
        return places_in_each(self.cycle.members.seated().count(), self.cycle.workshops.count())

    def has_room_for_one_more_by_hand(self):
        here = Q(workshop=self) | Q(workshop=None, pinned_to=self)
        taken = Enrolment.objects.filter(here, member__state__in=Member.SEATED).count()
        return taken < self.places

    def possible_facilitators(self):
        """Those appointed for it, in this cycle or in all, who do not lead this workshop yet."""
        held = Appointment.objects.current().filter(
            Q(cycle=None) | Q(cycle=self.cycle_id), role=Appointment.Role.FACILITATOR
        )
        people = get_user_model().objects.filter(pk__in=held.values("user"))
        return people.exclude(facilitated_workshops=self).order_by("name")

    def possible_rapporteurs(self):
        return get_user_model().objects.filter(members__in=self.members).order_by("name")

    def is_open_to(self, user):
        """May read what is not public yet: members of the workshop, its facilitators, those who oversee."""
        if not user.is_authenticated:
            return False
        return self.pk in own_workshops(user) or any(user.holds(role, self.cycle) for role in OVERSEERS)

    @act(label=_("facilitator named"))
    def name_facilitator(self, *, by, user):
        self.facilitators.add(user)

    @act(label=_("facilitator relieved"))
    def relieve_facilitator(self, *, by, user):
        self.facilitators.remove(user)

    @act(label=_("rapporteur named"))
    def name_rapporteur(self, *, by, user):
        if not self.enrolments.filter(member__user=user).exists():
            raise ValidationError(gettext("The rapporteur is a member of the workshop."))
        self.rapporteur = user

    @act(label=_("notebook opened"))
    def open_notebook(self, *, by):
        """The summary notebook, with an empty section of each kind, ready to be written."""
        if Notebook.objects.filter(workshop=self).exists():
            raise ValidationError(gettext("This workshop has its notebook already."))
        with translation.override("fr"):
            title = gettext("Summary notebook – %(workshop)s") % {"workshop": self.title}
            notebook = Notebook.objects.create(workshop=self, title=title[:200])
            NotebookSection.objects.bulk_create(
                NotebookSection(notebook=notebook, kind=kind, title=str(label), position=position)
                for position, (kind, label) in enumerate(NotebookSection.Kind.choices, start=1)
            )
        notebook.record("create", by=by)
        return notebook
