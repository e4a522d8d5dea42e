"""The doors of the demonstration: one login per role."""

from django.conf import settings
from django.core.management.base import BaseCommand

from assembly.demo import cast


class Command(BaseCommand):
    help = "Print one login per role of the demonstration."

    def handle(self, **options):
        rows = cast.doors() if settings.DEMO else []
        if not rows:
            self.stdout.write("No demonstration is loaded here.")
            return
        role, email = (max(len(row[column]) for row in rows) for column in (0, 1))
        self.stdout.write(f"Logins of the demonstration (password of all: {cast.PHRASE})\n")
        for who, address, look in rows:
            self.stdout.write(f"  {who:<{role}}  {address:<{email}}  {look}")
