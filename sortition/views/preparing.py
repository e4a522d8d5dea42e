"""A draw is prepared."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.views import OnceMixin
from sortition import forms
from sortition.models import Draw
from sortition.views.pages import CycleFormPage


class DrawAdd(OnceMixin, CycleFormPage):
    permission = "sortition.add_draw"
    form_class = forms.DrawForm
    title = gettext_lazy("Prepare the panel draw")
    help_text = gettext_lazy("Another operator will freeze the pool: four eyes.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["cycle"]
        return kwargs | {"follows": Draw.objects.to_follow(self.cycle)}

    def once(self, form):
        if Draw.objects.filter(cycle=self.cycle).exclude(state=Draw.State.CANCELLED).exists():
            raise ValidationError(_("This cycle already has its panel draw."))
        return redirect(Draw.objects.prepare(self.cycle, by=self.request.user, **form.cleaned_data))
