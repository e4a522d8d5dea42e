"""What a person finds about themselves: what is known of them, their choices, their rights, their ways in. Roof."""

from allauth.account.signals import email_changed
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, Sum
from django.dispatch import receiver
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, UpdateView

from assembly import clock
from assembly.models import RECORDED, Category, Document, Member, Person, RightsRequest
from assembly.models.rights import months_after
from assembly.my_space import half_days
from assembly.privacy.people import known
from assembly.views import FormPage, OnceMixin
from sortition.engine import volunteers
from sortition.models import Contact
from workshops.models import AllowanceLine, AllowanceRun, NeedsSheet

RECORDED |= {"correct_contact": gettext_lazy("own contact details corrected")}
Kind = RightsRequest.Kind


class MyPage(TemplateView):
    template_name = "my_page.html"

    def get_context_data(self, **context):
        user = self.request.user
        seat = seat_of(user)
        return super().get_context_data(
            seat=seat,
            documents=own_documents(user)[:10],
            requests=RightsRequest.objects.filter(person__user=user).order_by("-pk")[:10],
            ways=ways_in(user),
            **(as_member(seat) if seat else {}),
            **context,
        )


def seat_of(user):
    """Their seat of today, or the last they held."""
    return user.seat or next(iter(reversed(user.seats)), None)


def as_member(seat):
    return {
        "contact": Contact.objects.of(seat),
        "profile": profile_in_words(seat),
        "half_days": Member.objects.filter(pk=seat.pk).annotate(counted=half_days()).get().counted,
        "paid": paid_to(seat),
        "needs_told": NeedsSheet.objects.filter(member=seat).exclude(told_at=None).exists(),
    }


def profile_in_words(seat):
    """[(criterion, category)] as they stood on the day of the draw."""
    asked = Q()
    for criterion, category in seat.profile.items():
        asked |= Q(criterion__key=criterion, key=category)
    rows = Category.objects.filter(asked, criterion__cycle=seat.cycle_id).select_related("criterion")
    return [(row.criterion.title, row.title) for row in rows] if asked else []


def paid_to(seat):
    """What the runs that are closed paid them."""
    lines = AllowanceLine.objects.filter(member=seat, run__state=AllowanceRun.State.CLOSED)
    return lines.aggregate(total=Sum("amount"))["total"] or 0


def own_documents(user):
    rows = Document.objects.filter(reader=user).exclude(kind="export")
    return rows.select_related("cycle").defer("content", "html")


def ways_in(user):
    """{kind of device: how many}."""
    kinds = list(user.authenticator_set.values_list("type", flat=True))
    return {
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "application": Authenticator.Type.TOTP in kinds,
    }


@receiver(email_changed)
def reached_at_the_new_address(user, to_email_address, **kwargs):
    Contact.objects.filter(volunteer__offer__member__user=user).update(email=to_email_address.email)


class ContactForm(forms.ModelForm):
    """Where somebody is reached; the profile of the draw does not move with it."""

    class Meta:
        model = Contact
        fields = ["reached_by", "phone", "address", "postcode", "city"]
        widgets = {"address": forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"})}
        help_texts = {"phone": gettext_lazy("With the prefix of its country, unless it is French.")}

    def clean_phone(self):
        text = self.cleaned_data["phone"].strip()
        number = volunteers.phone(text) if text else ""
        if number is None or len(number) > 20:
            raise forms.ValidationError(_("This is not a telephone number."))
        return number

    def clean(self):
        super().clean()
        way = self.cleaned_data.get("reached_by")
        lacking = {Contact.ReachedBy.PHONE: "phone", Contact.ReachedBy.POST: "address"}.get(way)
        if lacking and lacking not in self.errors and not self.cleaned_data.get(lacking):
            self.add_error(lacking, _("You ask to be reached this way: fill this in."))


class MyContact(FormPage, UpdateView):
    """One’s own telephone and address, for the secretariat alone."""

    form_class = ContactForm
    template_name = "form.html"
    title = gettext_lazy("How to reach me")
    submit_label = gettext_lazy("Save")
    help_text = gettext_lazy(
        "Only the secretariat reads this. If you have moved, tell it here: your seat and the profile of the draw stay "
        "as they are. Your e-mail address is changed under “How I log in”."
    )

    def get_object(self):
        seat = self.request.user.seat
        contact = Contact.objects.of(seat) if seat else None
        if contact is None:
            raise Http404
        return contact

    def get_cancel_url(self):
        return reverse("my_page")

    def form_valid(self, form):
        with transaction.atomic():
            form.save()
            if form.changed_data:
                self.request.user.seat.record(
                    "correct_contact", by=self.request.user, fields=form.changed_data
                )
        messages.success(self.request, _("Saved."))
        return redirect("my_page")


class AskForm(forms.ModelForm):
    """What one asks about one’s own data. Seeing it all needs no request: it is downloaded."""

    KINDS = (
        (Kind.RECTIFICATION, gettext_lazy("Correct something I cannot change myself, such as my profile")),
        (Kind.OBJECTION, gettext_lazy("Object to a use of my data")),
        (
            Kind.RESTRICTION,
            gettext_lazy("Have my data kept but not used for a time, while something is checked"),
        ),
        (Kind.ERASURE, gettext_lazy("Have something erased")),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What do you ask?"), choices=KINDS, widget=forms.RadioSelect)

    class Meta:
        model = RightsRequest
        fields = ["kind", "words"]
        labels = {"words": gettext_lazy("In your words: what, and why")}
        widgets = {"words": forms.Textarea(attrs={"rows": 6, "maxlength": 5000})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].required = True


class MyRequest(OnceMixin, FormPage, FormView):
    """A request by somebody logged in: their identity is known, its month runs from today."""

    form_class = AskForm
    template_name = "form.html"
    title = gettext_lazy("Ask about my data")
    submit_label = gettext_lazy("Send my request")
    help_text = gettext_lazy(
        "The secretariat answers within a month. The profile of the draw is frozen so that the draw can be checked: "
        "a mistake in it is corrected beside it, with its reason."
    )

    def get_cancel_url(self):
        return reverse("my_page")

    def get_initial(self):
        return {"kind": self.request.GET.get("kind", "")}

    def once(self, form):
        user, today = self.request.user, clock.today()
        asked = form.instance
        asked.person = known(Person(user=user))
        asked.received_on, asked.due_on = today, months_after(today, 1)
        asked.save()
        asked.record("create", by=user)
        asked.check_identity(by=user, how=_("asked from their own page, logged in"))
        messages.success(
            self.request, _("Your request has left: its answer will stand on this page within a month.")
        )
        return redirect("my_page")
