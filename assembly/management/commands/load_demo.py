"""Tell the demonstration: a cycle that is over and a cycle under way, through the acts people use."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assembly.demo import story
from assembly.models import Cycle


class Command(BaseCommand):
    help = "Load the demonstration into an empty house (DEMO=1 only)."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration has logins everybody knows: it is only loaded with DEMO=1.")
        if story.is_told():
            self.stdout.write("  The demonstration is already there.")
            return
        if story.is_begun():
            raise CommandError(
                "The demonstration was interrupted while it was loaded: start over, ./run --fresh."
            )
        if Cycle.objects.exists():
            self.stdout.write(
                "  A cycle exists already: the demonstration is only loaded into an empty house."
            )
            return
        self.started = time.monotonic()
        story.tell(say=self.say)
        self.say("The demonstration is ready; its documents are printed while you look around")

    def say(self, line):
        self.stdout.write(f"  {time.monotonic() - self.started:4.0f} s  {line}")
        self.stdout.flush()
