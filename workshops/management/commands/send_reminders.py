from django.core.management.base import BaseCommand

from workshops import letters


class Command(BaseCommand):
    help = "Send what people are to be reminded of, at once or in their weekly letter."

    def handle(self, **options):
        letters.send_due()
