"""What a workshop wrote and was answered: documents, questions, minutes, notebook."""

from django.utils.translation import gettext_lazy as _

from workshops.models import Minutes, Notebook
from workshops.sections import section


@section("documents", _("Documents"), position=20)
def documents(request, workshop):
    """The minutes and what was published of this workshop."""
    rows = Minutes.objects.visible_to(request.user).filter(meeting__workshop=workshop)
    return "workshops/_documents.html", {"minutes_list": rows.select_related("meeting", "document")}


@section("carnet", _("Notebook"), position=70)
def notebook(request, workshop):
    return "workshops/_notebook_of_workshop.html", {
        "notebook": readable_notebook(workshop, workshop.is_open_to(request.user))
    }


def readable_notebook(workshop, inside):
    """Public once deposited, before that for who is inside."""
    found = getattr(workshop, "notebook", None)
    return found if found and (inside or found.state == Notebook.State.DEPOSITED) else None
