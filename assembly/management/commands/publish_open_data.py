from django.core.management.base import BaseCommand

from assembly.open_data import release


class Command(BaseCommand):
    help = "Ask for the archive of the open data of this night, once; called by the clock."

    def handle(self, **options):
        release.ask_for_the_night()
