from datetime import date

import pytest
from django.core.exceptions import ValidationError

from assembly.factories import CycleFactory, UserFactory
from assembly.models import Cycle

PREPARED = {"state": Cycle.State.PREPARATION}


@pytest.fixture
def cycle(db):
    return CycleFactory(**PREPARED)


@pytest.fixture
def filled(cycle, secretary):
    cycle.propose_targets(by=secretary)
    return cycle


def aims(pool, criterion):
    return {
        target.category.key: (target.minimum, target.maximum)
        for target in pool.targets.filter(category__criterion__key=criterion)
    }


def test_the_figures_of_paris_give_every_pool_its_targets(filled):
    roll, non_eu, minors = filled.pools.all()

    assert [(pool.key, pool.seats) for pool in (roll, non_eu, minors)] == [
        ("roll", 80),
        ("non_eu", 15),
        ("minors", 5),
    ]
    assert aims(roll, "gender") == {"F": (43, 44), "H": (36, 37)}
    assert aims(roll, "age") == {
        "18_24": (10, 11),
        "25_39": (24, 25),
        "40_54": (17, 18),
        "55_64": (10, 11),
        "65_79": (11, 12),
        "80p": (4, 5),
    }
    assert aims(non_eu, "gender") == {"F": (7, 10), "H": (5, 8)}
    assert aims(non_eu, "district") == {}
    assert filled.contradictions() == []
    assert filled.entries.get().act == "assembly.cycle.propose_targets"


def test_parity_may_be_preferred_to_the_figures(cycle, secretary):
    cycle.propose_targets(by=secretary, parity=True)

    assert [aims(pool, "gender") for pool in cycle.pools.all()] == [
        {"F": (40, 40), "H": (40, 40)},
        {"F": (7, 8), "H": (7, 8)},
        {"F": (2, 3), "H": (2, 3)},
    ]


def test_filling_twice_changes_nothing(filled, secretary):
    before = sorted(filled.criteria.values_list("pk", "categories__pk"))

    filled.propose_targets(by=secretary)

    assert sorted(filled.criteria.values_list("pk", "categories__pk")) == before


def test_targets_that_cannot_hold_are_refused_whole(filled, secretary):
    roll = filled.pools.get(key="roll")
    before = aims(roll, "gender")

    with pytest.raises(ValidationError) as refusal:
        filled.set_targets(by=secretary, pool=roll, targets={"gender/F": (50, 44), "gender/H": (40, 35)})

    assert len(refusal.value.messages) == 4
    assert aims(roll, "gender") == before


@pytest.mark.parametrize("state", sorted(set(Cycle.State) - {Cycle.State.PREPARATION}))
def test_targets_and_pools_no_longer_move_once_recruitment_is_open(secretary, state):
    cycle = CycleFactory(state=state)

    for act, facts in [("propose_targets", {}), ("set_pools", {"pools": []})]:
        with pytest.raises(ValidationError):
            getattr(cycle, act)(by=secretary, **facts)


def test_phases_are_what_was_said_last(cycle, secretary):
    first = {"title": "Découverte", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 1)}
    second = {"title": "Approfondissement", "starts_on": date(2026, 3, 2), "ends_on": date(2026, 6, 1)}
    cycle.set_phases(by=secretary, phases=[first, second])

    cycle.set_phases(by=secretary, phases=[second | {"ends_on": date(2026, 7, 1)}])

    assert list(cycle.phases.values_list("title", "ends_on")) == [("Approfondissement", date(2026, 7, 1))]


# In the browser --------------------------------------------------------------


@pytest.fixture
def desk(client, secretary):
    client.force_login(secretary)
    return client


def lines(rows, *, kept):
    """What a table of lines sends."""
    sent = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": kept}
    return sent | {
        f"rows-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()
    }


def bounds(pool, **changes):
    """What the page of targets sends: what is kept, with some changes such as min_F=50."""
    sent = {}
    for target in pool.targets.select_related("category"):
        for side, value in [("min", target.minimum), ("max", target.maximum)]:
            sent[f"{side}_{target.category_id}"] = changes.get(f"{side}_{target.category.key}", value)
    return sent


RULES = {
    "number": 7,
    "title": "Promotion 7",
    "starts_on": "2027-01-01",
    "ends_on": "2028-01-01",
    "letters": 10000,
    "clear_days": 10,
    "replace_within_days": 10,
    "quorum_percent": 50,
    "allowance": "44",
    "notice_days": 5,
    "drift_after": 3,
    "minutes_days": 45,
}


def test_a_cycle_is_prepared_from_the_page(desk, secretary):
    response = desk.post("/cycles/nouveau/", RULES)

    cycle = Cycle.objects.get(number=7)
    assert response.url == "/cycles/7/preparation/"
    assert (cycle.state, cycle.entries.get().by) == (Cycle.State.PREPARATION, secretary)


def test_sending_the_form_twice_makes_one_cycle(desk):
    once = {"once": "7a9e5b0e-9d55-4b0c-a7ad-3f1a5d6c0001"}

    first, second = desk.post("/cycles/nouveau/", RULES | once), desk.post("/cycles/nouveau/", RULES | once)

    assert first.url == second.url
    assert Cycle.objects.count() == 1


def test_dates_out_of_order_get_a_sentence(desk):
    response = desk.post("/cycles/nouveau/", RULES | {"ends_on": "2026-01-01"})

    assert list(response.context["form"].errors) == ["ends_on"]
    assert not Cycle.objects.exists()


def test_rules_no_longer_move_once_recruitment_is_open(desk):
    cycle = CycleFactory(state=Cycle.State.RECRUITMENT, letters=10_000)

    desk.post(
        f"/cycles/{cycle.number}/modifier/", RULES | {"letters": 5, "version": 1, "title": "Autre titre"}
    )

    cycle.refresh_from_db()
    assert (cycle.letters, cycle.title) == (10_000, "Autre titre")


def test_phases_are_set_from_the_page(desk, cycle):
    sent = lines(
        [{"title": "Découverte", "starts_on": "2026-01-01", "ends_on": "2026-03-01"}, {"title": ""}], kept=0
    )

    response = desk.post(f"/cycles/{cycle.number}/phases/", sent)

    assert response.url == f"/cycles/{cycle.number}/preparation/"
    assert [phase.title for phase in cycle.phases.all()] == ["Découverte"]


def test_two_phases_of_the_same_name_are_refused(desk, cycle):
    row = {"title": "Découverte", "starts_on": "2026-01-01", "ends_on": "2026-03-01"}

    response = desk.post(f"/cycles/{cycle.number}/phases/", lines([row, row], kept=0))

    assert response.status_code == 200
    assert response.context["form"].non_form_errors()
    assert not cycle.phases.exists()


def test_pools_keep_their_short_name_and_may_go(desk, filled):
    rows = [
        {"key": pool.key, "title": pool.title, "source": pool.source, "seats": pool.seats}
        for pool in filled.pools.all()
    ]
    rows[0]["seats"] = 85
    rows[2]["DELETE"] = "on"

    desk.post(f"/cycles/{filled.number}/viviers/", lines(rows, kept=3))

    assert list(filled.pools.values_list("key", "seats")) == [("roll", 85), ("non_eu", 15)]


def test_targets_are_changed_from_the_page(desk, filled):
    roll = filled.pools.get(key="roll")

    response = desk.post(f"/cycles/{filled.number}/viviers/roll/", bounds(roll, min_F=40))

    assert response.status_code == 302
    assert aims(roll, "gender") == {"F": (40, 44), "H": (36, 37)}
    assert len(aims(roll, "district")) == 17


def test_targets_that_contradict_the_seats_are_said_at_once(desk, filled):
    roll = filled.pools.get(key="roll")

    response = desk.post(f"/cycles/{filled.number}/viviers/roll/", bounds(roll, min_F=60, max_F=60))

    assert response.status_code == 200
    assert len(response.context["refusals"]) == 1
    assert aims(roll, "gender")["F"] == (43, 44)


def test_targets_may_be_checked_without_being_saved(desk, filled):
    roll = filled.pools.get(key="roll")

    response = desk.post(f"/cycles/{filled.number}/viviers/roll/", bounds(roll, min_F=30) | {"check": "1"})

    assert (response.context["checked"], response.context["refusals"]) == (True, [])
    assert aims(roll, "gender")["F"] == (43, 44)


def test_a_word_instead_of_a_number_is_said(desk, filled):
    roll = filled.pools.get(key="roll")

    response = desk.post(f"/cycles/{filled.number}/viviers/roll/", bounds(roll, min_F="beaucoup"))

    assert response.status_code == 200
    assert len(response.context["form"].errors) == 1


def test_the_figures_of_paris_fill_a_cycle_from_the_page(desk, cycle):
    response = desk.post(f"/cycles/{cycle.number}/objectifs/", {"parity": "on"})

    assert response.url == f"/cycles/{cycle.number}/preparation/"
    assert aims(cycle.pools.get(key="roll"), "gender")["F"] == (40, 40)


def test_recruitment_opens_from_the_page(desk, filled):
    response = desk.post(f"/cycles/{filled.number}/ouvrir-le-recrutement/")

    filled.refresh_from_db()
    assert (filled.state, response.url) == (Cycle.State.RECRUITMENT, f"/cycles/{filled.number}/tableau/")


def test_recruitment_does_not_open_on_contradictions(desk, filled, secretary):
    roll = filled.pools.get(key="roll")
    roll.seats = 200
    roll.save()

    response = desk.post(f"/cycles/{filled.number}/ouvrir-le-recrutement/")

    filled.refresh_from_db()
    assert filled.state == Cycle.State.PREPARATION
    assert response.context["form"].non_field_errors()


SETUP = [
    "preparation/",
    "modifier/",
    "phases/",
    "viviers/",
    "objectifs/",
    "viviers/roll/",
    "ouvrir-le-recrutement/",
]


@pytest.mark.parametrize("address", SETUP)
@pytest.mark.parametrize(("role", "answer"), [("secretariat", 200), ("guarantor", 403), ("bailiff", 403)])
def test_only_the_secretariat_sets_a_cycle_up(client, appointed, filled, address, role, answer):
    client.force_login(appointed(role))

    assert client.get(f"/cycles/{filled.number}/{address}").status_code == answer


@pytest.mark.parametrize("address", SETUP)
def test_a_cycle_being_prepared_does_not_exist_for_others(client, filled, address):
    client.force_login(UserFactory())

    assert client.get(f"/cycles/{filled.number}/{address}").status_code == 404


@pytest.mark.parametrize("address", ["preparation/", "viviers/roll/", "phases/"])
def test_set_up_pages_cost_little(desk, filled, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        desk.get(f"/cycles/{filled.number}/{address}")
