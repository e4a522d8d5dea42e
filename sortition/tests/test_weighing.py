import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from assembly import clock, jobs
from assembly.models import Job
from sortition import quotas, replacing, weighing
from sortition.factories import DrawFactory, RecruitingFactory, SeatOfferFactory, crowd
from sortition.models import Draw, Volunteer
from sortition.tests.test_draw import announced, frozen

pytestmark = pytest.mark.django_db
SOURCES = "Vingt dés, puis le Loto."


def prepared(operators, **more):
    cycle = RecruitingFactory()
    crowd(cycle)
    return Draw.objects.prepare(cycle, by=operators[0], panels=20, seed_sources=SOURCES, **more)


def told(client, draw):
    """The room once its job has run."""
    page = client.get(draw.get_room_url())
    job = Job.objects.filter(kind="weigh_draw", about=draw.pk).latest("pk")
    jobs.run(job.pk)
    assert page.status_code == 200
    return client.get(draw.get_room_url()).content.decode()


def posted(draw, **changes):
    """The form of quotas as the page shows it, with these figures changed."""
    data = {}
    for pool in draw.cycle.pools.all():
        data[f"{pool.key}-seats"] = pool.seats
        for target in pool.targets.select_related("category"):
            data[f"{pool.key}-min_{target.category_id}"] = target.minimum
            data[f"{pool.key}-max_{target.category_id}"] = target.maximum
    return data | changes


def women(draw):
    return draw.cycle.pools.get(key="roll").targets.get(category__key="F")


def live_together(*volunteers):
    for row in volunteers:
        row.contact.first_name, row.contact.address = f"Camille{row.pk}", "7 rue de la Lune"
        row.contact.save()


def too_few_women(draw, kept=2):
    rows = Volunteer.objects.filter(cycle=draw.cycle, pool__key="roll", profile__gender="F")
    keep = rows.values_list("pk", flat=True)[:kept]
    rows.exclude(pk__in=list(keep)).update(state="withdrawn")


# ---- what the draw would give


def test_the_room_tells_the_chances_the_prices_and_the_rules(operators, client):
    draw = prepared(operators)
    client.force_login(operators[0])

    page = told(client, draw)

    assert "Tous les quotas peuvent être tenus" in page
    result = Draw.objects.get().weighing.result
    assert set(result["rules"]) == {"leximin", "capped", "maximin", "nash"}
    assert result["rules"]["leximin"]["minimum"] == pytest.approx(8 / 48)
    assert (result["people"], result["seats"]) == (60, 12)
    assert ["roll/gender", "F", 24] in [row[:3] for row in result["categories"]]
    assert all(row[0] != "pool" and row[1] != "-" for row in result["prices"])


def test_what_is_kept_is_made_anew_when_the_volunteers_change_and_only_then(operators, client):
    draw = prepared(operators)
    client.force_login(operators[0])
    told(client, draw)

    client.get(draw.get_room_url())
    assert not Job.objects.filter(kind="weigh_draw").exclude(state=Job.State.DONE).exists()
    Volunteer.objects.filter(pool__key="roll").first().set_aside(by=operators[0], reason="Parti")
    client.get(draw.get_room_url())

    assert Job.objects.filter(kind="weigh_draw", state=Job.State.WAITING).count() == 1


def test_a_frozen_draw_is_weighed_on_what_was_frozen(operators, client):
    draw = frozen(operators)
    Volunteer.objects.filter(cycle=draw.cycle).update(profile={})
    client.force_login(operators[0])

    told(client, draw)

    assert Draw.objects.get().weighing.result["conflicts"] == []


def test_quotas_that_cannot_hold_are_told_with_who_is_missing_and_the_ways_out(operators, client):
    draw = prepared(operators)
    too_few_women(draw)
    client.force_login(operators[0])

    page = told(client, draw)

    result = Draw.objects.get().weighing.result
    assert result["missing"] == [["roll/gender", "F", 2]]
    assert [way[0][:2] for way in result["relaxations"]][0][0] == "roll/gender"
    assert "Listes électorales – Genre, Femmes" in page
    assert "rules" not in result


def test_a_way_out_is_applied_with_a_button_and_the_draw_becomes_possible(operators, client):
    draw = prepared(operators)
    too_few_women(draw)
    client.force_login(operators[0])
    told(client, draw)
    fingerprint = Draw.objects.get().weighing.fingerprint

    client.post(f"/tirages/{draw.pk}/quotas/assouplir/", {"way": 0, "fingerprint": fingerprint})

    assert quotas.conflicts(Draw.objects.get()) == []
    assert women(draw).minimum == 2
    assert draw.entries.latest("pk").act == "sortition.draw.relax"


def test_a_way_out_computed_for_other_volunteers_is_refused(operators):
    draw = prepared(operators)

    with pytest.raises(ValidationError):
        draw.relax(by=operators[0], way=0, fingerprint="x" * 64)


def test_what_staff_call_sacred_is_left_alone(operators):
    draw = prepared(operators, sacred={"gender": "never"})
    too_few_women(draw)

    found = weighing.feasibility(weighing.inputs_of(draw))

    assert found["conflicts"]
    assert found["relaxations"] == []


# ---- bad input


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_too_few_volunteers_are_told_in_a_sentence(operators, kept):
    draw = announced(operators)
    rows = Volunteer.objects.filter(cycle=draw.cycle, pool__key="roll")
    rows.exclude(pk__in=list(rows.values_list("pk", flat=True)[:kept])).update(state="withdrawn")

    with pytest.raises(ValidationError) as refusal:
        draw.freeze(by=operators[1])

    assert refusal.value.messages[0].startswith("Listes électorales")
    assert str(kept) in refusal.value.messages[0] or kept < 2


def test_nobody_at_all_makes_a_page_and_not_a_failure(operators, client):
    draw = DrawFactory(prepared_by=operators[0])
    client.force_login(operators[0])

    told(client, draw)

    assert len(Draw.objects.get().weighing.result["conflicts"]) >= 3


def test_one_person_under_two_names_stops_the_freeze(operators):
    draw = announced(operators)
    one, other = Volunteer.objects.filter(pool__key="roll").select_related("contact")[:2]
    other.contact.email = one.contact.email.upper()
    other.contact.save()

    with pytest.raises(ValidationError) as refusal:
        draw.freeze(by=operators[1])
    other.set_aside(by=operators[0], reason="Double")
    draw.freeze(by=operators[1])

    assert one.pseudonym in refusal.value.messages[0]
    assert draw.state == Draw.State.FROZEN


# ---- trying and changing quotas


def test_trying_shows_the_effect_and_saves_nothing(operators, client):
    draw = prepared(operators)
    client.force_login(operators[0])
    told(client, draw)
    field = f"roll-min_{women(draw).category_id}"
    data = posted(draw, **{field: 3})

    started = time.monotonic()
    fragment = client.post(f"/tirages/{draw.pk}/quotas/essai/", data).content.decode()
    seconds = time.monotonic() - started
    whole = client.post(f"/tirages/{draw.pk}/quotas/", data | {"try": "1"})

    assert "16,67" in fragment or "16.67" in fragment
    assert whole.context["effect"]["minimum"] == pytest.approx(8 / 48)
    assert women(draw).minimum == 4
    assert seconds < 1


@pytest.mark.parametrize(("figure", "said"), [(9, "Genre"), ("", "16"), ("x", "Femmes")])
def test_what_is_typed_is_answered_by_a_sentence_whatever_it_is(operators, client, figure, said):
    draw = prepared(operators)
    client.force_login(operators[0])

    fragment = client.post(
        f"/tirages/{draw.pk}/quotas/essai/", posted(draw, **{f"roll-min_{women(draw).category_id}": figure})
    )

    assert said in fragment.content.decode()


def test_quotas_are_saved_through_the_act_and_eligibility_follows(operators, client):
    draw = prepared(operators)
    client.force_login(operators[0])

    client.post(f"/tirages/{draw.pk}/quotas/", posted(draw, **{f"roll-min_{women(draw).category_id}": 3}))

    assert women(draw).minimum == 3
    entry = draw.entries.latest("pk")
    assert entry.act == "sortition.draw.set_quotas"
    assert set(entry.facts["quotas"]) == {"roll"}


def test_quotas_that_contradict_themselves_are_refused_and_nothing_is_lost(operators, client):
    draw = prepared(operators)
    client.force_login(operators[0])
    field = f"roll-min_{women(draw).category_id}"

    page = client.post(f"/tirages/{draw.pk}/quotas/", posted(draw, **{field: 5, "roll-seats": 8}))

    assert page.status_code == 200
    assert 'value="5"' in page.content.decode()
    assert women(draw).minimum == 4


def test_after_the_announcement_a_change_of_quotas_owes_its_reason(operators):
    draw = announced(operators)
    facts = {"roll": {"seats": 8, "targets": {"gender/F": (3, 5), "gender/H": (3, 5)}}}

    with pytest.raises(ValidationError):
        draw.set_quotas(by=operators[0], quotas=facts)
    draw.set_quotas(by=operators[0], quotas=facts, reason="Trop peu de réponses")

    assert women(draw).maximum == 5


# ---- the rule of addresses


def test_at_most_one_person_an_address(operators):
    draw = prepared(operators, households=True)
    pair = Volunteer.objects.filter(pool__key="roll").select_related("contact")[:2]
    live_together(*pair)

    people, _quotas, _seats = quotas.live(draw)

    homes = {person.id: person.household for person in people if person.household}
    assert homes == {row.pseudonym: "h1" for row in pair}


def test_the_frozen_file_says_who_share_an_address_and_never_which(operators):
    draw = announced(operators, households=True)
    live_together(*Volunteer.objects.filter(pool__key="roll").select_related("contact")[:2])

    draw.freeze(by=operators[1])

    text = draw.exhibit("people.csv").text
    assert "Lune" not in text
    assert text.splitlines()[0].endswith("household")


def test_a_neighbour_of_somebody_seated_is_not_called_from_the_reserve(operators):
    draw = announced(operators, households=True)
    leaving, sitting, neighbour, other = Volunteer.objects.filter(pool__key="roll")[:4]
    live_together(sitting, neighbour)
    draw.freeze(by=operators[1])
    offer, _other = [SeatOfferFactory(draw=draw, volunteer=row) for row in (leaving, sitting)]
    waiting = Volunteer.objects.filter(pk__in=[neighbour.pk, other.pk])

    assert replacing.without_neighbours(offer, waiting) == [other]


# ---- announce and freeze


def test_a_public_source_is_named_with_a_moment_still_to_come(operators):
    draw = prepared(operators, beacon="loto")
    day = clock.now() + timedelta(days=12)

    with pytest.raises(ValidationError):
        draw.announce(by=operators[0], announced_for=day)
    with pytest.raises(ValidationError):
        draw.announce(by=operators[0], announced_for=day, beacon_at=clock.now() - timedelta(hours=1))
    draw.announce(by=operators[0], announced_for=day, beacon_at=day - timedelta(hours=2))

    assert "Loto" in draw.beacon_sentence


def test_nothing_is_frozen_once_the_public_source_is_known(operators):
    draw = prepared(operators, beacon="loto")
    day = clock.now() + timedelta(days=12)
    draw.announce(by=operators[0], announced_for=day, beacon_at=day - timedelta(hours=2))

    with clock.at(day - timedelta(hours=1)), pytest.raises(ValidationError):
        draw.freeze(by=operators[1])
    with clock.at(day - timedelta(hours=3)):
        draw.freeze(by=operators[1])

    parameters = draw.exhibit("parameters.json").text
    assert '"beacon":"loto"' in parameters
    assert '"engine":' in parameters


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        ("adjust", {"rule": "nash"}),
        ("set_quotas", {"quotas": {"roll": {"seats": 9, "targets": {}}}, "reason": "x"}),
        ("relax", {"way": 0, "fingerprint": ""}),
        ("announce", {"announced_for": None}),
    ],
)
def test_after_the_freeze_every_try_is_refused_with_a_sentence(operators, act, facts):
    draw = frozen(operators)

    with pytest.raises(ValidationError) as refusal:
        getattr(draw, act)(by=operators[0], **facts)

    assert refusal.value.messages[0]
    draw.refresh_from_db()
    assert (draw.rule, draw.cycle.pools.get(key="roll").seats) == ("leximin", 8)


def test_the_rule_no_longer_changes_once_announced(operators):
    draw = announced(operators)

    with pytest.raises(ValidationError):
        draw.adjust(by=operators[0], rule="nash")


def test_the_settings_are_changed_in_the_browser(operators, client):
    draw = prepared(operators)
    client.force_login(operators[0])
    form = client.get(f"/tirages/{draw.pk}/reglages/?rule=nash").context["form"]
    assert form["rule"].value() == "nash"

    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(
        f"/tirages/{draw.pk}/reglages/",
        data | {"panels": "100", "households": "on", "sacred_gender": "never"},
    )

    draw.refresh_from_db()
    assert (draw.rule, draw.households, draw.sacred) == ("nash", True, {"gender": "never"})


def test_the_room_is_for_those_who_follow_the_recruitment(operators, appointed, client):
    draw = announced(operators)

    for role, status in [("facilitator", 403), ("bailiff", 200), ("guarantor", 200)]:
        client.force_login(appointed(role))
        assert client.get(draw.get_room_url()).status_code == status
