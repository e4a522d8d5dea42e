"""Lists ask the database as often for fifty rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assembly import clock
from sortition.factories import (
    DrawFactory,
    RecruitingFactory,
    RegisterFactory,
    SeatOfferFactory,
    VolunteerFactory,
)
from sortition.models import Register
from sortition.tests.test_draw import drawn

pytestmark = pytest.mark.django_db


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(asked)


def test_the_list_of_volunteers(client, secretary):
    cycle = RecruitingFactory()
    pool = cycle.pools.first()
    client.force_login(secretary)
    VolunteerFactory(pool=pool)
    few = queries(client, f"/cycles/{cycle.number}/volontaires/")
    VolunteerFactory.create_batch(45, pool=pool)

    assert queries(client, f"/cycles/{cycle.number}/volontaires/") == few <= 10


def test_the_list_of_seats(client, secretary):
    draw = DrawFactory()
    pool = draw.cycle.pools.first()
    client.force_login(secretary)
    SeatOfferFactory(draw=draw, volunteer__pool=pool)
    few = queries(client, f"/cycles/{draw.cycle.number}/sieges/")
    SeatOfferFactory.create_batch(45, draw=draw, volunteer__pool=pool)

    assert queries(client, f"/cycles/{draw.cycle.number}/sieges/") == few <= 10


def test_the_public_list_of_draws(client):
    DrawFactory(announced_at=clock.now())
    few = queries(client, "/tirages/")
    for _ in range(19):
        DrawFactory(announced_at=clock.now())

    assert queries(client, "/tirages/") == few <= 10


def test_recruitment(client, secretary):
    cycle = RecruitingFactory()
    client.force_login(secretary)
    VolunteerFactory(pool=cycle.pools.first())
    RegisterFactory(pool=cycle.pools.first(), state=Register.State.REFUSED)
    few = queries(client, f"/cycles/{cycle.number}/recrutement/")
    VolunteerFactory.create_batch(20, pool=cycle.pools.last())
    RegisterFactory.create_batch(10, pool=cycle.pools.first(), state=Register.State.REFUSED)

    assert queries(client, f"/cycles/{cycle.number}/recrutement/") == few <= 15


@pytest.mark.parametrize("role", ["facilitator", "executive", "department"])
def test_recruitment_is_for_those_who_follow_it(client, appointed, role):
    cycle = RecruitingFactory()
    client.force_login(appointed(role))

    for page in ("recrutement", "volontaires", "sieges"):
        assert client.get(f"/cycles/{cycle.number}/{page}/").status_code == 403


@pytest.mark.parametrize("page", ["tirages", "repondre"])
def test_public_pages_speak_both_languages(client, page):
    assert client.get(f"/{page}/").status_code == client.get(f"/en/{page}/").status_code == 200


def test_the_page_of_a_draw_asks_little_of_the_database(client, secretary, operators):
    draw = drawn(operators)

    assert queries(client, f"/tirages/{draw.pk}/") <= 12
    client.force_login(secretary)
    assert queries(client, f"/tirages/{draw.pk}/") <= 12
