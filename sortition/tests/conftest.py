import pytest
from django.core.cache import cache

from assembly import jobs
from assembly.models import Job


@pytest.fixture(autouse=True)
def own_incoming(settings, tmp_path):
    settings.INCOMING = tmp_path / "incoming"
    settings.INCOMING.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(settings.INCOMING)


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    cache.clear()


@pytest.fixture
def work():
    """A function: what a worker does with the job of that key."""

    def run(key):
        job = Job.objects.get(key=key)
        jobs.run(job.pk)
        job.refresh_from_db()
        return job

    return run


@pytest.fixture
def operators(appointed):
    """Four eyes."""
    return appointed("operator"), appointed("operator")
