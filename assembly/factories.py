from datetime import date

import factory

from assembly.models import Appointment, Category, Criterion, Cycle, Member, Pool, Target, User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence("Camille {}".format)
    email = factory.Sequence("camille{}@exemple.invalid".format)


class CycleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cycle

    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda cycle: f"Promotion {cycle.number}")
    starts_on = date(2026, 1, 1)
    ends_on = date(2027, 6, 30)
    state = Cycle.State.DISCOVERY


class AppointmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    role = Appointment.Role.SECRETARIAT
    since = date(2020, 1, 1)


class PoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pool

    cycle = factory.SubFactory(CycleFactory)
    key = factory.Sequence("pool-{}".format)
    title = "Listes électorales"
    seats = 80


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    cycle = factory.SubFactory(CycleFactory)
    key = factory.Sequence("criterion-{}".format)
    title = "Genre"


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    criterion = factory.SubFactory(CriterionFactory)
    key = factory.Sequence("category-{}".format)
    title = "Femmes"
    population = 1000


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    pool = factory.SubFactory(PoolFactory)
    category = factory.SubFactory(CategoryFactory)
    minimum = 1
    maximum = 2


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member
        skip_postgeneration_save = True

    class Params:
        seated = factory.Trait(state=Member.State.SITTING, since=date(2026, 1, 15))

    pool = factory.SubFactory(PoolFactory)
    cycle = factory.SelfAttribute("pool.cycle")
    user = factory.SubFactory(UserFactory)

    @factory.post_generation
    def spell(member, create, extracted, **kwargs):
        """Whoever was seated sits since then."""
        if member.since:
            member.spells.create(state=member.state, since=member.since)
