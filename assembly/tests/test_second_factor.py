"""Whoever is appointed confirms each login with a device; a member logs in in one step."""

import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from assembly import accounts
from assembly.factories import MemberFactory
from assembly.models import Appointment, JournalEntry, User
from assembly.second_factor import TO_SET_UP, SecondFactor, is_wanted_of
from assembly.tests.addresses import addresses

pytestmark = pytest.mark.django_db
ROLES = [role for role, _label in Appointment.GIVEN]
PASSWORD = "dix-huit-platanes"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def wanted(settings):
    """Asked for, as on a real site; nobody has tried before."""
    settings.SECOND_FACTOR = True
    cache.clear()


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    accounts.EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    return user


def with_application(user):
    TOTP.activate(user, SECRET)
    return user


def figures():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def log_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True)


def landed(response):
    return urlsplit(response.redirect_chain[-1][0]).path


@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_appointed_is_asked_for_a_device(client, appointed, role):
    client.force_login(appointed(role))

    assert client.get(reverse("home")).url == reverse("mfa_index")


def test_members_and_visitors_are_not(client):
    member = MemberFactory(seated=True).user
    client.force_login(member)

    assert not is_wanted_of(member)
    assert client.get(reverse("my_space")).status_code == 200
    assert Client().get(reverse("home")).status_code == 200


def test_a_role_that_ended_asks_for_nothing(client, secretary):
    appointment = secretary.appointments.get()
    appointment.end(by=None)
    client.force_login(secretary)

    assert client.get(reverse("home")).status_code == 200


def every_address():
    for name, _view, parameters in addresses():
        for value in ("1", "x", "9f0e2a52-9a3a-4c6e-8c5f-0d7c1c1f0a11"):
            try:
                yield name, reverse(name, kwargs=dict.fromkeys(parameters, value))
                break
            except NoReverseMatch:
                continue


def test_no_address_is_reached_without_it(client, rf, secretary):
    client.force_login(secretary)
    tried = dict(every_address())
    tried |= {
        name: reverse(name) for name in ("account_email", "account_change_password", "mfa_reauthenticate")
    }
    gate, reached = SecondFactor(None), set()

    for name, address in tried.items():
        request = rf.get(address)
        request.user, request.session, request.resolver_match = secretary, client.session, resolve(address)
        if gate.process_view(request, None, (), {}) is None:
            reached.add(name)

    assert len(tried) > 150
    assert reached == {"health"}
    for name in ("home", "accessibility", "assembly:appointment_add", "account_email"):
        assert client.get(tried[name]).url == client.post(tried[name]).url == reverse("mfa_index")
    assert all(client.get(reverse(name)).status_code in (200, 302) for name in TO_SET_UP - {"health"})


@pytest.mark.django_db(transaction=True)
def test_an_application_set_up_lets_one_in_and_leaves_recovery_codes(client):
    call_command("appoint", "secretariat", "awa@exemple.invalid", "Awa Lenoir")
    accounts.EmailAddress.objects.update(verified=True)
    client.force_login(User.objects.get())
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page)[1]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    answer = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)

    assert landed(answer) == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r"<code>\d{8}</code>", answer.content.decode())) == 10
    assert client.get(reverse("home")).status_code == 200


def test_a_login_asks_for_the_figures_of_the_application(client, secretary):
    with_application(with_password(secretary))

    asked = log_in(client, secretary)
    refused = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    outside = client.get(reverse("assembly:appointment_list"))
    client.post(reverse("mfa_authenticate"), {"code": figures()})

    assert landed(asked) == reverse("mfa_authenticate")
    assert (refused.status_code, outside.status_code) == (200, 302)
    assert client.get(reverse("assembly:appointment_list")).status_code == 200


def test_a_recovery_code_opens_once(client, secretary):
    with_application(with_password(secretary))
    [code, *_rest] = RecoveryCodes.activate(secretary).get_unused_codes()

    for _time in range(2):
        client.logout()
        log_in(client, secretary)
        answer = client.post(reverse("mfa_authenticate"), {"code": code})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_older_session_shows_the_device_and_changes_nothing_before(client, secretary):
    client.force_login(with_application(secretary))
    wanted = reverse("assembly:appointment_list")

    sent = client.get(wanted)
    adding = client.get(reverse("mfa_add_webauthn"))
    shown = client.post(sent.url, {"code": figures()})

    assert urlsplit(sent.url).path == urlsplit(adding.url).path == reverse("mfa_reauthenticate")
    assert shown.url == wanted
    assert client.get(wanted).status_code == 200


def test_a_member_with_a_passkey_still_logs_in_by_code_in_one_step(client):
    member = with_password(MemberFactory(seated=True).user)
    member.authenticator_set.create(type="webauthn", data={"name": "Téléphone", "credential": {}})

    client.post(reverse("account_request_login_code"), {"email": member.email})
    code = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mail.outbox[0].body, re.MULTILINE)[1]
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert client.get(reverse("my_space")).status_code == 200


def test_the_secretariat_forgets_the_devices_of_another_and_every_session_ends(client, settings, appointed):
    settings.SECOND_FACTOR = False
    secretary, operator = appointed("secretariat"), with_application(appointed("operator"))
    theirs = Client()
    theirs.force_login(operator)
    client.force_login(secretary)
    address = reverse("assembly:user_forget_devices", args=[operator.pk])

    without_reason = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "Téléphone volé."})

    assert without_reason.status_code == 200
    assert done.url == reverse("assembly:appointment_list")
    assert not operator.authenticator_set.exists()
    assert theirs.get(reverse("my_space")).url.startswith(reverse("account_login"))
    entry = JournalEntry.objects.get(act="assembly.user.forget_devices")
    assert (entry.by, entry.target, entry.reason) == (secretary, operator, "Téléphone volé.")


def test_nobody_forgets_their_own_devices_nor_does_an_operator(client, settings, appointed):
    settings.SECOND_FACTOR = False
    secretary, operator = appointed("secretariat"), appointed("operator")

    for who, whose, refusal in [
        (secretary, secretary, 403),
        (operator, operator, 403),
        (operator, secretary, 404),
    ]:
        client.force_login(who)
        answer = client.post(reverse("assembly:user_forget_devices", args=[whose.pk]), {"reason": "x"})
        assert answer.status_code == refusal


def test_the_last_secretary_is_helped_from_the_machine(secretary):
    with_application(secretary)

    call_command("forget_devices", secretary.email.upper(), "Téléphone perdu.")

    assert not secretary.authenticator_set.exists()
    assert JournalEntry.objects.get(act="assembly.user.forget_devices").by is None
    with pytest.raises(CommandError, match="No account"):
        call_command("forget_devices", "personne@exemple.invalid", "x")


def test_closing_the_other_sessions_keeps_this_one(client, settings, secretary):
    settings.SECOND_FACTOR = False
    elsewhere = Client()
    for one in (client, elsewhere):
        one.force_login(secretary)

    client.post(reverse("close_sessions"))

    assert client.get(reverse("my_name")).status_code == 200
    assert elsewhere.get(reverse("my_name")).status_code == 302
