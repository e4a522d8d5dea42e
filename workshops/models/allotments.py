"""Who goes to which workshop: computed, previewed, published."""

import json
from collections import Counter
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
        """The rule, the seed and the figures are public once published; names are not on that page."""
        published = Q(state=Allotment.State.PUBLISHED)
        if not user.is_authenticated:
            return self.filter(published)
        return self.filter(published | in_cycles_of(user, OVERSEERS, "cycle"))

    def prepare(self, cycle, seed, *, by):
        """A preview: who would go where, nothing published."""
        people, titles = the_people(cycle), the_workshops(cycle)
        if not titles:
            raise ValidationError(gettext("Set up the workshops of this cycle first."))
        if all(person.place for person in people):
            raise ValidationError(gettext("Everybody has a workshop already."))
        if sentences := overfull(people, titles):
            raise ValidationError(sentences)
        mixed = mixed_criteria(cycle)
        outcome = allotment.allot(people, list(titles), seed, mixed)
        row = self.create(
            cycle=cycle,
            seed=seed,
            mixed=mixed,
            inputs=fingerprint(people),
            outcome=plain(people, outcome, titles, reasons_of(cycle)),
        )
        row.record("create", by=by)
        return row


def mixed_criteria(cycle):
    """The criteria of the cycle in their order; the first of them is spread firmly."""
    several = cycle.criteria.annotate(size=Count("categories")).filter(size__gte=2)
    return list(several.order_by("position", "pk").values_list("key", flat=True))


def overfull(people, titles):
    """Sentences on workshops in which more people are placed by hand than they have room for."""
    places = allotment.places_in_each(len(people), len(titles))
    pinned = Counter(person.pinned for person in people if person.pinned and not person.place)
    held = Counter(person.place for person in people if person.place)
    return [
        gettext(
            "“%(workshop)s” has room for %(places)s people; %(number)s belong there or are placed by hand."
        )
        % {"workshop": titles[key], "places": places, "number": number + held[key]}
        for key, number in pinned.items()
        if number + held[key] > places
    ]


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
            place=place_of(member, "workshop_id"),
            pinned=place_of(member, "pinned_to_id"),
        )
        for member in rows
    ]


def place_of(member, which):
    workshop = getattr(getattr(member, "enrolment", None), which, None)
    return str(workshop) if workshop else None


def fingerprint(people):
    rows = [
        [person.ref, person.wishes, sorted(person.traits.items()), person.place, person.pinned]
        for person in people
    ]
    return sha256(json.dumps(rows).encode()).hexdigest()


def reasons_of(cycle):
    """{member: why they are placed by hand}."""
    rows = Enrolment.objects.filter(member__cycle=cycle, pinned_to__isnull=False)
    return dict(rows.values_list("member", "pinned_because"))


def plain(people, outcome, titles, reasons):
    """The outcome in plain values, with what explains each place."""
    by_ref = {person.ref: person for person in people}
    return [
        {
            "member": int(ref),
            "workshop": int(place.workshop),
            "rank": place.rank,
            "facts": explained(by_ref[ref], place, outcome, titles, reasons),
        }
        for ref, place in sorted(outcome.places.items(), key=lambda item: int(item[0]))
    ]


def explained(person, place, outcome, titles, reasons):
    if person.pinned == place.workshop:
        return {"pinned": reasons[int(person.ref)]}
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
            place = {"workshop_id": row["workshop"], "rank": row["rank"], "facts": row["facts"]}
            Enrolment.objects.update_or_create(
                member_id=row["member"], defaults=place | {"pinned_to": None, "pinned_because": ""}
            )
        self.published_at = clock.now()

    def replayed(self):
        """The same people, places by hand and seed once more: what a doubter would compute."""
        placed = {row["member"]: row for row in self.outcome}
        by_hand = {key: row["facts"]["pinned"] for key, row in placed.items() if "pinned" in row["facts"]}
        people = [
            replace(person, place=None, pinned=str(placed[key]["workshop"]) if key in by_hand else None)
            if (key := int(person.ref)) in placed
            else person
            for person in the_people(self.cycle)
        ]
        titles = the_workshops(self.cycle)
        return plain(people, allotment.allot(people, list(titles), self.seed, self.mixed), titles, by_hand)
