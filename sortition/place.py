"""A volunteer's own place in a draw: what was sealed about them, the proof of it, their panels."""

import csv
import io
import json

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from sortition import drawing, quotas
from sortition.engine import canonical
from sortition.models import Draw, Invitation, Volunteer
from sortition.views import Respond

NOT_KNOWN = gettext_lazy("This code is not known here. Check it against your letter.")


def frozen_draw(request, pk):
    return get_object_or_404(Draw.objects.visible_to(request.user).exclude(commitment=""), pk=pk)


def proof_of(draw, pseudonym):
    """Heading, row, salt and path of one volunteer; `KeyError` if they are not in the frozen pool."""
    people = draw.exhibit("people.csv").text.encode()
    return canonical.leaf_proof(people, drawing.frozen_salts(draw), pseudonym)


def values_of(draw, proof):
    """[(criterion, category)] in words, those of other pools left out."""
    heading, row = csv.reader(io.StringIO(f"{proof['heading']}\n{proof['row']}\n", newline=""))
    found = dict(zip(heading, row, strict=True))
    pools = quotas.plan(draw.cycle)
    mine = next((pool for pool in pools if pool.key == found.get(quotas.POOL)), None)
    if mine is None:
        return [(name, value) for name, value in found.items() if name != "id"]
    rows = [
        (criterion.title, found[quotas.criterion_name(mine, criterion)], categories)
        for criterion, categories in quotas.aimed(mine)
    ]
    said = [
        (title, next((one.title for one in categories if one.key == key), key))
        for title, key, categories in rows
    ]
    return [("", mine.title), *said]


def panels_of(draw, pseudonym):
    rows = csv.reader(io.StringIO(draw.exhibit("panels.csv").text, newline=""))
    return [int(number) for number, one in rows if one == pseudonym]


class MyPlace(Respond):
    """The code of one's letter opens it; a wrong one says nothing more than that, and not for ever."""

    template_name = "sortition/my_place.html"
    title = gettext_lazy("My place in this draw")
    submit_label = gettext_lazy("See my place")

    def dispatch(self, request, *args, **kwargs):
        self.draw = frozen_draw(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_cancel_url(self):
        return self.draw.get_absolute_url()

    def get_context_data(self, **context):
        return super().get_context_data(draw=self.draw, **context)

    def form_valid(self, form):
        try:
            pseudonym = self.known(form.cleaned_data["code"])
        except ValidationError as refusal:
            form.add_error("code", refusal)
            return self.form_invalid(form)
        self.request.session["place"] = [self.draw.pk, pseudonym]
        return redirect("sortition:my_place_shown", self.draw.pk)

    def known(self, code):
        letter = Invitation.objects.with_code(code)
        volunteer = letter and Volunteer.objects.filter(invitation=letter, cycle=self.draw.cycle).first()
        ids = self.draw.exhibit("ids.csv").text.split("\n")[1:]
        if volunteer is None or volunteer.pseudonym not in ids:
            raise ValidationError(NOT_KNOWN)
        return volunteer.pseudonym


@method_decorator(never_cache, name="dispatch")
class WithPlace(View):
    """The place opened in this session; without one, back to the code."""

    def dispatch(self, request, *args, **kwargs):
        self.draw = frozen_draw(request, kwargs["pk"])
        pk, self.pseudonym = request.session.get("place") or (None, "")
        if pk != self.draw.pk:
            return redirect("sortition:my_place", self.draw.pk)
        try:
            self.proof = proof_of(self.draw, self.pseudonym)
        except KeyError:
            raise Http404 from None
        return super().dispatch(request, *args, **kwargs)


class MyPlaceShown(WithPlace, TemplateView):
    template_name = "sortition/my_place_shown.html"

    def get_context_data(self, **context):
        draw = self.draw
        panels = panels_of(draw, self.pseudonym) if draw.shows_lottery else []
        return super().get_context_data(
            draw=draw,
            pseudonym=self.pseudonym,
            values=values_of(draw, self.proof),
            panels=panels,
            drawn=draw.is_published and draw.outcome["number"] in panels,
            proof_url=reverse("sortition:my_proof", args=[draw.pk]),
            **context,
        )


class MyProof(WithPlace):
    """The proof as a file, to hand to either verifier."""

    def get(self, request, *args, **kwargs):
        text = json.dumps(self.proof, ensure_ascii=False, indent=1) + "\n"
        response = HttpResponse(text, content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="my-proof.json"'
        return response
