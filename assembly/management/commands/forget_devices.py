from django.core.management.base import BaseCommand, CommandError

from assembly.models import User


class Command(BaseCommand):
    help = "Forget the devices that confirm somebody’s login, when no secretary is left to do it."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("reason")

    def handle(self, email, reason, **options):
        user = User.objects.filter(email=User.objects.normalize_email(email)).first()
        if user is None:
            raise CommandError(f"No account has the address {email}.")
        user.forget_devices(by=None, reason=reason[:300])
        self.stdout.write(f"{user.email} logs in with a code by e-mail, then sets up another device.")
