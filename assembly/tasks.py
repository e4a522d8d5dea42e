"""Errands for the workers: they take numbers, never words, and may be run twice without harm."""

from celery import shared_task
from django.core.management import call_command

from assembly import documents, jobs  # noqa: F401 (documents registers the printing job)


@shared_task
def run_job(pk):
    jobs.run(pk)


@shared_task
def run(command):
    """The clock's only door: beat runs management commands, as an operator would."""
    call_command(command)
