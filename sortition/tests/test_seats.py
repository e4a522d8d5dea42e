from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from assembly import clock
from assembly.models import Job, JournalEntry, Member
from sortition.models import Contact, SeatOffer, Volunteer
from sortition.tests.test_draw import drawn

pytestmark = pytest.mark.django_db


def scan(content=b"%PDF-1.7 signature", name="autorisation.pdf"):
    return SimpleUploadedFile(name, content)


def sixteen():
    today = clock.today()
    return today.replace(year=today.year - 16, month=1, day=1)


@pytest.fixture(autouse=True)
def own_papers(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"


@pytest.fixture
def offers(operators):
    drawn(operators)
    return SeatOffer.objects.select_related("volunteer__contact", "pool", "draw__cycle")


CHARTER = {"charter_on": date(2026, 1, 5), "charter": "Charte du 12 mai"}


def of(offers, key):
    return offers.filter(pool__key=key).first()


def test_confirming_a_seat_makes_a_member_with_an_account(offers, secretary):
    offer = of(offers, "roll")

    offer.confirm(by=secretary, email="Anne@exemple.invalid", name="Anne Dupont", **CHARTER)

    member = Member.objects.get()
    assert (offer.state, offer.member, member.state) == ("confirmed", member, "sitting")
    assert member.user.email == "anne@exemple.invalid"
    assert member.profile == offer.volunteer.profile
    entry = JournalEntry.objects.about(offer).latest("pk")
    assert "email" not in entry.facts
    assert Volunteer.objects.get(pk=offer.volunteer_id).state == "confirmed"


def test_a_minor_is_known_by_their_first_name_and_needs_their_parents(offers, secretary):
    offer = of(offers, "minors")

    Contact.objects.filter(pk=offer.volunteer.contact_id).update(birth_date=sixteen())
    offer.receive(by=secretary, file=scan())
    with pytest.raises(ValidationError, match="autorisation|authorisation"):
        offer.confirm(by=secretary, email="jeune@exemple.invalid", **CHARTER)
    offer.refresh_from_db()
    offer.authorisations.get().accept(by=secretary)
    offer.confirm(by=secretary, email="jeune@exemple.invalid", **CHARTER)

    assert offer.member.is_minor
    assert offer.member.user.name == offer.volunteer.contact.first_name


def test_whoever_declines_is_replaced_at_once_in_the_same_pool_keeping_quotas(offers, secretary):
    offer = of(offers, "roll")

    offer.decline(by=secretary, reason="Déménagement")

    successor = SeatOffer.objects.get(replaces=offer)
    assert offer.state == "replaced"
    assert successor.pool == offer.pool
    assert successor.effect["exact"]
    assert successor.volunteer.profile["gender"] == offer.volunteer.profile["gender"]
    assert SeatOffer.objects.standing().count() == 12
    with pytest.raises(ValidationError):
        offer.decline(by=secretary, reason="encore")
    assert SeatOffer.objects.count() == 13


def test_an_empty_reserve_is_said(offers, secretary):
    offer = of(offers, "minors")
    Volunteer.objects.filter(state="reserve").update(state="withdrawn")

    offer.decline(by=secretary, reason="Non")

    assert offer.state == "declined"
    with pytest.raises(ValidationError):
        offer.replace(by=secretary)


def test_a_seat_left_empty_is_filled_again(offers, secretary):
    offer = of(offers, "roll")
    offer.confirm(by=secretary, email="anne@exemple.invalid", **CHARTER)
    with pytest.raises(ValidationError):
        offer.vacate(by=secretary, reason="démission")

    offer.member.resign(by=secretary, reason="démission")
    offer.refresh_from_db()
    offer.vacate(by=secretary, reason="démission")

    assert offer.state == "replaced"


def test_the_page_confirms_with_a_letter_of_welcome(offers, secretary, client, work):
    client.force_login(secretary)
    offer = of(offers, "roll")
    page = client.get(f"/sieges/{offer.pk}/confirmer/")

    client.post(
        f"/sieges/{offer.pk}/confirmer/",
        {"email": "anne@exemple.invalid", "name": "Anne", "charter_on": "2026-01-05", "charter": "v1"},
    )
    work(Job.objects.get(kind="welcome_member").key)

    assert page.status_code == 200
    assert mail.outbox[0].to == ["anne@exemple.invalid"]


def test_reading_names_is_written_in_the_journal(offers, secretary, client):
    client.force_login(secretary)

    page = client.get(f"/cycles/{offers[0].cycle.number}/sieges/")

    assert offers[0].volunteer.contact.last_name in page.content.decode()
    assert JournalEntry.objects.latest("pk").act == "assembly.cycle.read_names"


@pytest.mark.parametrize("role", ["operator", "guarantor", "bailiff", "facilitator"])
def test_names_are_for_the_secretariat(offers, role, appointed, client):
    client.force_login(appointed(role))

    assert client.get(f"/cycles/{offers[0].cycle.number}/sieges/").status_code == 403


def test_personal_data_goes_on_its_date(offers):
    from sortition.reactions import purge_contacts

    with clock.at(clock.now() + timedelta(days=4000)):
        purge_contacts()

    assert Contact.objects.count() == 0
    assert Volunteer.objects.filter(contact=None).count() == 60
    assert JournalEntry.objects.latest("pk").facts == {"deleted": 60}
