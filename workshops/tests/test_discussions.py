"""Members talk subject by subject; one's words are one's own for a while; a facilitator hides, and says why."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.factories import MemberFactory, UserFactory
from workshops.factories import EnrolmentFactory, WorkshopFactory
from workshops.models import Message, Reminder, Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return WorkshopFactory(facilitator=UserFactory())


@pytest.fixture
def author(workshop):
    return EnrolmentFactory(workshop=workshop).member.user


@pytest.fixture
def thread(workshop, author):
    return Thread.objects.open(workshop, by=author, title="Les bancs", text="Trois **bancs** à l’ombre.")


def address(name, obj):
    return reverse(f"workshops:{name}", args=[obj.pk])


def test_a_member_opens_a_subject_and_others_answer(client, workshop, author):
    client.force_login(author)
    data = {"title": "Les bancs", "text": "Où sont-ils ?", "once": "0d3a9f1e-0000-4000-8000-000000000001"}
    for _click in range(3):
        client.post(address("thread_add", workshop), data)
    thread = Thread.objects.get()
    client.force_login(EnrolmentFactory(workshop=workshop).member.user)

    page = client.post(address("message_add", thread), {"text": "Rue de la **Roquette**."}, follow=True)

    assertContains(page, "<strong>Roquette</strong>")
    assert thread.messages.count() == 2


def test_a_script_is_words_only(client, thread, author):
    thread.say(by=author, text="<script>alert(1)</script> [x](javascript:alert(1)) " + "a" * 500)
    client.force_login(author)

    page = client.get(thread.get_absolute_url())

    assertNotContains(page, "<script>alert")
    assertNotContains(page, 'href="javascript')


@pytest.mark.parametrize("reader", ["visitor", "stranger", "department"])
def test_a_discussion_stays_inside(client, appointed, workshop, thread, reader):
    people = {"stranger": EnrolmentFactory().member.user, "department": appointed("department")}
    if reader in people:
        client.force_login(people[reader])
    section = reverse("workshops:workshop_section", args=[workshop.pk, "discussion"])

    assert client.get(thread.get_absolute_url()).status_code == (302 if reader == "visitor" else 404)
    assert client.get(section).status_code == (302 if reader == "visitor" else 403)
    assert client.post(address("message_add", thread), {"text": "x"}).status_code in (302, 404)
    assert thread.messages.count() == 1


def test_minors_are_shown_by_their_first_name(client, workshop, thread, author):
    person = UserFactory(name="Lina Durand-Petit")
    minor = MemberFactory(pool__cycle=workshop.cycle, seated=True, is_minor=True, user=person)
    EnrolmentFactory(workshop=workshop, member=minor)
    thread.say(by=person, text="Bonjour.")
    client.force_login(author)

    for page in [
        thread.get_absolute_url(),
        reverse("workshops:workshop_section", args=[workshop.pk, "participants"]),
    ]:
        assertContains(client.get(page), "Lina")
        assertNotContains(client.get(page), "Durand-Petit")


def test_one_changes_one_s_own_words_for_half_an_hour(client, thread, author):
    message = thread.messages.get()
    client.force_login(author)
    client.post(address("message_edit", message), {"text": "Quatre bancs.", "version": message.version})
    message.refresh_from_db()
    assert (message.text, bool(message.edited_at)) == ("Quatre bancs.", True)

    with clock.at(clock.now() + timedelta(hours=1)):
        page = client.post(address("message_edit", message), {"text": "Cinq.", "version": message.version})

    assertContains(page, "une demi-heure")
    message.refresh_from_db()
    assert message.text == "Quatre bancs."


def test_nobody_changes_another_s_words(client, workshop, thread):
    client.force_login(workshop.facilitators.get())

    assert client.post(address("message_edit", thread.messages.get()), {"text": "x"}).status_code == 403
    assert client.post(address("message_withdraw", thread.messages.get())).status_code == 403


def test_a_hidden_message_is_read_by_its_author_and_the_facilitator_only(client, workshop, thread, author):
    message = thread.messages.get()
    client.force_login(author)
    assert client.post(address("message_hide", message), {"reason": "x"}).status_code == 403
    client.force_login(workshop.facilitators.get())
    client.post(address("message_hide", message), {"reason": "La charte"})

    for reader, reads in [
        (author, True),
        (workshop.facilitators.get(), True),
        (EnrolmentFactory(workshop=workshop).member.user, False),
    ]:
        client.force_login(reader)
        page = client.get(thread.get_absolute_url())
        assertContains(page, "La charte")
        assert (b"<strong>bancs</strong>" in page.content) is reads


def test_hiding_says_why_and_is_undone(client, workshop, thread):
    message, lead = thread.messages.get(), workshop.facilitators.get()
    client.force_login(lead)
    client.post(address("message_hide", message), {"reason": " "})
    message.refresh_from_db()
    assert message.state == "shown"
    message.hide(by=lead, reason="La charte")

    message.show(by=lead)

    assert (message.state, message.reason) == ("shown", "")


def test_a_message_withdrawn_leaves_nothing_behind(thread, author):
    message = thread.messages.get()

    message.withdraw(by=author)

    assert Message.objects.get().text == ""
    assert not any("bancs" in str(entry.facts) for entry in [*message.entries, *thread.entries])


def test_a_closed_discussion_takes_no_message(client, workshop, thread, author):
    thread.close(by=workshop.facilitators.get(), reason="Sujet traité")
    client.force_login(author)

    page = client.post(address("message_add", thread), {"text": "Encore ceci, très long à réécrire."})

    assertContains(page, "Encore ceci, très long à réécrire.")
    assert thread.messages.count() == 1


def test_one_person_does_not_fill_the_room(thread, author):
    for number in range(39):
        thread.say(by=author, text=str(number))

    with pytest.raises(ValidationError):
        thread.say(by=author, text="un de trop")


def test_the_others_are_told_once_and_not_the_author(
    workshop, thread, author, django_capture_on_commit_callbacks
):
    other = EnrolmentFactory(workshop=workshop).member.user

    with django_capture_on_commit_callbacks(execute=True):
        thread.say(by=author, text="Nouveau.")

    told = set(Reminder.objects.values_list("user", flat=True))
    assert told == {other.pk, workshop.facilitators.get().pk}


def test_a_long_discussion_costs_no_more(client, workshop, thread, author, django_assert_max_num_queries):
    for _number in range(30):
        other = EnrolmentFactory(workshop=workshop).member.user
        thread.say(by=other, text="Oui.")
        Thread.objects.open(workshop, by=other, title="Autre sujet", text="Et ceci ?")
    client.force_login(author)
    section = reverse("workshops:workshop_section", args=[workshop.pk, "discussion"])
    for page in [thread.get_absolute_url(), section]:
        client.get(page)
        with django_assert_max_num_queries(12):
            client.get(page)
