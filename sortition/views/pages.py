"""What pages of recruitment share."""

import io

from django.http import FileResponse
from django.urls import reverse
from django.views.generic import FormView

from assembly.views import CycleScoped, FormPage

STAFF_PAGE = "sortition.view_recruitment"


class CyclePage(CycleScoped):
    """A page of a cycle for those who follow its recruitment, unless another permission is named."""

    permission = STAFF_PAGE


class CycleFormPage(FormPage, CyclePage, FormView):
    """A form about a cycle."""

    template_name = "form.html"

    def get_cancel_url(self):
        return reverse("sortition:recruitment", args=[self.cycle.number])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cycle": self.cycle}


def attachment(data, kind, name):
    return FileResponse(io.BytesIO(data), content_type=kind, as_attachment=True, filename=name)
