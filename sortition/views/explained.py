"""How the members are drawn, in pictures, with the figures of the latest draw."""

from hashlib import sha256

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from sortition import publication
from sortition.models import Draw, Invitation

PIPS = {
    1: [(20, 20)],
    4: [(11, 11), (29, 11), (11, 29), (29, 29)],
    6: [(11, 10), (29, 10), (11, 20), (29, 20), (11, 30), (29, 30)],
}
THROWN = (4, 1, 6)


class DrawExplained(TemplateView):
    template_name = "sortition/draw_explained.html"

    def get_context_data(self, **context):
        rows = Draw.objects.public().of_the_panel().filter(published_at__isnull=False)
        draw = rows.select_related("cycle").order_by("-published_at").first()
        return super().get_context_data(
            draw=draw,
            from_many_to_few=steps_of(draw) if draw else [],
            lists=changed_by_a_letter(),
            dice=[{"x": 10 + 56 * place, "pips": PIPS[face]} for place, face in enumerate(THROWN)],
            criterion=next(iter(publication.comparison(draw)), None) if draw else None,
            **context,
        )


def steps_of(draw):
    """Letters, volunteers, seats of the draw that is shown."""
    volunteers = sum(pool["taken_part"] for pool in draw.counts.get("pools", []))
    rows = [
        {
            "label": _("people who were sent a letter"),
            "value": Invitation.objects.filter(pool__cycle=draw.cycle).count(),
        },
        {"label": _("volunteers who took part in the draw"), "value": volunteers},
        {"label": _("people drawn"), "value": len(draw.outcome.get("selected", []))},
    ]
    return [row for row in rows if row["value"]]


def changed_by_a_letter():
    """Two lists that differ by one district, and their fingerprints that have nothing in common."""
    lists = ["A-7F3, 18e ; B-2K9, 5e ; C-8M1, 12e", "A-7F3, 19e ; B-2K9, 5e ; C-8M1, 12e"]
    return [(words, sha256(words.encode()).hexdigest()) for words in lists]
