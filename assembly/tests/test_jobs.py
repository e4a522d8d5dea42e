import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from assembly import jobs
from assembly.factories import CycleFactory
from assembly.models import Job, Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def errand(monkeypatch):
    """A function: the job that does this."""

    def register(handler):
        monkeypatch.setitem(jobs.HANDLERS, "errand", handler)
        return jobs.enqueue("errand", key="errand:1", about=1)

    return register


def test_a_job_runs_once_however_often_it_is_called(errand):
    done = []
    job = errand(lambda mine: done.append(mine.about))

    jobs.run(job.pk)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (done, job.state, job.percent) == ([1], Job.State.DONE, 100)


def test_a_key_is_one_job(errand):
    first = errand(lambda mine: None)

    assert jobs.enqueue("errand", key="errand:1", about=1) == first


def test_a_refusal_is_shown_and_the_job_may_be_tried_again(errand):
    def refuse(mine):
        raise ValidationError("The file is empty.")

    job = errand(refuse)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "The file is empty.")
    assert jobs.enqueue("errand", key="errand:1", about=1).state == Job.State.WAITING


def test_a_stumble_is_tried_again_and_given_up_after_five_attempts(errand, caplog):
    def stumble(mine):
        raise OSError("disk full")

    job = errand(stumble)
    for _attempt in range(5):
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
            leased_until=timezone.now() - timedelta(1)
        )
        jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.message) == (Job.State.FAILED, 5, "OSError")


def test_a_job_whose_worker_died_is_taken_up_when_its_lease_runs_out(errand):
    done = []
    job = errand(lambda mine: done.append(mine.about))
    jobs.claim(job.pk)

    call_command("run_waiting_jobs")
    assert done == []
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    call_command("run_waiting_jobs")

    assert done == [1]


def test_who_lost_the_lease_commits_nothing(errand):
    def slow(mine):
        Job.objects.filter(pk=mine.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
        jobs.claim(mine.pk)
        with jobs.finishing(mine):
            CycleFactory(number=77)

    job = errand(slow)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert not type(CycleFactory.build()).objects.filter(number=77).exists()


def test_progress_is_seen_while_the_work_goes_on(errand):
    seen = []

    def walk(mine):
        jobs.advance(mine, 30, 120, "30 of 120")
        seen.append(Job.objects.get(pk=mine.pk).percent)

    jobs.run(errand(walk).pk)

    assert seen == [25]


WORKER = """
import os, sys, time, uuid
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from assembly import jobs
from assembly.models import Receipt

@jobs.job("errand")
def errand(mine):
    for step in range(20):
        jobs.advance(mine, step, 20)
        time.sleep(float(sys.argv[3]))
    with jobs.finishing(mine):
        Receipt.objects.create(token=uuid.uuid4(), address="errand")

print("ready", flush=True)
jobs.run(int(sys.argv[2]))
"""


def worker(job, pause):
    command = [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), str(job.pk), str(pause)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "assembly.settings"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def lease_runs_out(job):
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment_loses_nothing_and_doubles_nothing():
    job = Job.objects.create(kind="errand", key="errand:1", about=1)

    for moment in (0.0, 0.05, 0.15, 0.3):
        with worker(job, pause=0.05) as running:
            running.stdout.readline()
            time.sleep(moment)
            running.send_signal(signal.SIGKILL)
        lease_runs_out(job)
    for _again in range(2):
        with worker(job, pause=0) as running:
            assert running.wait() == 0

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Receipt.objects.filter(address="errand").count() == 1
