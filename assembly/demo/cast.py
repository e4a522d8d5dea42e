"""Who plays: the people of the house, invented from the first name to the last. Each has one login."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from assembly import accounts
from assembly.demo.telling import Teller, found
from assembly.models import Appointment, Cycle, Member, User

PHRASE = "une-place-au-soleil"
Role = Appointment.Role

#: login, name, role, organisation
HOUSE = (
    ("secretariat", "Ariane Delcourt-Mbaye", Role.SECRETARIAT, "Secrétariat général de l’Assemblée"),
    ("gestion", "Solène Abitbol-Keïta", Role.SECRETARIAT, "Secrétariat général, gestion"),
    ("operateur", "Basile Tournemire", Role.OPERATOR, "DDCT"),
    ("operatrice", "Chiara Vasseur-Lô", Role.OPERATOR, "DSIN"),
    ("animation", "Inès Corvaisier", Role.FACILITATOR, "Secrétariat général de l’Assemblée"),
    ("animation2", "Thibaut Malandain", Role.FACILITATOR, "Secrétariat général de l’Assemblée"),
    ("animation3", "Joséphine Akué", Role.FACILITATOR, "Secrétariat général de l’Assemblée"),
    ("accompagnement", "Sonia Belkacem-Roussel", Role.SUPPORT, "Secrétariat général de l’Assemblée"),
    ("garante", "Edmée Sarrazin-Koné", Role.GUARANTOR, "Comité de garantie"),
    ("executif", "Rémi Talabard", Role.EXECUTIVE, "Cabinet de l’Exécutif"),
    ("dvd", "Ludivine Maréchal-Osei", Role.DEPARTMENT, "DVD"),
    ("dac", "Hélène Vauquelin-Diop", Role.DEPARTMENT, "DAC"),
    ("dlh", "Bertrand Auclair-Nguessan", Role.DEPARTMENT, "DLH"),
    ("dtec", "Octave Berrichon-Touré", Role.DEPARTMENT, "DTEC"),
    ("dsol", "Domitille Ancelin-Barry", Role.DEPARTMENT, "DSOL"),
    ("dasco", "Clovis Hautecoeur-Baldé", Role.DEPARTMENT, "DASCO"),
    ("dpe", "Ysoline Kermarrec-Faye", Role.DEPARTMENT, "DPE"),
)
BAILIFF = ("commissaire", "Me Colombe Astier-Vanel")

#: What a visitor is told at the door: login, role, where to look first.
DOORS = (
    ("secretariat", "secretariat", "the board of the cycle under way"),
    ("gestion", "secretariat (four eyes)", "the allowances to close"),
    ("operateur", "draw operator", "the draw room"),
    ("operatrice", "draw operator (four eyes)", "the draw room"),
    ("animation", "facilitator", "the workshop “Fraîcheur en ville” and the wish it is writing"),
    ("accompagnement", "support team", "who needs what at the next meeting, and what is done"),
    ("membre", "member", "the next step: a vote is open"),
    ("mineure", "minor member (16–17)", "their space; their surname is shown nowhere"),
    ("rapporteur", "rapporteur", "the wish being written and its versions"),
    ("garante", "guarantor", "the procedure and the published observations"),
    ("commissaire", "bailiff", "the draw, its fingerprint and its official record"),
    ("executif", "executive’s office", "notebooks, mandates, texts"),
    ("dvd", "department (DVD)", "a question overdue, the measures due"),
)


class Casting(Teller):
    """Everybody is appointed by the secretariat; the secretariat by whoever set the house up."""

    opening = "2021-09-01 09:00"

    def tell(self):
        self.on(self.opening, self.appoint_the_house)

    def appoint_the_house(self):
        secretary = None
        for login, name, role, organisation in HOUSE:
            self.appoint(login, name, role, organisation=organisation, by=secretary)
            secretary = secretary or self.who("secretariat")

    def appoint(self, login, name, role, *, by, **fields):
        self.calendar.known.pop(login, None)
        user = accounts.invite(f"{login}@exemple.invalid", name)
        return found(Appointment(user=user, role=role, **fields), by=by)

    def call_the_bailiff(self, number, days):
        """A bailiff sees one cycle, for a time."""
        cycle = Cycle.objects.get(number=number)
        login, name = BAILIFF
        day = self.calendar.last.date()
        self.appoint(
            login,
            name,
            Role.BAILIFF,
            by=self.who("secretariat"),
            cycle=cycle,
            since=day,
            until=day + timedelta(days=days),
        )


def open_the_doors():
    """The one phrase that opens every account shown at the door; only ever called for the demonstration."""
    emails = [f"{login}@exemple.invalid" for login, *_ in DOORS]
    User.objects.filter(email__in=emails).update(password=make_password(PHRASE))
    EmailAddress.objects.filter(user__email__in=emails).update(verified=True)


def doors():
    """(role, e-mail, what to look at) of the accounts that exist."""
    known = set(User.objects.values_list("email", flat=True))
    rows = [(role, f"{login}@exemple.invalid", look) for login, role, look in DOORS]
    return [row for row in rows if row[1] in known]


def adults(cycle):
    return Member.objects.seated().filter(cycle=cycle, is_minor=False)
