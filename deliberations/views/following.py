"""Following from outside: by e-mail, without an account; feeds and calendar beside."""

from allauth.core import ratelimit
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView

from assembly.models import Cycle
from assembly.templatetags.house import said
from assembly.views import FormPage
from deliberations.feeds import FEEDS
from deliberations.forms import following as forms
from deliberations.models import Follower, Proposal


class AskToFollow(FormPage, FormView):
    """The answer is the same whether the address was known or not: it is in the mailbox."""

    submit_label = gettext_lazy("Send me the link that confirms")

    def get_cancel_url(self):
        return ""

    def post(self, request, *args, **kwargs):
        if ratelimit.consume(request, action="follow"):
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.add_error(None, _("Too many requests from here. Try again in an hour."))
        return self.render_to_response(self.get_context_data(form=form), status=429)

    def form_valid(self, form):
        wanted = form.cleaned_data
        email = wanted["email"].lower()
        if ratelimit.consume(self.request, action="follow_address", key=email):
            Follower.objects.ask(
                email=email, language=get_language(), rhythm=wanted["rhythm"], **self.subject(wanted)
            )
        return redirect("deliberations:follow_asked")


class Follow(AskToFollow):
    """Every way to be told: e-mail, feeds, calendar, open data."""

    template_name = "deliberations/follow.html"
    form_class = forms.FollowSomethingForm
    title = gettext_lazy("Follow the Assembly")

    def subject(self, wanted):
        return wanted["what"]

    def get_context_data(self, **context):
        cycles = Cycle.objects.exclude(state=Cycle.State.PREPARATION).order_by("-number")
        return super().get_context_data(feeds=FEEDS, cycles=cycles, **context)


class FollowText(AskToFollow):
    template_name = "form.html"
    form_class = forms.FollowForm
    title = gettext_lazy("Follow this text")
    help_text = gettext_lazy(
        "A letter at each step of the text, then at each return of the City on its measures."
    )

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(Proposal.objects.public(), pk=kwargs["pk"])

    def get_cancel_url(self):
        return self.object.get_absolute_url()

    def get_context_data(self, **context):
        return super().get_context_data(object=self.object, **context)

    def subject(self, wanted):
        return {"text": self.object}


class FollowAsked(TemplateView):
    template_name = "deliberations/follow_asked.html"


class Link(TemplateView):
    """Behind a link of one of our letters: opening it does nothing, its button does."""

    template_name = "deliberations/follow_link.html"
    act = None

    def dispatch(self, request, *args, **kwargs):
        self.follower = Follower.objects.behind(kwargs["token"])
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=200 if self.follower else 404, **kwargs)

    def get_context_data(self, **context):
        what = self.follower and (said(self.follower.subject) or self.follower.follows)
        return super().get_context_data(follower=self.follower, what=what, act=self.act, **context)

    def post(self, request, *args, **kwargs):
        if self.follower:
            self.perform()
        return self.render_to_response(self.get_context_data(done=True))


class FollowConfirm(Link):
    act = "confirm"

    def perform(self):
        self.follower.confirm()


@method_decorator(csrf_exempt, name="dispatch")
class FollowStop(Link):
    """Also what a mailbox sends by itself, in one click (RFC 8058)."""

    act = "stop"

    def render_to_response(self, context, **kwargs):
        """Stopped twice is stopped: a link that is no longer known has nothing to refuse."""
        return TemplateView.render_to_response(self, context, **kwargs)

    def perform(self):
        self.follower.stop(everything="everything" in self.request.POST)
