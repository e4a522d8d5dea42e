"""The list of members and the page of one: who reads what, and what it costs."""

from datetime import date

import pytest

from assembly.factories import CycleFactory, MemberFactory, PoolFactory
from assembly.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool():
    return PoolFactory(cycle=CycleFactory(number=1))


def test_a_leave_and_a_return_are_read_with_their_days_and_reasons(client, secretary, pool):
    member = MemberFactory(pool=pool, seated=True)
    client.force_login(secretary)

    client.post(
        f"/membres/{member.pk}/conge/", {"reason": "Examens", "since": "2026-02-01", "back_on": "2026-03-01"}
    )
    client.post(f"/membres/{member.pk}/retour/", {"reason": "Examens finis", "since": "2026-02-20"})
    page = client.get(f"/membres/{member.pk}/")

    assert [(spell.state, spell.since, spell.reason) for spell in page.context["spells"]] == [
        ("sitting", date(2026, 1, 15), ""),
        ("on_leave", date(2026, 2, 1), "Examens"),
        ("sitting", date(2026, 2, 20), "Examens finis"),
    ]


def test_a_member_reads_their_own_page_and_not_that_of_another(client, pool):
    mine, other = MemberFactory.create_batch(2, pool=pool, seated=True)
    client.force_login(mine.user)

    assert client.get(f"/membres/{mine.pk}/").status_code == 200
    assert client.get(f"/membres/{other.pk}/").status_code == 403


def test_the_list_costs_the_same_for_one_and_for_sixty(
    client, secretary, pool, django_assert_max_num_queries
):
    MemberFactory.create_batch(60, pool=pool, seated=True)
    client.force_login(secretary)
    client.get("/cycles/1/membres/")  # the first opening of the hour is written in the journal

    with django_assert_max_num_queries(10):
        page = client.get("/cycles/1/membres/")
    few = client.get("/cycles/1/membres/?state=resigned")

    assert len(page.context["object_list"]) == 50
    assert not few.context["object_list"]


def test_whoever_left_is_not_shown_to_the_members(client, secretary, pool):
    mine, gone = MemberFactory.create_batch(2, pool=pool, seated=True)
    gone.resign(by=secretary, reason="Départ")
    client.force_login(mine.user)

    page = client.get("/cycles/1/membres/")

    assert list(page.context["object_list"]) == [mine]
    assert Member.objects.seated().get() == mine
