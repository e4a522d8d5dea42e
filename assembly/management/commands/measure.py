import sys

from django.core.management.base import BaseCommand, CommandError

from assembly.measuring import known


class Command(BaseCommand):
    help = "Print the figures we promise, one line each; exit 1 when one is under its bar."

    def add_arguments(self, parser):
        parser.add_argument("name", help="roll, notebook, jobs…")
        parser.add_argument("told", nargs="*", metavar="NAME=VALUE", help="what this measure can be told")

    def handle(self, name, **options):
        measures = known()
        if name not in measures:
            raise CommandError(f"There is no measure “{name}”. There are: {', '.join(sorted(measures))}.")
        held = True
        for figure in measures[name](**dict(pair.split("=", 1) for pair in options["told"])):
            self.stdout.write(str(figure))
            held &= figure.holds
        if not held:
            sys.exit(1)
