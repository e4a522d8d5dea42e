import hashlib
from datetime import date, timedelta

import factory

from assembly import clock
from assembly.factories import (
    AppointmentFactory,
    CategoryFactory,
    CriterionFactory,
    CycleFactory,
    PoolFactory,
    TargetFactory,
)
from assembly.models import Appointment, Cycle, Pool
from sortition import codes
from sortition.models import Contact, Draw, Invitation, Register, SeatOffer, Volunteer


class RecruitingFactory(CycleFactory):
    """A small cycle that recruits: 8 seats from the roll (4 women, 4 men; districts in two halves), 2 and 2."""

    class Meta:
        model = Cycle
        skip_postgeneration_save = True

    state = Cycle.State.RECRUITMENT
    letters = 40

    @factory.post_generation
    def figures(cycle, create, extracted, **kwargs):
        gender = CriterionFactory(cycle=cycle, key="gender", title="Genre", position=0)
        women = CategoryFactory(criterion=gender, key="F", title="Femmes", population=540)
        men = CategoryFactory(criterion=gender, key="H", title="Hommes", population=460)
        district = CriterionFactory(cycle=cycle, key="district", title="Arrondissement", position=1)
        centre = CategoryFactory(criterion=district, key="PC", title="Paris Centre", population=100)
        twelfth = CategoryFactory(criterion=district, key="12", title="12e", population=140)
        roll = PoolFactory(
            cycle=cycle, key="roll", title="Listes électorales", source=Pool.Source.ROLL, seats=8
        )
        others = PoolFactory(cycle=cycle, key="non_eu", title="Hors Union européenne", seats=2)
        minors = PoolFactory(cycle=cycle, key="minors", title="Mineurs", seats=2)
        for pool, category, low, high in [
            (roll, women, 4, 4),
            (roll, men, 4, 4),
            (roll, centre, 3, 4),
            (roll, twelfth, 4, 5),
            (others, women, 0, 2),
            (others, men, 0, 2),
            (minors, women, 1, 1),
            (minors, men, 1, 1),
        ]:
            TargetFactory(pool=pool, category=category, minimum=low, maximum=high)


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    cycle = factory.SubFactory(RecruitingFactory)
    last_name = factory.Sequence("DUPONT-{}".format)
    first_name = "Camille"
    birth_date = date(1980, 3, 12)
    address = factory.Sequence("{} RUE DES ÉCOLES".format)
    postcode = "75012"
    city = "PARIS"
    email = factory.Sequence("camille.dupont{}@exemple.invalid".format)
    purge_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=365))


class RegisterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Register

    pool = factory.SubFactory(PoolFactory, source=Pool.Source.ROLL)
    cycle = factory.SelfAttribute("pool.cycle")
    name = "liste.csv"
    seed = "12345 67890"
    letters = 40


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    class Params:
        sent = factory.Trait(state=Invitation.State.SENT, sent_on=factory.LazyFunction(clock.today))

    pool = factory.SubFactory(PoolFactory, source=Pool.Source.ROLL)
    contact = factory.SubFactory(ContactFactory, cycle=factory.SelfAttribute("..pool.cycle"))
    code = factory.LazyFunction(codes.fresh)
    line = factory.Sequence(int)
    district = "12"
    age_band = "40_54"
    sex = "F"


class VolunteerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Volunteer

    pool = factory.SubFactory(PoolFactory)
    cycle = factory.SelfAttribute("pool.cycle")
    contact = factory.SubFactory(ContactFactory, cycle=factory.SelfAttribute("..cycle"))
    person_key = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    profile = {"gender": "F", "district": "12"}
    source = Volunteer.Source.FILE
    salt = factory.Sequence("{:032x}".format)
    pseudonym = factory.LazyAttribute(Volunteer.made_pseudonym)


class DrawFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Draw

    cycle = factory.SubFactory(RecruitingFactory)
    panels = 20
    seed_sources = "Six dés lancés devant témoins, puis le tirage du Loto du jour."
    prepared_by = factory.LazyFunction(lambda: AppointmentFactory(role=Appointment.Role.OPERATOR).user)


class SeatOfferFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SeatOffer

    draw = factory.SubFactory(DrawFactory)
    volunteer = factory.SubFactory(VolunteerFactory)
    pool = factory.SelfAttribute("volunteer.pool")


def crowd(cycle, *, roll=48, others=6, minors=6):
    """Volunteers enough to draw from, in every category."""
    found = []
    for key, count in [("roll", roll), ("non_eu", others), ("minors", minors)]:
        pool = cycle.pools.get(key=key)
        for number in range(count):
            profile = {"gender": "FH"[number % 2], "district": ["PC", "12"][number // 2 % 2]}
            found.append(VolunteerFactory(pool=pool, profile=profile, is_minor=key == "minors"))
    return found
