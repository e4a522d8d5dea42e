"""A passkey made and shown in a real Chromium, with a device that only exists in it."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from assembly import accounts
from assembly.tests.test_browser import browser, visit  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page):
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def test_a_passkey_is_added_then_opens_the_account_by_itself(browser, live_server, settings, appointed):  # noqa: F811
    settings.SECOND_FACTOR = True
    cache.clear()
    secretary = appointed("secretariat")
    secretary.set_password("dix-huit-platanes")
    secretary.save()
    accounts.EmailAddress.objects.create(user=secretary, email=secretary.email, verified=True, primary=True)
    site = live_server.url.replace("127.0.0.1", "localhost")
    page = with_device(visit(browser))

    page.goto(f"{site}{reverse('account_login')}")
    page.fill("input[name=login]", secretary.email)
    page.fill("input[name=password]", "dix-huit-platanes")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**{reverse('mfa_index')}")
    page.goto(f"{site}{reverse('mfa_add_webauthn')}")
    page.fill("input[name=password]", "dix-huit-platanes")
    page.click("main form button[type=submit]")
    page.fill("input[name=name]", "Téléphone")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    page.click(".space-bar form button")
    page.goto(f"{site}{reverse('account_login')}?next={reverse('assembly:appointment_list')}")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"**{reverse('assembly:appointment_list')}")

    assert [device.wrap().name for device in secretary.authenticator_set.filter(type="webauthn")] == [
        "Téléphone"
    ]
    assert page.troubles == []
