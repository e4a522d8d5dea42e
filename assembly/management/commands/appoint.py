from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from assembly import accounts
from assembly.models import Appointment


class Command(BaseCommand):
    help = "Appoint somebody, such as the first secretary of an empty house; they log in by e-mail code."

    def add_arguments(self, parser):
        parser.add_argument("role", choices=[role for role, _label in Appointment.GIVEN])
        parser.add_argument("email")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, role, email, name, **options):
        try:
            validate_email(email)
        except ValidationError as refusal:
            raise CommandError(f"{email} is not an e-mail address.") from refusal
        user = accounts.invite(email, name)
        if user.holds(role):
            raise CommandError(f"{user} already holds this role.")
        Appointment.objects.create(user=user, role=role).record("create", by=None)
        self.stdout.write(f"{user} is appointed ({role}) and may log in with a code sent to {user.email}.")
