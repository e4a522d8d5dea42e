"""The public answers a letter."""

from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from assembly.views import FormPage
from sortition import forms
from sortition.models import Invitation, Volunteer

TRIES, AN_HOUR = 30, 3600


class Respond(FormPage, FormView):
    """The code on the letter opens the answer page; a wrong one says nothing more than that."""

    template_name = "sortition/respond.html"
    form_class = forms.CodeForm
    title = gettext_lazy("Answer your letter")
    submit_label = gettext_lazy("Continue")

    def get_cancel_url(self):
        return ""

    @property
    def counter(self):
        address = self.request.META.get("REMOTE_ADDR", "")
        return "respond:" + sha256(f"{settings.SECRET_KEY}|{address}".encode()).hexdigest()[:32]

    def post(self, request, *args, **kwargs):
        if cache.get(self.counter, 0) >= TRIES:
            form = self.get_form()
            form.add_error(
                None, _("Too many tries from here. Wait an hour, or call the number on your letter.")
            )
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form):
        cache.add(self.counter, 0, AN_HOUR)
        cache.incr(self.counter)
        return super().form_invalid(form)

    def form_valid(self, form):
        letter = Invitation.objects.with_code(form.cleaned_data["code"])
        if letter is None or not letter.is_open:
            form.add_error("code", forms.NOT_KNOWN)
            return self.form_invalid(form)
        self.request.session["letter"] = letter.pk
        return redirect("sortition:respond_form")


class WithLetter:
    """The letter opened in this session; without one, back to the code."""

    def dispatch(self, request, *args, **kwargs):
        rows = Invitation.objects.select_related("pool__cycle", "contact")
        self.letter = rows.filter(pk=request.session.get("letter")).first()
        if self.letter is None:
            return redirect("sortition:respond")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(letter=self.letter, cycle=self.letter.cycle, **context)


class RespondAnswer(WithLetter, FormPage, FormView):
    template_name = "sortition/respond_form.html"
    form_class = forms.AnswerForm
    title = gettext_lazy("Your answer")
    submit_label = gettext_lazy("Send my answer")

    def get_cancel_url(self):
        return reverse("sortition:respond")

    def get_form_kwargs(self):
        diplomas = self.letter.cycle.criteria.filter(key="diploma").values_list(
            "categories__key", "categories__title"
        )
        return super().get_form_kwargs() | {"diplomas": list(diplomas.order_by("categories__position"))}

    def get_initial(self):
        """What the letter already says, and the earlier answer of the same session only."""
        letter = self.letter
        if self.request.session.get("answered") != letter.pk:
            return {}
        if letter.state == Invitation.State.DECLINED:
            return {"will": forms.AnswerForm.NO}
        contact = letter.contact
        profile = getattr(getattr(letter, "answer", None), "profile", {})
        return {
            "will": forms.AnswerForm.YES,
            "gender": {"H": "M"}.get(profile.get("gender"), profile.get("gender")),
            "birth_date": contact and contact.birth_date,
            "district": profile.get("district"),
            "diploma": profile.get("diploma"),
            "email": contact and contact.email,
            "phone": contact and contact.phone,
            "needs": contact and contact.needs,
        }

    def form_valid(self, form):
        try:
            if form.says_yes:
                self.letter.volunteer(by=None, **form.facts())
            else:
                self.letter.decline(by=None)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        self.request.session["answered"] = self.letter.pk
        return redirect("sortition:respond_done")


class RespondDone(WithLetter, TemplateView):
    template_name = "sortition/respond_done.html"

    def get(self, request, *args, **kwargs):
        if self.letter.state not in (Invitation.State.VOLUNTEERED, Invitation.State.DECLINED):
            return redirect("sortition:respond_form")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        volunteer = Volunteer.objects.filter(invitation=self.letter).first()
        return super().get_context_data(volunteer=volunteer, **context)
