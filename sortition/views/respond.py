"""The public answers a letter."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from assembly.views import FormPage
from sortition import forms
from sortition.eligibility import diplomas_of
from sortition.models import Draft, Invitation, Volunteer

TRIES, AN_HOUR = 30, 3600
#: When so many wrong codes come within an hour, from wherever: an address is heard this often only.
ALARM, TRIES_IN_ALARM = 2000, 3


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

    @property
    def has_tried_enough(self):
        alarm = cache.get("respond:everywhere", 0) >= ALARM
        return cache.get(self.counter, 0) >= (TRIES_IN_ALARM if alarm else TRIES)

    def post(self, request, *args, **kwargs):
        if self.has_tried_enough:
            form = self.get_form()
            form.add_error(
                None, _("Too many tries from here. Wait an hour, or call the number on your letter.")
            )
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form):
        for counter in (self.counter, "respond:everywhere"):
            cache.add(counter, 0, AN_HOUR)
            cache.incr(counter)
        return super().form_invalid(form)

    def form_valid(self, form):
        letter = Invitation.objects.with_code(form.cleaned_data["code"])
        if letter is None or not letter.is_open:
            form.add_error("code", forms.NOT_KNOWN)
            return self.form_invalid(form)
        self.request.session["letter"] = letter.pk
        self.request.session.setdefault("browser", get_random_string(40))
        return redirect("sortition:respond_form")


class WithLetter:
    """The letter opened in this session; without one, back to the code."""

    def dispatch(self, request, *args, **kwargs):
        rows = Invitation.objects.select_related("pool__cycle", "contact", "draft")
        self.letter = rows.filter(pk=request.session.get("letter")).first()
        if self.letter is None:
            return redirect("sortition:respond")
        return super().dispatch(request, *args, **kwargs)

    @property
    def draft(self):
        return getattr(self.letter, "draft", None)

    def get_context_data(self, **context):
        return super().get_context_data(letter=self.letter, cycle=self.letter.cycle, **context)


class Answering(WithLetter, FormPage):
    """What the answer and its draft share: the form of this letter."""

    form_class = forms.AnswerForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"diplomas": diplomas_of(self.letter.cycle)}

    def keep_draft(self, form):
        if self.letter.is_open and (kept := form.typed()):
            facts = {"kept": kept, "browser": self.request.session.get("browser", "")}
            facts["purge_on"] = Draft.day_to_forget()
            Draft.objects.update_or_create(invitation=self.letter, defaults=facts)


class RespondAnswer(Answering, FormView):
    template_name = "sortition/respond_form.html"
    title = gettext_lazy("Your answer")
    submit_label = gettext_lazy("Send my answer")

    def get_cancel_url(self):
        return reverse("sortition:respond")

    def get_initial(self):
        """What was typed and not sent; else what this same session answered."""
        if self.draft:
            return self.draft.shown_to(self.request.session.get("browser"))
        letter = self.letter
        if self.request.session.get("answered") != letter.pk:
            return {}
        if letter.state == Invitation.State.DECLINED:
            return {"will": forms.AnswerForm.NO}
        profile = getattr(getattr(letter, "answer", None), "profile", {})
        known = ("birth_date", "email", "phone", "needs", "availability")
        return {name: letter.contact and getattr(letter.contact, name) for name in known} | {
            "will": forms.AnswerForm.YES,
            "gender": {"H": "M"}.get(profile.get("gender"), profile.get("gender")),
            "district": profile.get("district"),
            "diploma": profile.get("diploma"),
        }

    def post(self, request, *args, **kwargs):
        if "forget" in request.POST:
            self.letter.forget_draft()
            messages.success(request, _("What you had typed is deleted."))
            return redirect("sortition:respond_form")
        if "later" in request.POST:
            self.keep_draft(self.get_form())
            messages.success(request, _("Kept. Come back with your code to continue."))
            return redirect("sortition:respond_form")
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form):
        self.keep_draft(form)
        return super().form_invalid(form)

    def form_valid(self, form):
        try:
            second = self.answered(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        self.letter.forget_draft()
        self.request.session["answered"] = self.letter.pk
        self.request.session["beside"] = second is not None
        return redirect("sortition:respond_done")

    def answered(self, form):
        if form.says_yes:
            return self.letter.volunteer(by=None, **form.facts())
        return self.letter.decline(by=None)

    def get_context_data(self, **context):
        return super().get_context_data(draft=self.draft, **context)


class RespondDraft(Answering, FormView):
    """Typed and not sent: kept as one goes along, told nothing back."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        self.keep_draft(self.get_form())
        return HttpResponse(status=204)


class RespondDone(WithLetter, TemplateView):
    template_name = "sortition/respond_done.html"

    def get(self, request, *args, **kwargs):
        if self.letter.state not in (Invitation.State.VOLUNTEERED, Invitation.State.DECLINED):
            return redirect("sortition:respond_form")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        volunteer = Volunteer.objects.filter(invitation=self.letter).first()
        beside = self.request.session.get("beside")
        return super().get_context_data(volunteer=volunteer, beside=beside, **context)


class RespondLeave(View):
    """Done on this device: whoever comes next finds nothing."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        for name in ("letter", "answered", "beside", "browser"):
            request.session.pop(name, None)
        return redirect("sortition:respond")
