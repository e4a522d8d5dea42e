"""Wishes are met as far as sizes and mix allow, the same way each time, with a reason for everyone."""

import random
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains

from assembly.factories import CategoryFactory, CriterionFactory, MemberFactory, PoolFactory, UserFactory
from workshops.allotment import TIES, Person, allot, displeasure, tie
from workshops.factories import WorkshopFactory
from workshops.models import Allotment, Enrolment, sentence


def crowd(size, workshops, seed):
    chance = random.Random(seed)
    return [
        Person(
            str(number),
            tuple(chance.sample(workshops, chance.randint(0, len(workshops)))),
            {"gender": chance.choice("fm"), "age": chance.choice("abc")},
        )
        for number in range(size)
    ]


def is_even(counts, workshops):
    return max(counts.get(w, 0) for w in workshops) - min(counts.get(w, 0) for w in workshops) <= 1


@pytest.mark.parametrize("seed", range(5))
def test_no_other_even_allotment_is_better(seed):
    workshops = ["a", "b"]
    people = crowd(7, workshops, seed)

    outcome = allot(people, workshops, "graine", ["gender"])

    def cost(choice):
        return sum(
            displeasure(p, w) * TIES * (len(people) + 1) + tie("graine", p.ref, w)
            for p, w in zip(people, choice, strict=True)
        )

    def is_allowed(choice):
        groups = [people, *([p for p in people if p.traits["gender"] == g] for g in "fm")]
        where = dict(zip([p.ref for p in people], choice, strict=True))
        return all(
            is_even({w: sum(where[p.ref] == w for p in group) for w in workshops}, workshops)
            for group in groups
        )

    best = min((choice for choice in product(workshops, repeat=7) if is_allowed(choice)), key=cost)
    assert [outcome.places[p.ref].workshop for p in people] == list(best)


def test_a_hundred_people_are_spread_evenly_and_mostly_happy():
    workshops = ["a", "b", "c"]
    people = crowd(100, workshops, 1)

    outcome = allot(people, workshops, "graine", ["gender", "age"])

    assert sorted(outcome.sizes.values()) == [33, 33, 34]
    for gender in "fm":
        group = [p for p in people if p.traits["gender"] == gender]
        counts = {w: sum(outcome.places[p.ref].workshop == w for p in group) for w in workshops}
        assert is_even(counts, workshops)
    assert outcome.by_rank[1] > 60


def test_the_order_of_the_list_changes_nothing_and_the_seed_settles_ties():
    workshops = ["a", "b", "c"]
    people = [Person(str(number)) for number in range(12)]

    first = allot(people, workshops, "marguerite")

    assert allot(people[::-1], workshops, "marguerite").places == first.places
    assert allot(people, workshops, "coquelicot").places != first.places


def test_those_who_have_a_place_keep_it():
    people = [*(Person(str(n), place="a") for n in range(4)), *(Person(str(n), ("a",)) for n in range(4, 8))]

    outcome = allot(people, ["a", "b"], "graine")

    assert {place.workshop for place in outcome.places.values()} == {"b"}
    assert outcome.sizes == {"a": 4, "b": 4}


def test_each_place_is_explained():
    facts = {"wishes": 2, "first": "Espace public", "wanted": 40, "seats": 33}

    sentences = [sentence(rank, facts) for rank in (1, 2, 3)] + [
        sentence(None, {}),
        sentence(None, {"moved": "x"}),
    ]

    assert len(set(sentences)) == 5
    assert "40" in sentences[1]
    assert "33" in sentences[1]


# With the database ------------------------------------------------------------


@pytest.fixture
def cycle(db):
    """Six members, three women and three men, two workshops."""
    pool = PoolFactory()
    gender = CriterionFactory(cycle=pool.cycle, key="gender", title="Genre")
    for key, title in [("f", "Femmes"), ("m", "Hommes")]:
        CategoryFactory(criterion=gender, key=key, title=title)
    for number in range(6):
        MemberFactory(pool=pool, seated=True, profile={"gender": "fm"[number % 2]})
    WorkshopFactory(cycle=pool.cycle, title="Espace public", position=1)
    WorkshopFactory(cycle=pool.cycle, title="Environnement", position=2)
    return pool.cycle


def choose_all(cycle):
    for member in cycle.members.all():
        Enrolment.objects.get_or_create(member=member)[0].choose(
            by=member.user, workshops=cycle.workshops.all()
        )


def test_a_preview_is_published_as_it_was(cycle, secretary):
    choose_all(cycle)
    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)

    allotment.publish(by=secretary)

    kept = {row.member_id: (row.workshop_id, row.rank) for row in Enrolment.objects.all()}
    assert kept == {row["member"]: (row["workshop"], row["rank"]) for row in allotment.outcome}
    assert sorted(rank for _workshop, rank in kept.values()) == [1, 1, 1, 2, 2, 2]
    assert allotment.replayed() == allotment.outcome


def test_a_preview_older_than_a_wish_is_not_published(cycle, secretary):
    choose_all(cycle)
    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)
    member = cycle.members.first()
    member.enrolment.choose(by=member.user, workshops=list(cycle.workshops.all())[::-1])

    with pytest.raises(ValidationError):
        allotment.publish(by=secretary)

    assert not Enrolment.objects.allotted().exists()


def test_a_newcomer_is_placed_without_moving_anybody(cycle, secretary):
    Allotment.objects.prepare(cycle, "un", by=secretary).publish(by=secretary)
    before = dict(Enrolment.objects.values_list("member", "workshop"))
    newcomer = MemberFactory(pool=cycle.pools.get(), seated=True)

    Allotment.objects.prepare(cycle, "deux", by=secretary).publish(by=secretary)

    after = dict(Enrolment.objects.values_list("member", "workshop"))
    assert after.pop(newcomer.pk)
    assert after == before


def test_each_is_told_once(cycle, secretary, mailoutbox, django_capture_on_commit_callbacks):
    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)

    with django_capture_on_commit_callbacks(execute=True):
        allotment.publish(by=secretary)

    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(m.user.email for m in cycle.members.all())
    assert "&" not in mailoutbox[0].body


@pytest.mark.parametrize("ranks", [["", ""], ["1", "1"]])
def test_a_wish_has_one_rank(client, cycle, ranks):
    member = cycle.members.first()
    first = str(cycle.workshops.first().pk)
    client.force_login(member.user)

    response = client.post(
        reverse("workshops:enrolment_choose"),
        {f"rank_{n}": first if value else "" for n, value in enumerate(ranks, start=1)},
    )

    assert response.status_code == 200
    assert not member.preferences.exists()


def test_a_member_ranks_and_changes_their_mind(client, cycle):
    member = cycle.members.first()
    one, two = (str(workshop.pk) for workshop in cycle.workshops.all())
    client.force_login(member.user)

    for first, second in [(one, two), (two, one)]:
        client.post(reverse("workshops:enrolment_choose"), {"rank_1": first, "rank_2": second})

    assert [str(wish.workshop_id) for wish in member.preferences.all()] == [two, one]


# By hand ----------------------------------------------------------------------


def pin(cycle, member, place, secretary, reason="Deux sœurs, chacune son atelier"):
    enrolment, _new = Enrolment.objects.get_or_create(member=member)
    enrolment.pin(by=secretary, workshop=cycle.workshops.all()[place], reason=reason)
    return enrolment


def test_who_is_placed_by_hand_goes_there_and_reads_why(cycle, secretary):
    choose_all(cycle)
    member = cycle.members.first()
    pin(cycle, member, 1, secretary)

    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)
    allotment.publish(by=secretary)

    enrolment = Enrolment.objects.get(member=member)
    assert enrolment.workshop == cycle.workshops.all()[1]
    assert "Deux sœurs" in enrolment.why
    assert enrolment.pinned_to is None
    assert allotment.replayed() == allotment.outcome


def test_placing_by_hand_makes_older_previews_stale(cycle, secretary):
    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)
    pin(cycle, cycle.members.first(), 1, secretary)

    with pytest.raises(ValidationError):
        allotment.publish(by=secretary)


def test_nobody_is_placed_by_hand_in_a_full_workshop(cycle, secretary):
    first, second, third, fourth, *_rest = cycle.members.all()
    for member in (first, second, third):
        pin(cycle, member, 0, secretary)

    with pytest.raises(ValidationError, match="3"):
        pin(cycle, fourth, 0, secretary)


def test_a_workshop_that_shrank_below_its_pins_is_said(cycle, secretary):
    members = list(cycle.members.all())
    for member in members[:3]:
        pin(cycle, member, 0, secretary)
    for member in members[4:]:
        member.resign(by=secretary, reason="Déménagement")

    with pytest.raises(ValidationError, match="Espace public"):
        Allotment.objects.prepare(cycle, "marguerite", by=secretary)


def test_who_has_a_workshop_is_moved_not_placed(cycle, secretary):
    Allotment.objects.prepare(cycle, "un", by=secretary).publish(by=secretary)

    with pytest.raises(ValidationError):
        pin(cycle, cycle.members.first(), 1, secretary)


def test_a_place_by_hand_is_given_and_taken_back_on_the_page(client, cycle, secretary):
    member, workshop = cycle.members.first(), cycle.workshops.first()
    address = reverse("workshops:enrolment_pin", args=[cycle.number])
    client.force_login(secretary)
    empty = client.post(address, {"member": member.pk, "workshop": workshop.pk, "reason": ""})
    assert empty.context["form"].errors.keys() == {"reason"}

    client.post(address, {"member": member.pk, "workshop": workshop.pk, "reason": "Fratrie"})
    page = client.get(reverse("workshops:enrolment_list", args=[cycle.number]))
    assertContains(page, "Fratrie")
    client.post(reverse("workshops:enrolment_unpin", args=[member.enrolment.pk]))

    assert Enrolment.objects.get(member=member).pinned_to is None


def test_everybody_reads_the_rule_members_the_balance_staff_the_names(client, cycle, secretary):
    choose_all(cycle)
    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)
    assert client.get(allotment.get_absolute_url()).status_code == 404
    allotment.publish(by=secretary)
    name = cycle.members.first().user.name

    seen = {}
    for reader, user in {
        "visitor": None,
        "member": cycle.members.last().user,
        "secretary": secretary,
    }.items():
        if user:
            client.force_login(user)
        page = client.get(allotment.get_absolute_url()).content.decode()
        seen[reader] = ("marguerite" in page, "Femmes" in page, f'row">{name}<' in page)

    assert seen == {
        "visitor": (True, False, False),
        "member": (True, True, False),
        "secretary": (True, True, True),
    }


def test_the_pages_of_the_allotment_cost_the_same_however_many_sit(
    client, cycle, secretary, django_assert_max_num_queries
):
    MemberFactory.create_batch(20, pool=cycle.pools.get(), seated=True, profile={"gender": "f"})
    choose_all(cycle)
    pin(cycle, cycle.members.first(), 0, secretary)
    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)
    client.force_login(secretary)

    for page in [reverse("workshops:enrolment_list", args=[cycle.number]), allotment.get_absolute_url()]:
        client.get(page)
        with django_assert_max_num_queries(12):
            client.get(page)


def test_four_criteria_are_spread_at_once():
    chance = random.Random(3)
    kinds = {"gender": "fm", "age": "abcde", "diploma": "1234", "district": "abcdefghijklmnopq"}
    people = [
        Person(str(n), tuple(chance.sample("abc", 3)), {key: chance.choice(v) for key, v in kinds.items()})
        for n in range(100)
    ]

    def spreads(mixed):
        outcome = allot(people, ["a", "b", "c"], "graine", mixed)
        return {key: [gap(outcome, key, value) for value in kinds[key]] for key in kinds}, outcome

    def gap(outcome, key, value):
        group = [p.ref for p in people if p.traits[key] == value]
        counts = [sum(outcome.places[ref].workshop == w for ref in group) for w in "abc"]
        return max(counts) - min(counts)

    alone, _outcome = spreads(["gender"])
    mixed, outcome = spreads(list(kinds))

    assert max(mixed["gender"]) <= 1
    for key in ("age", "diploma", "district"):
        assert sum(mixed[key]) < sum(alone[key])
        assert max(mixed[key]) <= 4
    assert outcome.by_rank[1] > 60


def test_wishes_are_closed_once_allotted(cycle, secretary):
    Allotment.objects.prepare(cycle, "marguerite", by=secretary).publish(by=secretary)
    enrolment = Enrolment.objects.first()

    with pytest.raises(ValidationError):
        enrolment.choose(by=enrolment.member.user, workshops=cycle.workshops.all())


def test_only_the_secretariat_sees_the_allotment(client, cycle, secretary):
    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)
    client.force_login(cycle.members.first().user)
    assert client.get(allotment.get_absolute_url()).status_code == 404

    client.force_login(UserFactory())
    assert client.get(reverse("workshops:allotment_add", args=[cycle.number])).status_code == 403

    client.force_login(secretary)
    assertContains(client.get(allotment.get_absolute_url()), "Femmes")
    sent = client.post(reverse("workshops:allotment_add", args=[cycle.number]), {"seed": "coquelicot"})
    assert sent.url == Allotment.objects.first().get_absolute_url()


def test_the_secretariat_moves_someone_with_a_reason(client, cycle, secretary):
    Allotment.objects.prepare(cycle, "marguerite", by=secretary).publish(by=secretary)
    enrolment = Enrolment.objects.first()
    other = cycle.workshops.exclude(pk=enrolment.workshop_id).get()
    client.force_login(secretary)

    client.post(
        reverse("workshops:enrolment_move", args=[enrolment.pk]), {"workshop": other.pk, "reason": "Fratrie"}
    )

    enrolment.refresh_from_db()
    assert enrolment.workshop == other
    assert "Fratrie" in enrolment.why
