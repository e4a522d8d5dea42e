"""With a real Celery worker, which ./test starts on the tests' own PostgreSQL and Redis."""

import os
import time

import pytest
from django.db import transaction

from assembly.factories import CycleFactory
from assembly.models import Document, Job

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PATIENCE = 20


@pytest.fixture(autouse=True)
def errands_through_the_broker(quick_and_apart):
    from assembly.celery import app

    if not os.environ.get("REAL_WORKER"):
        pytest.skip("./test --postgres starts the worker this needs")
    app.conf.task_always_eager = False


def eventually(holds):
    deadline = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def test_the_worker_does_what_the_web_leaves_to_it():
    with transaction.atomic():
        sheet = Document.objects.issue(
            Document.Kind.MINUTES, "Séance du 4 mai", {"text": "Des arbres."}, cycle=CycleFactory()
        )
        Document.objects.filter(pk=sheet.pk).update(html="<p>Des arbres.</p>", file="minutes.pdf")
        assert Job.objects.get().state == Job.State.WAITING

    assert eventually(lambda: Job.objects.get().state == Job.State.DONE)
