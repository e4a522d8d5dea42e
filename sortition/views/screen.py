"""The screen of the draw, for a projector: one thing at a time, in figures read from the end of the room."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sortition import drawing, forms
from sortition.models import Draw
from sortition.views.draws import DrawAct

ON_ONE_SCREEN = 25
COLOURS = {
    "red": gettext_lazy("red"),
    "white": gettext_lazy("white"),
    "blue": gettext_lazy("blue"),
    "green": gettext_lazy("green"),
}


class DrawScreen(DrawAct):
    """Typed on the keyboard of the desk, seen by the whole room; works without JavaScript."""

    act = "enter_number"
    form_class = forms.NumberForm
    template_name = "sortition/screen.html"
    title = gettext_lazy("Screen of the room")

    def form_valid(self, form):
        try:
            self.object.enter_number(by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        return redirect(self.request.path)

    def get_context_data(self, **context):
        draw = self.object
        scene = scene_of(draw, correcting="corriger" in self.request.GET or context.get("form"))
        told = {"volunteers": volunteers(draw), "job": draw.job, "colours": colours(draw)}
        if scene == "drawn":
            told |= self.step(scenes_of_the_panel(draw))
        return super().get_context_data(draw=draw, scene=scene, **told, **context)

    def step(self, scenes):
        asked = self.request.GET.get("vue", "")
        at = min(int(asked) if asked.isdecimal() and len(asked) < 4 else 0, len(scenes) - 1)
        return {
            "shown": scenes[at],
            "previous": at - 1 if at else None,
            "next": at + 1 if at + 1 < len(scenes) else None,
        }


def scene_of(draw, correcting=False):
    """What the room sees now."""
    state, State = draw.state, Draw.State
    if state in (State.SUSPENDED, State.CANCELLED):
        return "stopped"
    if draw.drawn_at:
        return "drawn"
    if state == State.COMPOSED:
        return "entered" if draw.number_entered and not correcting else "number"
    if state == State.FROZEN:
        return "making" if draw.seed else "seed"
    return "before"


def volunteers(draw):
    return sum(pool["taken_part"] for pool in draw.counts.get("pools", []))


def colours(draw):
    return [(colour, COLOURS[colour]) for colour in draw.dice_colours]


def scenes_of_the_panel(draw):
    """The number, the pseudonyms by twenty-five, one criterion after the other, the end."""
    names = sorted(draw.outcome["selected"])
    pages = [
        {"kind": "people", "names": enumerate(names[at : at + ON_ONE_SCREEN], at + 1), "first": at + 1}
        | {"last": min(at + ON_ONE_SCREEN, len(names)), "count": len(names)}
        for at in range(0, len(names), ON_ONE_SCREEN)
    ]
    criteria = [
        {
            "kind": "criterion",
            **criterion,
            "most": max((row["maximum"] for row in criterion["rows"]), default=1),
        }
        for criterion in drawing.result_rows(draw)
    ]
    return [{"kind": "number", "title": _("Panel")}, *pages, *criteria, {"kind": "end"}]
