"""Who goes to which workshop: computed, previewed, published."""

import json
from dataclasses import replace
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Cycle
from workshops import allotment
from workshops.models.enrolments import Enrolment
from workshops.models.readers import OVERSEERS, in_cycles_of


class AllotmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(in_cycles_of(user, OVERSEERS, "cycle")) if user.is_authenticated else self.none()

    def prepare(self, cycle, seed, *, by):
        """A preview: who would go where, nothing published."""
        people, titles = the_people(cycle), the_workshops(cycle)
        if not titles:
            raise ValidationError(gettext("Set up the workshops of this cycle first."))
        if all(person.place for person in people):
            raise ValidationError(gettext("Everybody has a workshop already."))
        outcome = allotment.allot(people, list(titles), seed, mixed_criteria(cycle))
        row = self.create(
            cycle=cycle, seed=seed, inputs=fingerprint(people), outcome=plain(people, outcome, titles)
        )
        row.record("create", by=by)
        return row


def mixed_criteria(cycle):
    """The first criteria with few categories: gender, age… in the order of the cycle."""
    few = cycle.criteria.annotate(size=Count("categories")).filter(size__range=(2, 8))
    return list(few.order_by("position", "pk").values_list("key", flat=True)[:2])


def the_workshops(cycle):
    return {str(workshop.pk): workshop.title for workshop in cycle.workshops.order_by("position", "pk")}


def the_people(cycle):
    """The members of a cycle as the allotment sees them."""
    rows = cycle.members.seated().select_related("enrolment").prefetch_related("preferences").order_by("pk")
    return [
        allotment.Person(
            ref=str(member.pk),
            wishes=tuple(str(wish.workshop_id) for wish in member.preferences.all()),
            traits=member.profile,
            place=place_of(member),
        )
        for member in rows
    ]


def place_of(member):
    enrolment = getattr(member, "enrolment", None)
    return str(enrolment.workshop_id) if enrolment and enrolment.workshop_id else None


def fingerprint(people):
    rows = [[person.ref, person.wishes, sorted(person.traits.items()), person.place] for person in people]
    return sha256(json.dumps(rows).encode()).hexdigest()


def plain(people, outcome, titles):
    """The outcome in plain values, with what explains each place."""
    by_ref = {person.ref: person for person in people}
    return [
        {
            "member": int(ref),
            "workshop": int(place.workshop),
            "rank": place.rank,
            "facts": explained(by_ref[ref], place, outcome, titles),
        }
        for ref, place in sorted(outcome.places.items(), key=lambda item: int(item[0]))
    ]


def explained(person, place, outcome, titles):
    if place.rank in (None, 1):
        return {}
    first = person.wishes[0]
    return {
        "wishes": len(person.wishes),
        "first": titles[first],
        "wanted": outcome.wanted[first],
        "seats": outcome.sizes[first],
    }


class Allotment(Accountable):
    """One computation of who goes to which workshop: previewed, then published as it was previewed."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("allotment", "preview")
        PUBLISHED = "published", pgettext_lazy("allotment", "published")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="allotments")
    seed = models.CharField(
        _("seed"),
        max_length=100,
        help_text=_("Any words; the same wishes and the same seed give the same result."),
    )
    inputs = models.CharField(max_length=64, editable=False)
    mixed = models.JSONField(
        default=list, editable=False, help_text="criteria spread evenly, the first one firmly"
    )
    outcome = models.JSONField(default=list, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_allotment_is_dated_once_published",
                condition=Q(state="proposed", published_at=None)
                | Q(state="published", published_at__isnull=False),
            )
        ]

    def __str__(self):
        return gettext("Allotment “%(seed)s”") % {"seed": self.seed}

    def get_absolute_url(self):
        return reverse("workshops:allotment_detail", args=[self.pk])

    @transition(source=State.PROPOSED, target=State.PUBLISHED, label=_("allotment published"))
    def publish(self, *, by):
        """Everyone gets the place of the preview; refused when wishes or members changed since."""
        if fingerprint(the_people(self.cycle)) != self.inputs:
            raise ValidationError(gettext("Wishes or members changed since this preview: make another one."))
        for row in self.outcome:
            Enrolment.objects.update_or_create(
                member_id=row["member"],
                defaults={"workshop_id": row["workshop"], "rank": row["rank"], "facts": row["facts"]},
            )
        self.published_at = clock.now()

    def replayed(self):
        """The same people and the same seed once more: what a doubter would compute."""
        people = [
            replace(person, place=None)
            if any(row["member"] == int(person.ref) for row in self.outcome)
            else person
            for person in the_people(self.cycle)
        ]
        titles = the_workshops(self.cycle)
        return plain(
            people, allotment.allot(people, list(titles), self.seed, mixed_criteria(self.cycle)), titles
        )
