import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from assembly import accounts
from assembly.models import Appointment, JournalEntry, User

pytestmark = pytest.mark.django_db
PASSWORD = "dix-huit-platanes"


@pytest.fixture(autouse=True)
def first_try():
    cache.clear()


def code_of(letter):
    return re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", letter.body, re.MULTILINE)[1]


def with_password(email):
    user = accounts.invite(email, "Awa Lenoir")
    user.set_password(PASSWORD)
    user.save()
    accounts.EmailAddress.objects.update(verified=True)
    return user


def test_the_first_secretary_is_appointed_by_command():
    call_command("appoint", "secretariat", "Awa@Exemple.invalid", "Awa Lenoir")

    user = User.objects.get(email="awa@exemple.invalid")
    assert user.holds(Appointment.Role.SECRETARIAT)
    assert not user.has_usable_password()
    assert JournalEntry.objects.get().act == "assembly.appointment.create"


def test_nobody_is_appointed_twice_to_the_same_role():
    call_command("appoint", "guarantor", "awa@exemple.invalid", "Awa")

    with pytest.raises(CommandError, match="already"):
        call_command("appoint", "guarantor", "AWA@exemple.invalid", "Awa")


def test_a_wrong_address_is_refused_in_words():
    with pytest.raises(CommandError, match="not an e-mail"):
        call_command("appoint", "secretariat", "awa", "Awa")


def test_an_invited_person_logs_in_with_the_code_of_their_letter(client):
    accounts.invite("awa@exemple.invalid", "Awa Lenoir")

    client.post(reverse("account_request_login_code"), {"email": "awa@exemple.invalid"})
    [letter] = mail.outbox
    response = client.post(reverse("account_confirm_login_code"), {"code": code_of(letter)})

    assert letter.to == ["awa@exemple.invalid"]
    assert response.status_code == 302
    assert client.get(reverse("my_space")).status_code in (200, 302)
    assert "_auth_user_id" in client.session


def test_a_stranger_is_told_the_same_and_gets_no_account(client):
    known, unknown = Client(), Client()
    accounts.invite("awa@exemple.invalid", "Awa Lenoir")

    answers = [
        visitor.post(reverse("account_request_login_code"), {"email": email})
        for visitor, email in [(known, "awa@exemple.invalid"), (unknown, "bob@exemple.invalid")]
    ]

    assert [(answer.status_code, answer.url) for answer in answers][0] == (302, answers[1].url)
    assert not User.objects.filter(email="bob@exemple.invalid").exists()


def test_nobody_signs_up_by_themselves(client):
    response = client.post(
        reverse("account_signup"),
        {"email": "bob@exemple.invalid", "password1": "dix-huit-platanes", "password2": "dix-huit-platanes"},
    )

    assert response.status_code == 200
    assert not User.objects.exists()


def test_passwords_are_tried_five_times_not_more(client):
    user = accounts.invite("awa@exemple.invalid", "Awa")
    user.set_password("dix-huit-platanes")
    user.save()

    for _attempt in range(7):
        answer = client.post(reverse("account_login"), {"login": user.email, "password": "wrong-wrong-wrong"})
    last = client.post(reverse("account_login"), {"login": user.email, "password": "dix-huit-platanes"})

    assert answer.status_code in (200, 429)
    assert "_auth_user_id" not in client.session
    assert last.status_code in (200, 429)


def known_and_unknown(**given):
    """What the door answers to an address it knows, and to one it does not."""
    accounts.invite("awa@exemple.invalid", "Awa Lenoir")
    for email in ("awa@exemple.invalid", "bob@exemple.invalid"):
        cache.clear()
        visitor = Client()
        yield visitor, {name: email if value is None else value for name, value in given.items()}


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("account_login", {"login": None, "password": "wrong-wrong-wrong"}),
        ("account_request_login_code", {"email": None}),
        ("account_reset_password", {"email": None}),
        (
            "account_signup",
            {"email": None, "password1": "dix-huit-platanes", "password2": "dix-huit-platanes"},
        ),
    ],
)
def test_the_door_says_the_same_of_any_address(address, given):
    said = []
    for visitor, sent in known_and_unknown(**given):
        answer = visitor.post(reverse(address), sent, follow=True)
        words = re.sub(r'value="[^"]*"', "", answer.content.decode())
        said.append(
            (answer.status_code, answer.redirect_chain, re.sub(r"(awa|bob)@exemple\.invalid", "", words))
        )

    assert said[0] == said[1]


def test_the_door_sends_nobody_elsewhere(client):
    user = with_password("awa@exemple.invalid")

    for wanted in (
        "https://ailleurs.exemple/",
        "//ailleurs.exemple/",
        "javascript:alert(1)",
        "/\\ailleurs.exemple",
    ):
        client.logout()
        sent = {"login": user.email, "password": PASSWORD, "next": wanted}
        assert client.post(reverse("account_login"), sent).url == reverse("my_space")


def test_a_session_given_before_the_login_opens_nothing_after_it(client):
    user = accounts.invite("awa@exemple.invalid", "Awa Lenoir")
    client.post(reverse("account_request_login_code"), {"email": user.email})
    before = client.session.session_key

    client.post(reverse("account_confirm_login_code"), {"code": code_of(mail.outbox[0])})

    assert before
    assert "_auth_user_id" in client.session
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_no_script_reads_the_cookie_of_the_session(client):
    user = with_password("awa@exemple.invalid")

    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


def test_who_left_the_house_no_longer_gets_in(client):
    user = with_password("awa@exemple.invalid")
    user.is_active = False
    user.save()

    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_request_login_code"), {"email": user.email})

    assert "_auth_user_id" not in client.session


def test_a_changed_password_is_told_by_mail_without_traces_of_the_machine(client):
    user = with_password("awa@exemple.invalid")
    client.force_login(user)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "vingt-deux-tilleuls", "password2": "vingt-deux-tilleuls"},
    )

    [letter] = mail.outbox
    assert letter.to == [user.email]
    assert "127.0.0.1" not in letter.body
    assert "example.com" not in letter.body
