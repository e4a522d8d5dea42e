"""A draw is prepared."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.views import OnceMixin
from sortition import forms
from sortition.models import Draw
from sortition.views.draws import DrawAct
from sortition.views.pages import CycleFormPage


class DrawAdd(OnceMixin, CycleFormPage):
    permission = "sortition.add_draw"
    form_class = forms.DrawForm
    title = gettext_lazy("Prepare the panel draw")
    help_text = gettext_lazy("Another operator will freeze the pool: four eyes.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"follows": Draw.objects.to_follow(self.cycle)}

    def once(self, form):
        if Draw.objects.filter(cycle=self.cycle).exclude(state=Draw.State.CANCELLED).exists():
            raise ValidationError(_("This cycle already has its panel draw."))
        draw = Draw.objects.prepare(self.cycle, by=self.request.user, **form.cleaned_data)
        return redirect(draw.get_room_url())


class DrawAdjust(DrawAct):
    """The same settings, until the draw is announced; `?rule=` comes from the comparison of the rules."""

    act = "adjust"
    form_class = forms.SettingsForm
    title = gettext_lazy("Rule and settings")
    submit_label = gettext_lazy("Save")
    then = back = "get_room_url"

    def get_initial(self):
        rule = self.request.GET.get("rule")
        return {"rule": rule} if rule in Draw.Rule.values else {}
