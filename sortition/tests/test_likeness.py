"""People who look alike: rules a person can read, decisions a person takes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assembly.models import JournalEntry
from sortition import likeness
from sortition.engine.likeness import Known, alike
from sortition.factories import RecruitingFactory, VolunteerFactory
from sortition.models import Likeness
from sortition.quotas import homes_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return RecruitingFactory()


@pytest.fixture
def staff(client, secretary):
    client.force_login(secretary)
    return client


def page(cycle, what):
    return f"/cycles/{cycle.number}/volontaires/{what}/"


@pytest.mark.parametrize(
    ("one", "other", "rules"),
    [
        ({"last_name": "Le Gall"}, {"last_name": "LE-GALL", "first_name": "Zoé Anne"}, ["name_birth"]),
        ({"email": "A@b.fr", "born": None}, {"email": "a@B.fr", "born": None, "last_name": "X"}, ["email"]),
        (
            {"phone": "+33639980000", "born": None},
            {"phone": "+33639980000", "born": None, "last_name": "X"},
            ["phone"],
        ),
        (
            {"address": "3 rue É", "born": None},
            {"address": "3 RUE E", "born": None, "last_name": "Zoe", "first_name": "Le Gall"},
            ["address"],
        ),
        (
            {"address": "3 rue É", "born": None},
            {"address": "3 RUE E", "born": None, "last_name": "ZOÉ", "first_name": "Legall"},
            ["name_address"],
        ),
        ({"address": "3 rue É"}, {"address": "3 rue É", "last_name": "Autre"}, ["birth_address"]),
        ({"address": "3 rue É"}, {"address": "3 rue É", "postcode": "75001", "last_name": "Y"}, []),
        ({}, {"last_name": "Durand"}, []),
    ],
)
def test_each_rule_says_why_two_people_look_alike(one, other, rules):
    who = {"last_name": "Legall", "first_name": "Zoé", "born": date(1990, 1, 1), "postcode": "75012"}

    assert alike([Known(1, **(who | one)), Known(2, **(who | other))]) == ({(1, 2): rules} if rules else {})


def test_twenty_thousand_volunteers_are_compared_without_comparing_all():
    people = [
        Known(n, f"N{n % 9000}", "A", date(1950 + n % 60, 1, 1), f"e{n}@x.fr", "", f"{n // 400} rue", "75012")
        for n in range(20_000)
    ]

    assert len(alike(people)) < 3 * len(people)


def test_a_household_of_five_is_one_home_unless_told_apart(cycle, secretary, staff):
    pool = cycle.pools.get(key="roll")
    five = [VolunteerFactory(pool=pool, contact__address="3 rue Haute", contact__phone="") for _ in range(5)]

    assert likeness.look(cycle, by=secretary) == 10
    staff.post(page(cycle, "a-decider"), {"homes": [row.pk for row in Likeness.objects.all()[:3]]})
    assert Likeness.objects.filter(state="home").count() == 3
    assert len(set(homes_of(five).values())) == 1
    for row in Likeness.objects.filter(first=five[0]) | Likeness.objects.filter(second=five[0]):
        row.tell_apart(by=secretary, reason="Autre escalier.")

    homes = homes_of(five)
    assert five[0].pseudonym not in homes
    assert len(homes) == 4
    assert likeness.look(cycle, by=secretary) == 6 - Likeness.objects.filter(state="home").count()


def test_one_of_two_answers_of_a_person_is_set_aside_and_no_earlier_cycle_is_touched(cycle, secretary):
    pool, before = cycle.pools.get(key="roll"), VolunteerFactory(contact__email="a@exemple.invalid")
    one, two = (VolunteerFactory(pool=pool, contact__email="A@exemple.invalid") for _ in range(2))

    likeness.look(cycle, by=secretary)
    pairs = {(row.first, row.second): row for row in Likeness.objects.all()}
    assert set(pairs) == {(one, two), (one, before), (two, before)}
    with pytest.raises(ValidationError):
        pairs[one, two].merge(by=secretary, keep="both", reason="x")
    pairs[one, two].merge(by=secretary, keep="first", reason="Deux formulaires.")
    pairs[one, before].merge(by=secretary, keep="both", reason="Tirée il y a quatre ans.")

    for row in (one, two, before):
        row.refresh_from_db()
    assert [one.obstacle, two.obstacle, before.obstacle] == ["", "twice", ""]


def test_deciding_costs_the_same_for_ten_pairs_and_is_written_down(
    cycle, staff, django_assert_max_num_queries
):
    pool = cycle.pools.get(key="roll")
    for number in range(20):
        VolunteerFactory(pool=pool, contact__email=f"a{number // 2}@exemple.invalid")
    staff.post(page(cycle, "a-decider"), {"look": "1"})

    with django_assert_max_num_queries(15):
        shown = staff.get(page(cycle, "a-decider"))

    assert len(shown.context["object_list"]) == 10
    assert JournalEntry.objects.latest("pk").act == "assembly.cycle.read_answers"


def test_two_answers_are_compared_once(cycle):
    pool = cycle.pools.get(key="roll")
    one, two = VolunteerFactory(pool=pool), VolunteerFactory(pool=pool)
    for second, name in ((two, "two_answers_are_compared_once"), (one, "nobody_is_their_own_double")):
        Likeness.objects.get_or_create(cycle=cycle, first=one, second=two)
        with pytest.raises(IntegrityError), transaction.atomic():
            Likeness.objects.create(cycle=cycle, first=one, second=second)
        assert name
