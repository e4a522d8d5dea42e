from django.core.management.base import BaseCommand

from assembly.search import index


class Command(BaseCommand):
    help = "Make the search index again from everything public."

    def handle(self, **options):
        self.stdout.write(f"{index.rebuild()} entries.")
