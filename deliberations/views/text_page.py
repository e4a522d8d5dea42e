"""What every page about one text shares."""

from assembly.rules import entitled, is_moment
from deliberations.models import (
    Proposal,
    Version,
)


class TextPage:
    """A page about one text this person may know of."""

    model = Proposal
    context_object_name = "proposal"

    def get_queryset(self):
        rows = Proposal.objects.visible_to(self.request.user)
        return rows.select_related(
            "cycle", "origin", "workshop__notebook", "document", "council_item__document", "voted_version"
        )


def pens_of(user, text):
    """The names under which this person may write at this stage."""
    pens = Version.pens(text.state)
    if not entitled(user, "save_version", text):
        return []
    if user.holds("secretariat", text.cycle):
        return list(pens)
    return [kind for kind in pens if kind == Version.kind_of(user)]


def may_write(user, text):
    return is_moment("save_version", text) and bool(pens_of(user, text))
