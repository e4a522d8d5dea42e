from collections import Counter
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from assembly import clock
from assembly.models import Job, JournalEntry, Member, User
from sortition.factories import RecruitingFactory, SeatOfferFactory
from sortition.models import Contact, Draw, SeatOffer, Volunteer
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


def minor_of(offers):
    offer = of(offers, "minors")
    Contact.objects.filter(pk=offer.volunteer.contact_id).update(birth_date=sixteen())
    return of(offers, "minors")


@pytest.fixture
def seat(db):
    """One seat offered to a grown-up."""
    return seat_of("roll")


@pytest.fixture
def young(db):
    """One seat offered to somebody of sixteen."""
    return seat_of("minors", volunteer__is_minor=True, volunteer__contact__birth_date=sixteen())


def seat_of(key, **more):
    cycle = RecruitingFactory()
    pool = cycle.pools.get(key=key)
    state = Volunteer.State.DRAWN
    return SeatOfferFactory(draw__cycle=cycle, volunteer__pool=pool, volunteer__state=state, **more)


def frozen(draw, operators):
    first, second = operators
    draw.announce(by=first, announced_for=clock.now() + timedelta(days=11))
    draw.freeze(by=second)


def held(draw, operators, work):
    """A whole complementary draw, its number derived from the dice."""
    first, second = operators
    frozen(draw, operators)
    with clock.at(draw.announced_for + timedelta(hours=1)):
        draw.enter_seed(by=second, dice="1234567890" * 2, source_text="Loto", witnesses="Me Astier")
        draw.confirm_seed(by=first, dice="1234567890" * 2, source_text="Loto")
        work(draw.job_key)
        draw.refresh_from_db()
        draw.enter_number(by=first, digits="3")
        draw.confirm_number(by=second, digits="3")


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
    with clock.at(clock.now() + timedelta(days=4000)):
        call_command("purge_expired_data")

    assert Contact.objects.count() == 0
    assert Volunteer.objects.filter(contact=None).count() == 60
    assert JournalEntry.objects.latest("pk").facts == {"deleted": 60}


# ---- calls, papers, account


def test_calls_are_logged_and_their_note_is_in_no_journal(seat, secretary, client):
    client.force_login(secretary)
    offer = seat

    client.post(f"/sieges/{offer.pk}/appel/", {"outcome": "thinking", "note": "Rappeler jeudi soir"})

    call = offer.calls.get()
    assert (call.outcome, call.by) == ("thinking", secretary)
    assert "Rappeler jeudi soir" in client.get(f"/sieges/{offer.pk}/").content.decode()
    assert not JournalEntry.objects.filter(facts__icontains="Rappeler").exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00 program", "autorisation.pdf"),
        (b"", "vide.pdf"),
        (b"\x89PNG\r\n\x1a\n broken", "photo.png"),
        (b"\xff\xd8\xff" + bytes(11 * 1024 * 1024), "photo.jpg"),
    ],
)
def test_an_authorisation_that_is_huge_or_a_program_is_refused_in_words(
    young, secretary, client, content, name
):
    client.force_login(secretary)
    offer = young

    page = client.post(f"/sieges/{offer.pk}/autorisation/", {"file": SimpleUploadedFile(name, content)})

    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert not offer.authorisations.exists()


def test_an_authorisation_is_read_by_the_secretariat_alone_and_kept_apart(
    young, secretary, client, appointed, settings
):
    offer = young
    offer.receive(by=secretary, file=scan())
    paper = offer.authorisations.get()
    address = f"/autorisations/{paper.pk}/fichier/"

    client.force_login(secretary)
    seen = client.get(address)
    client.force_login(appointed("operator"))

    assert b"".join(seen.streaming_content) == b"%PDF-1.7 signature"
    assert client.get(address).status_code == 404
    assert str(settings.PRIVATE_ROOT) in paper.file.path
    assert JournalEntry.objects.about(paper).latest("pk").act.endswith(".read")


def test_an_authorisation_leaves_the_house_when_its_member_comes_of_age(young, secretary):
    offer = young
    offer.receive(by=secretary, file=scan())
    offer.authorisations.get().accept(by=secretary)
    offer.confirm(by=secretary, email="jeune@exemple.invalid", **CHARTER)
    birthday = clock.now().replace(year=clock.today().year + 2, month=1, day=1)

    with clock.at(birthday - timedelta(days=1)):
        call_command("purge_expired_data")
        assert Member.objects.get().is_minor
    with clock.at(birthday + timedelta(days=1)):
        call_command("purge_expired_data")

    paper = offer.authorisations.get()
    assert (Member.objects.get().is_minor, paper.file.name, paper.state) == (False, "", "checked")
    assert JournalEntry.objects.filter(act="assembly.member.come_of_age").count() == 1


def test_a_minor_who_turned_eighteen_before_confirming_needs_nobody(young, secretary):
    offer = young
    of_age = clock.today().replace(year=clock.today().year - 18)
    Contact.objects.filter(pk=offer.volunteer.contact_id).update(birth_date=of_age)
    offer = SeatOffer.objects.get(pk=offer.pk)

    with pytest.raises(ValidationError):
        offer.receive(by=secretary, file=scan())
    offer.confirm(by=secretary, email="jeune@exemple.invalid", **CHARTER)

    assert not offer.member.is_minor


def test_the_invitation_is_sent_again_until_they_log_in(seat, secretary, work):
    offer = seat
    offer.confirm(by=secretary, email="anne@exemple.invalid", **CHARTER)
    with clock.at(clock.now() + timedelta(days=3)):
        offer.invite_again(by=secretary)

    for job in Job.objects.filter(kind="welcome_member"):
        work(job.key)

    assert len(mail.outbox) == 2
    assert "Anne" not in mail.outbox[0].subject
    User.objects.filter(pk=offer.member.user_id).update(last_login=clock.now())
    with pytest.raises(ValidationError):
        SeatOffer.objects.get(pk=offer.pk).invite_again(by=secretary)


# ---- the seat left empty


def test_who_would_come_and_every_quota_are_shown_before_deciding_by_pseudonym_alone(
    offers, secretary, client
):
    client.force_login(secretary)
    offer = of(offers, "roll")

    page = client.get(f"/sieges/{offer.pk}/decliner/")
    offer.decline(by=secretary, reason="Non")

    foreseen = page.context["foreseen"]
    assert foreseen["chosen"] == offer.successor.volunteer
    assert foreseen["exact"]
    assert not any(row["off"] for row in foreseen["rows"])
    assert offer.successor.volunteer.contact.last_name not in page.content.decode()
    women = [row for row in foreseen["rows"] if row["quota"].category == "Femmes"]
    assert [(row["now"], row["empty"], row["then"]) for row in women] in ([(4, 3, 4)], [(4, 4, 4)])


def test_a_complementary_draw_fills_the_empty_seats_within_what_is_left_of_the_quotas(
    offers, operators, secretary, work
):
    pool = of(offers, "roll").pool
    gone = list(offers.filter(pool=pool)[:2])
    for offer in gone:
        offer.decline(by=secretary, reason="Non", call=False)
    draw = Draw.objects.complement(pool, by=operators[0], panels=10, seed_sources="Dés.")
    with pytest.raises(ValidationError):
        Draw.objects.complement(pool, by=operators[0])

    held(draw, operators, work)

    new = SeatOffer.objects.filter(draw=draw)
    assert {offer.replaces for offer in new} == set(gone)
    assert set(SeatOffer.objects.filter(pk__in=[one.pk for one in gone]).values_list("state", flat=True)) == {
        "replaced"
    }
    genders = Counter(
        SeatOffer.objects.filter(pool=pool).standing().values_list("volunteer__profile__gender", flat=True)
    )
    assert genders == {"F": 4, "H": 4}
    assert {row["pool"]: row["taken_part"] for row in draw.counts["pools"]} == {str(pool): 40}


def test_nobody_is_called_from_the_reserve_while_a_complementary_draw_is_frozen(offers, operators, secretary):
    offer = of(offers, "roll")
    offer.decline(by=secretary, reason="Non", call=False)
    draw = Draw.objects.complement(offer.pool, by=operators[0], panels=10, seed_sources="Dés.")
    frozen(draw, operators)

    with pytest.raises(ValidationError):
        SeatOffer.objects.get(pk=offer.pk).replace(by=secretary)


def test_the_list_of_seats_costs_the_same_however_many(
    offers, secretary, client, django_assert_max_num_queries
):
    client.force_login(secretary)
    offer = minor_of(offers)
    offer.log_call(by=secretary, outcome="no_answer")
    offer.receive(by=secretary, file=scan())

    with django_assert_max_num_queries(15):
        page = client.get(f"/cycles/{offer.cycle.number}/sieges/")

    assert len(page.context["object_list"]) == 12
