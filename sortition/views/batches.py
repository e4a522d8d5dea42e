"""The letters as printed, and those that come back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import DetailView, View

from assembly.rules import entitled
from assembly.views import ActView, EditView, FoundView
from sortition import letterpress, returns
from sortition.forms import batches as forms
from sortition.models import LetterBatch, LetterPart, Register
from sortition.views.pages import CycleFormPage, attachment
from sortition.wording import first_words

KEPT = (
    "sender",
    "signatory",
    "signatory_role",
    "phone",
    "email",
    "officer",
    "questions",
    "english",
    "per_part",
)


class LetterBatchFound(FoundView):
    """A first text is proposed; who signs and whom to call are those of the last letters written."""

    model, form_class = LetterBatch, forms.LetterBatchForm
    title = gettext_lazy("Write the letters")
    submit_label = gettext_lazy("Save the draft")
    parent_model, parent_field = Register, "register"

    def get_initial(self):
        last = LetterBatch.objects.filter(register__cycle=self.parent.cycle).first()
        return first_words(self.parent) | ({name: getattr(last, name) for name in KEPT} if last else {})

    def once(self, form):
        if self.parent.state not in (Register.State.DRAWN, Register.State.SENT):
            raise ValidationError(_("Nobody was drawn from this roll."))
        return super().once(form)


class LetterBatchEdit(EditView):
    model, form_class = LetterBatch, forms.LetterBatchForm
    submit_label = gettext_lazy("Save the draft")


class LetterBatchDetail(DetailView):
    template_name = "sortition/letterbatch_detail.html"

    def get_queryset(self):
        rows = LetterBatch.objects.visible_to(self.request.user)
        return rows.select_related("register__cycle", "register__pool")

    def get_context_data(self, **context):
        batch, user = self.object, self.request.user
        parts = list(batch.parts.defer("letters"))
        return super().get_context_data(
            job=batch.job,
            parts=parts,
            missing=sum(not part.fingerprint for part in parts),
            letters=sum(part.count for part in parts) or batch.letters().count(),
            may_take=entitled(user, "export", parts[0]) if parts else False,
            page=letterpress.page_address(),
            entries=batch.entries.select_related("by"),
            **context,
        )


class LetterBatchSpecimen(View):
    """The two sides as they will be, to nobody: marked all over, and its code opens nothing."""

    def get(self, request, *args, **kwargs):
        batch = get_object_or_404(LetterBatch.objects.visible_to(request.user), pk=kwargs["pk"])
        return attachment(letterpress.specimen(batch), "application/pdf", f"specimen-{batch.pk}.pdf")


class LetterPartExport(ActView):
    """A file for the printer: names and addresses, hence a confirmation and a line in the journal."""

    model, act = LetterPart, "export"
    title = gettext_lazy("Take out this part for the printer")
    help_text = gettext_lazy("It holds names and addresses: send it by a safe channel and delete your copy.")

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.errors:
            return response
        list(messages.get_messages(self.request))
        part = self.object
        name = f"courriers-{part.batch_id}-{part.number:02}.pdf"
        return FileResponse(part.path.open("rb"), as_attachment=True, filename=name)


class LettersReturned(CycleFormPage):
    """Scanned or typed, one a line: what is understood is recorded, the rest stays in the field with its reason."""

    template_name = "sortition/letters_returned.html"
    permission = "sortition.come_back_invitation"
    form_class = forms.ReturnedForm
    title = gettext_lazy("Letters that come back")
    submit_label = gettext_lazy("Record")
    help_text = gettext_lazy(
        "Undelivered envelopes and objections, with a scanner or by hand. The same line twice counts once."
    )

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["cycle"]
        return kwargs

    def get_initial(self):
        wanted = self.request.GET.get("quoi")
        return {"what": wanted} if wanted in returns.REACHED else {}

    def form_valid(self, form):
        what = form.cleaned_data["what"]
        outcome = returns.record(self.cycle, what, form.cleaned_data["codes"], by=self.request.user)
        if outcome.done or outcome.known:
            messages.success(self.request, said(outcome))
        if not outcome.refused:
            here = reverse("sortition:letters_returned", args=[self.cycle.number])
            return redirect(f"{here}?quoi={what}")
        form.data = form.data.copy()
        form.data["codes"] = "\n".join(line for line, _reason in outcome.refused)
        return self.render_to_response(self.get_context_data(form=form, refused=outcome.refused))


def said(outcome):
    done = ngettext("%(count)s letter recorded.", "%(count)s letters recorded.", outcome.done)
    known = ngettext("%(count)s was known already.", "%(count)s were known already.", outcome.known)
    words = [(done, outcome.done), (known, outcome.known)]
    return " ".join(text % {"count": count} for text, count in words if count)
