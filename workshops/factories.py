from datetime import timedelta

import factory

from assembly import clock
from assembly.factories import AppointmentFactory, CycleFactory, MemberFactory, UserFactory
from assembly.models import Appointment
from workshops.models import (
    AgendaItem,
    Allotment,
    Attendance,
    Decision,
    Enrolment,
    Meeting,
    Minutes,
    Notebook,
    NotebookQuestion,
    NotebookSection,
    PersonHeard,
    Question,
    Workshop,
)


class WorkshopFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Workshop
        skip_postgeneration_save = True

    cycle = factory.SubFactory(CycleFactory)
    title = factory.Sequence("Atelier {}".format)
    purpose = "Comprendre, entendre, proposer."

    @factory.post_generation
    def facilitator(workshop, create, given):
        """`facilitator=user`: leads the workshop, and is appointed to it."""
        if create and given:
            AppointmentFactory(user=given, role=Appointment.Role.FACILITATOR, cycle=workshop.cycle)
            workshop.facilitators.add(given)


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """A member who sits and belongs to a workshop."""

    class Meta:
        model = Enrolment

    workshop = factory.SubFactory(WorkshopFactory)
    member = factory.LazyAttribute(
        lambda row: MemberFactory(pool__cycle=row.workshop.cycle, seated=True, user=UserFactory())
    )
    rank = 1


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    class Params:
        called = factory.Trait(state=Meeting.State.CALLED, called_at=factory.LazyFunction(clock.now))
        held = factory.Trait(
            state=Meeting.State.HELD,
            called_at=factory.LazyFunction(clock.now),
            starts_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=2)),
        )
        plenary = factory.Trait(
            kind=Meeting.Kind.PLENARY, workshop=None, cycle=factory.SubFactory(CycleFactory)
        )

    workshop = factory.SubFactory(WorkshopFactory)
    cycle = factory.SelfAttribute("workshop.cycle")
    title = factory.Sequence("Séance {}".format)
    starts_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + timedelta(hours=3))
    place = "Hôtel de Ville, salle 402"


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence("Point {}".format)


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory, called=True)
    member = factory.LazyAttribute(lambda row: EnrolmentFactory(workshop=row.meeting.workshop).member)


class PersonHeardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PersonHeard

    meeting = factory.SubFactory(MeetingFactory)
    name = "Maëlle Corbin"
    capacity = "urbaniste"
    organisation = "Atelier des rues"
    interests = "Aucun intérêt déclaré."


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    meeting = factory.SubFactory(MeetingFactory, held=True)
    text = "Visiter deux écoles avant l’été."


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    meeting = factory.SubFactory(MeetingFactory, called=True)
    workshop = factory.SelfAttribute("meeting.workshop")
    cycle = factory.SelfAttribute("meeting.cycle")
    state = Question.State.ASKED
    text = "Combien de rues aux écoles d’ici deux ans ?"
    addressed_to = "Direction de la voirie"


class MinutesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Minutes

    meeting = factory.SubFactory(MeetingFactory, held=True)
    narrative = "# Accueil\n\nTour de table."


class NotebookFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notebook

    workshop = factory.SubFactory(WorkshopFactory)
    title = factory.LazyAttribute(lambda notebook: f"Carnet de synthèse – {notebook.workshop.title}")


class NotebookSectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NotebookSection

    notebook = factory.SubFactory(NotebookFactory)
    kind = NotebookSection.Kind.FINDINGS
    title = "Nos constats"
    body = "La rue appartient d’abord à qui marche."


class NotebookQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NotebookQuestion

    notebook = factory.SubFactory(NotebookFactory)
    text = "Quel budget pour les rues aux écoles ?"


class AllotmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Allotment

    cycle = factory.SubFactory(CycleFactory)
    seed = "marguerite"
