"""The addresses of a text in the Paris Council."""

from django.utils.translation import gettext_lazy as _

from deliberations.addresses import act
from deliberations.forms import council as forms
from deliberations.models import Proposal

urlpatterns = [
    act(
        "voeux/<int:pk>/seance/amendement/",
        Proposal,
        "move_in_session",
        _("Enter an amendment moved in session"),
        form=forms.MoveInSessionForm,
    ),
    act(
        "voeux/<int:pk>/seance/groupes/",
        Proposal,
        "enter_positions",
        _("Enter the positions of the groups"),
        form=forms.PositionsForm,
        help_text=_(
            "One row for each political group. Voices are entered where they are known. "
            "Empty a name to take the group out."
        ),
    ),
    act(
        "voeux/<int:pk>/seance/compte-rendu/",
        Proposal,
        "cite",
        _("Cite the official record"),
        form=forms.CiteForm,
    ),
]
