import pytest
from django.core.cache import cache
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_a_house_whose_worker_is_silent_says_so(client):
    cache.clear()

    response = client.get("/sante/")

    assert (response.status_code, response.json()["worker"]) == (503, False)


def test_a_house_in_order_says_so(client):
    call_command("run_waiting_jobs")

    response = client.get("/sante/")

    assert (response.status_code, response.json()) == (200, {"database": True, "worker": True, "disk": True})
