"""Fixtures shared by every app, loaded by pytest.ini with `-p assembly.testing`."""

import os
import tempfile

import pytest
from django.utils import translation

os.environ.setdefault("EMBEDDED", "1")
os.environ.setdefault("VAR", tempfile.mkdtemp(prefix="assembly-test-"))


def pytest_collection_modifyitems(items):
    """Tests that ask no database for anything are worth running on one engine only."""
    for item in items:
        if not item.get_closest_marker("django_db") and not DATABASE_FIXTURES.intersection(item.fixturenames):
            item.add_marker("pure")


DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "told"}


@pytest.fixture(autouse=True)
def quick_and_apart(settings, tmp_path):
    """Own media, own uploads, plain static files, errands run at once, one factor to log in."""
    from assembly.celery import app

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.SECOND_FACTOR = False
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)},
        "pages": settings.CACHES["pages"] | {"LOCATION": f"{tmp_path}/pages"},
    }
    eager = app.conf.task_always_eager
    app.conf.task_always_eager = True
    translation.activate(settings.LANGUAGE_CODE)
    yield
    app.conf.task_always_eager = eager


@pytest.fixture
def appointed(db):
    """A function: the person appointed to a role."""
    from assembly.factories import AppointmentFactory

    def appoint(role, **fields):
        return AppointmentFactory(role=role, **fields).user

    return appoint


@pytest.fixture
def secretary(appointed):
    return appointed("secretariat")
