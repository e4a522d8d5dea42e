import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from assembly import accounts
from assembly.models import Appointment, JournalEntry, User

pytestmark = pytest.mark.django_db


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
    code = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", letter.body, re.MULTILINE)[1]
    response = client.post(reverse("account_confirm_login_code"), {"code": code})

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
