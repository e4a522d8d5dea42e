"""A house as large as so many cycles would leave it, written at once for `measure pages`.

Run as a program, it prints the addresses and the cookies that the measure calls with.
"""

import json
import sys
from datetime import timedelta

import django

MEMBERS, CROWD, WORKSHOPS, MEETINGS, TEXTS, MEASURES, RETURNS, REMARKS = 100, 748, 6, 5, 16, 5, 2, 30
ON_A_TEXT, ACTS = 30, 1500
"""What one cycle leaves: measured on the first ones of Paris, rounded up."""


def main(wanted):
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from assembly.models import Cycle

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        for number in range(Cycle.objects.count() + 1, wanted + 1):
            grow(number)
        print(json.dumps(called()))


def grow(number):
    """One more cycle: its members, workshops, meetings, texts, measures, returns and acts."""
    from assembly.factories import CycleFactory, PoolFactory
    from workshops.factories import MeetingFactory, WorkshopFactory
    from workshops.models import Meeting

    cycle = CycleFactory(number=number, state="discovery" if number == 1 else "follow_up")
    sit(PoolFactory(cycle=cycle), CROWD if number == 1 else MEMBERS)
    workshops = WorkshopFactory.create_batch(WORKSHOPS, cycle=cycle)
    for workshop in workshops:
        held = MeetingFactory.build_batch(MEETINGS, workshop=workshop, cycle=cycle, held=True)
        Meeting.objects.bulk_create(
            [*held, MeetingFactory.build(workshop=workshop, cycle=cycle, called=True)]
        )
    texts = write(cycle, workshops)
    remember(texts, cycle.members.all())
    if number == 1:
        first_of_all(cycle, workshops[0], texts[0])


def sit(pool, count):
    from assembly.factories import UserFactory
    from assembly.models import Member, User

    number = pool.cycle.number
    names = [f"Camille {number:02}-{place:03}" for place in range(count)]
    users = User.objects.bulk_create(
        UserFactory.build(name=name, email=f"{name.replace(' ', '')}@exemple.invalid".lower())
        for name in names
    )
    rows = {"cycle": pool.cycle, "pool": pool, "state": "sitting", "since": pool.cycle.starts_on}
    Member.objects.bulk_create(Member(user=user, **rows) for user in users)


def write(cycle, workshops):
    """Texts that were voted, adopted and followed up, with their versions and a ballot."""
    from deliberations.factories import (
        BallotFactory,
        CouncilItemFactory,
        MeasureFactory,
        ProposalFactory,
        ReturnFactory,
        VersionFactory,
        wish,
    )
    from deliberations.models import Ballot, CouncilItem, Measure, Proposal, Return, Version

    texts = Proposal.objects.bulk_create(
        ProposalFactory.build(
            in_follow_up=True,
            cycle=cycle,
            workshop=workshops[place % WORKSHOPS],
            plain_summary="Ouvrir des rues aux enfants, une par quartier, dès la rentrée. " * 3,
        )
        for place in range(TEXTS)
    )
    versions = [
        VersionFactory.build(proposal=text, number=number, clauses=wish(12))
        for text in texts
        for number in (1, 2, 3)
    ]
    Version.objects.bulk_create(versions)
    for text, last in zip(texts, versions[2::3], strict=True):
        text.voted_version = text.carried_version = last
    Proposal.objects.bulk_update(texts, ["voted_version", "carried_version"])
    CouncilItem.objects.bulk_create(
        CouncilItemFactory.build(proposal=text, adopted_version=text.voted_version, outcome="adopted")
        for text in texts
    )
    Ballot.objects.bulk_create(BallotFactory.build(proposal=text, closed=True) for text in texts)
    measures = Measure.objects.bulk_create(
        MeasureFactory.build(proposal=text, number=number)
        for text in texts
        for number in range(1, MEASURES + 1)
    )
    Return.objects.bulk_create(
        ReturnFactory.build(measure=measure) for measure in measures for _ in range(RETURNS)
    )
    return texts


def remember(texts, members):
    """The journal of a cycle: thirty acts on each text, the rest on people."""
    from django.contrib.contenttypes.models import ContentType

    from assembly import clock
    from assembly.models import JournalEntry

    acts = ("create", "send_to_review", "settle", "open_ballot", "transmit", "carry", "file")
    told = [(text, acts[place % len(acts)]) for place in range(ON_A_TEXT) for text in texts]
    people = list(members)
    told += [(people[place % len(people)], "sit") for place in range(ACTS - len(told))]
    JournalEntry.objects.bulk_create(
        JournalEntry(
            at=clock.now() - timedelta(hours=ACTS - place),
            act=f"{target._meta.label_lower}.{act}",
            target_type=ContentType.objects.get_for_model(target),
            target_id=target.pk,
            label=str(target)[:200],
        )
        for place, (target, act) in enumerate(told)
    )


def first_of_all(cycle, workshop, text):
    """What the dear pages show: thirty remarks on a text, a crowd of volunteers, a member with a workshop."""
    from assembly.factories import AppointmentFactory
    from deliberations.models import Amendment
    from sortition.factories import ContactFactory, VolunteerFactory
    from sortition.models import Contact, Volunteer
    from workshops.models import Enrolment

    members = list(cycle.members.all())
    Enrolment.objects.bulk_create(
        Enrolment(member=member, workshop=workshop, rank=1) for member in members[:MEMBERS]
    )
    Amendment.objects.bulk_create(
        Amendment(
            proposal=text,
            number=number,
            sort="replace",
            clause=f"m{number % 12 + 1}",
            kind="measure",
            was="la Ville ouvre une rue aux enfants ;",
            text="la Ville ouvre deux rues aux enfants, dont une devant une école ;",
            reason="Une seule ne suffit pas.",
            author=members[number].user,
            base=3,
        )
        for number in range(1, REMARKS + 1)
    )
    pool = cycle.pools.get()
    contacts = Contact.objects.bulk_create(ContactFactory.build(cycle=cycle) for _ in range(CROWD))
    Volunteer.objects.bulk_create(
        VolunteerFactory.build(pool=pool, cycle=cycle, contact=contact) for contact in contacts
    )
    AppointmentFactory(user__email="secretariat@exemple.invalid")


def called():
    """{name of the page: (address, cookies)}."""
    from django.urls import reverse

    from assembly.models import Cycle, User
    from deliberations.models import Proposal

    member = Cycle.objects.get(number=1).members.filter(enrolment__isnull=False).first().user
    secretary = User.objects.get(email="secretariat@exemple.invalid")
    text = Proposal.objects.earliest("pk")
    as_member, as_secretary = session_of(member), session_of(secretary)
    texts = reverse("deliberations:proposal_list")
    return {
        "home": (reverse("home"), ""),
        "kept": (texts, ""),
        "texts": (texts, as_member),
        "text": (text.get_absolute_url(), as_member),
        "remarks": (reverse("deliberations:proposal_amendments", args=[text.pk]), as_member),
        "space": (reverse("my_space"), as_member),
        "members": (reverse("assembly:member_list", args=[1]), as_secretary),
        "volunteers": (reverse("sortition:volunteer_list", args=[1]), as_secretary),
    }


def session_of(user):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
