import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from assembly import clock
from assembly.factories import MemberFactory
from assembly.models import Document, JournalEntry, RightsRequest
from sortition.factories import SeatOfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(secretary):
    """Somebody seated through the draw, whose contact is kept."""
    offer = SeatOfferFactory(volunteer__contact__phone="+33123456789")
    seat = MemberFactory(
        seated=True, pool=offer.pool, profile=offer.volunteer.profile, user__name="Awa Lenoir"
    )
    offer.member = seat
    offer.save()
    return seat


def test_the_page_gathers_what_is_held_and_nothing_of_others(client, member, django_assert_max_num_queries):
    other = MemberFactory(seated=True, pool=member.pool, user__name="Bob Rivière")
    for reader, title in [(member.user, "Mon relevé"), (other.user, "Le relevé de Bob")]:
        Document.objects.create(
            kind="statement", title=title, cycle=member.cycle, audience="person", reader=reader, content={}
        )
    client.force_login(member.user)

    with django_assert_max_num_queries(15):
        page = client.get(reverse("my_page")).content.decode()

    assert all(said in page for said in ("Awa Lenoir", "+33123456789", "Mon relevé"))
    assert "Bob" not in page


def test_a_minor_sees_how_the_others_read_their_name(client, member):
    member.is_minor = True
    member.save()
    client.force_login(member.user)

    assert "<dd>Awa <" in client.get(reverse("my_page")).content.decode()


def test_a_member_corrects_their_contact_and_the_journal_keeps_no_word_of_it(client, member):
    client.force_login(member.user)
    profile = dict(member.profile)
    new = {"reached_by": "phone", "phone": "06 12 34 56 78", "address": "5 rue Neuve", "postcode": "75005"}

    wrong = client.post(reverse("my_contact"), new | {"phone": "douze"})
    client.post(reverse("my_contact"), new)

    contact = member.offer.volunteer.contact
    contact.refresh_from_db()
    member.refresh_from_db()
    assert "douze" in wrong.content.decode()
    assert (contact.phone, contact.postcode, contact.reached_by) == ("+33612345678", "75005", "phone")
    assert member.profile == profile
    entry = JournalEntry.objects.get(act="assembly.member.correct_contact")
    assert not any(word in str(entry.facts) for word in ("612345678", "Neuve"))


def test_a_new_address_for_the_login_is_a_new_address_to_write_to(client, member):
    for email, primary in [(member.user.email, True), ("neuve@exemple.invalid", False)]:
        EmailAddress.objects.create(user=member.user, email=email, verified=True, primary=primary)
    client.force_login(member.user)

    client.post(reverse("account_email"), {"email": "neuve@exemple.invalid", "action_primary": ""})

    contact = member.offer.volunteer.contact
    contact.refresh_from_db()
    member.user.refresh_from_db()
    assert contact.email == member.user.email == "neuve@exemple.invalid"


def test_who_asks_to_be_telephoned_gives_a_number(client, member):
    client.force_login(member.user)

    answer = client.post(reverse("my_contact"), {"reached_by": "phone", "phone": ""})

    assert answer.status_code == 200
    assert "aria-invalid" in answer.content.decode()


def test_there_is_no_contact_to_correct_once_it_is_deleted(client, secretary):
    for user in (secretary, MemberFactory(seated=True).user):
        client.force_login(user)
        assert client.get(reverse("my_contact")).status_code == 404
        assert client.get(reverse("my_page")).status_code == 200


def test_a_request_is_known_to_be_theirs_and_its_month_runs(client, member):
    client.force_login(member.user)
    asked = {"kind": "rectification", "words": "Mon diplôme est un CAP.", "once": ""}

    empty = client.post(reverse("my_request"), asked | {"words": ""})
    client.post(reverse("my_request"), asked, follow=True)

    request = RightsRequest.objects.get()
    assert empty.status_code == 200
    assert (request.kind, request.state, request.person.user) == ("rectification", "checked", member.user)
    assert (request.received_on, (request.due_on - clock.today()).days >= 28) == (clock.today(), True)
    assert "Mon diplôme" not in str(list(JournalEntry.objects.values_list("facts", "label")))


def test_the_answer_stands_on_the_page_of_who_asked_only(client, member, secretary):
    client.force_login(member.user)
    client.post(reverse("my_request"), {"kind": "objection", "words": "Pas de photos de moi."})
    RightsRequest.objects.get().give_answer(by=secretary, answer="Vos photos sont retirées.")

    mine = client.get(reverse("my_page")).content.decode()
    client.force_login(MemberFactory(seated=True).user)
    theirs = client.get(reverse("my_page")).content.decode()

    assert "Vos photos sont retirées." in mine
    assert "Vos photos" not in theirs
