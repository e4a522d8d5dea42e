import pytest
from django.core.cache import cache
from django.core.management import call_command

from assembly import jobs
from assembly.models import Job

pytestmark = pytest.mark.django_db


def test_a_house_whose_worker_is_silent_says_so(client):
    cache.clear()

    response = client.get("/sante/")

    assert (response.status_code, response.json()["worker"]) == (503, False)


def test_a_house_in_order_says_so(client):
    call_command("run_waiting_jobs")

    response = client.get("/sante/")

    assert (response.status_code, response.json()) == (200, {"database": True, "worker": True, "disk": True})


def test_a_worker_at_a_long_job_is_not_taken_for_dead(client, monkeypatch):
    monkeypatch.setitem(jobs.HANDLERS, "errand", lambda mine: None)
    jobs.run(Job.objects.create(kind="errand", key="errand:1", about=1).pk)

    assert client.get("/sante/").json()["worker"] is True
