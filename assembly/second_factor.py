"""Who works here shows two things: what opens the account, and a device of their own.

Whoever is appointed reads other people's data or acts in their name: their session is confirmed by a passkey,
by the code of an application or by a recovery code. A member logs in in one step; a passkey is for them another
way in, not a second lock.
"""

from allauth.account.internal.flows.login import (
    clear_authentication_records,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.dispatch import receiver
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Type = Authenticator.Type
LOCKS = {Type.TOTP, Type.WEBAUTHN}
ALWAYS = {"health", "account_logout"}
TO_SET_UP = ALWAYS | {
    "account_reauthenticate",
    "mfa_index",
    "mfa_add_webauthn",
    "mfa_activate_totp",
}
TO_CONFIRM = ALWAYS | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


def is_wanted_of(user):
    return user.is_authenticated and (bool(user.current_appointments) or user.is_superuser)


def is_confirmed(request):
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def devices_of(user):
    """The kinds of device that can confirm it is them."""
    return LOCKS & set(user.authenticator_set.values_list("type", flat=True))


class SecondFactor:
    """Before any page of who works here: the second factor, set up or shown."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.SECOND_FACTOR or not is_wanted_of(request.user) or is_confirmed(request):
            return None
        devices = devices_of(request.user)
        request.to_set_up = not devices
        if request.resolver_match.view_name in (TO_CONFIRM if devices else TO_SET_UP):
            return None
        return redirect(door(devices, request))


def door(devices, request):
    if not devices:
        return "mfa_index"
    page = "mfa_reauthenticate" if Type.TOTP in devices else "mfa_reauthenticate_webauthn"
    wanted = request.get_full_path() if request.method == "GET" else reverse("my_space")
    return f"{reverse(page)}?{urlencode({'next': wanted})}"


@receiver(authenticator_added)
def shown_as_it_is_set_up(request, user, authenticator, **kwargs):
    """Setting a device up is showing it."""
    if authenticator.type in LOCKS:
        shown = {"id": authenticator.pk, "type": authenticator.type}
        record_authentication(request, user, "mfa", reauthenticated=True, **shown)


@receiver(authenticator_removed)
def nothing_left_to_show(request, user, **kwargs):
    if not devices_of(user):
        clear_authentication_records(request)


class Devices(DefaultMFAAdapter):
    """The devices of an account, in the words of the house."""

    def is_mfa_enabled(self, user, types=None):
        """Asked about both kinds at once, it is whether the login has a second step."""
        if types is not None and set(types) == LOCKS and not is_wanted_of(user):
            types = [Type.TOTP]
        return super().is_mfa_enabled(user, types)

    def get_totp_issuer(self):
        return _("Paris Citizens’ Assembly")

    def generate_authenticator_name(self, user, type):
        number = user.authenticator_set.filter(type=type).count() + 1
        return _("My device %(number)d") % {"number": number}


class PasskeyForm(AddWebAuthnForm):
    """A passkey opens the account by itself: the browser asks its owner for a finger, a face or a PIN."""

    passwordless = None
    name = forms.CharField(
        label=gettext_lazy("Name of this device"),
        help_text=gettext_lazy("To know it again: “My telephone”, “Office computer”."),
        max_length=50,
        required=False,
    )


class DeviceNameForm(EditWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("Name of this device"), max_length=50)
