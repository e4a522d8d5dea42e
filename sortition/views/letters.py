"""Recruitment at a glance, the roll and the letters."""

import csv
import gzip

from django.contrib import messages
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, View

from assembly.views import ActView, OnceMixin
from sortition import forms
from sortition.engine.volunteers import escape_cell
from sortition.letterpress import page_address
from sortition.models import Register
from sortition.views.pages import CycleFormPage, attachment


class RegisterAdd(OnceMixin, CycleFormPage):
    """The roll arrives, is laid aside and read by a job; this page answers at once."""

    permission = "sortition.add_register"
    form_class = forms.RegisterForm
    title = gettext_lazy("Hand over an electoral roll")
    help_text = gettext_lazy(
        "It is read once, fingerprinted and drawn. Only the people drawn are kept; the file is deleted."
    )
    upload_limit = 1024**3

    def once(self, form):
        data = form.cleaned_data
        register = Register.objects.hand_over(
            data["pool"],
            data["file"].temporary_file_path(),
            name=data["file"].name,
            seed=data["seed"],
            letters=data["letters"],
            by=self.request.user,
        )
        return redirect(register)


class RegisterDetail(DetailView):
    template_name = "sortition/register_detail.html"

    def get_queryset(self):
        return (
            Register.objects.visible_to(self.request.user).select_related("pool", "cycle").defer("refusals")
        )

    def get_context_data(self, **context):
        register = self.object
        return super().get_context_data(
            job=register.job,
            batches=register.batches.visible_to(self.request.user),
            may_write=self.request.user.has_perm("sortition.add_letterbatch", register),
            refused=sorted(
                ((reasons(code), count) for code, count in register.refused.items()), key=lambda row: -row[1]
            ),
            districts=by_district(register.strata),
            entries=register.entries.select_related("by"),
            **context,
        )


REASONS = {
    "ragged": gettext_lazy("not as many cells as the heading"),
    "no_name": gettext_lazy("no name"),
    "no_sex": gettext_lazy("sex missing or unknown"),
    "no_district": gettext_lazy("no polling station nor Paris postcode"),
    "no_address": gettext_lazy("no address to write to"),
    "date_unreadable": gettext_lazy("date of birth incomplete"),
    "under_age": gettext_lazy("under 18 on the day of the draw"),
    "age_implausible": gettext_lazy("date of birth that cannot be right"),
    "european_list": gettext_lazy("on the European list only"),
    "duplicate": gettext_lazy("same person as another line"),
    "objected": gettext_lazy("asked not to be written to again"),
}


def reasons(code):
    return REASONS.get(code, code)


def by_district(strata):
    """[(district, electors, letters)] from the strata."""
    found = {}
    for district, *_rest, population, invited, _threshold in strata:
        people, letters = found.get(district, (0, 0))
        found[district] = (people + population, letters + invited)
    return [(district, *found[district]) for district in sorted(found)]


class RegisterFile(View):
    """Unusable lines by number, column and reason: nothing of anybody."""

    def get(self, request, *args, **kwargs):
        register = get_object_or_404(Register.objects.visible_to(request.user), pk=kwargs["pk"])
        if not register.refusals:
            raise Http404
        text = b"\xef\xbb\xbf" + gzip.decompress(bytes(register.refusals))
        return attachment(text, "text/csv; charset=utf-8", f"refus-{register.pk}.csv")


class RegisterExport(ActView):
    """The merge file for the City's printer: names and addresses, hence a confirmation and a line in the journal."""

    model, act = Register, "export"
    title = gettext_lazy("Take out the file for the printer")
    help_text = gettext_lazy("It holds names and addresses: send it by a safe channel and delete your copy.")

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.errors:
            return response
        list(messages.get_messages(self.request))
        response = StreamingHttpResponse(self.lines(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="courriers-{self.object.pk}.csv"'
        return response

    def lines(self):
        return merge_lines(self.object.invitations.all(), self.object.cycle)


HEADING = ("code", "nom", "prenom", "adresse", "code_postal", "ville", "repondre_avant", "page")


def merge_lines(letters, cycle):
    """A line a letter, as the printer wants it; who is no longer known has an empty address."""
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(HEADING)
    page, until = page_address(), cycle.response_until or ""
    for letter in letters.select_related("contact").iterator(chunk_size=2000):
        contact = letter.contact
        cells = (
            [
                contact.last_name,
                contact.first_name,
                contact.address.replace("\n", ", "),
                contact.postcode,
                contact.city,
            ]
            if contact
            else [""] * 5
        )
        yield writer.writerow([letter.code, *map(escape_cell, cells), until, page])


class Echo:
    """A file that gives back what is written in it."""

    def write(self, text):
        return text
