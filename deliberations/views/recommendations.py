"""The recommendations of a workshop."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from assembly.views import FoundView
from deliberations import forms
from deliberations.models import (
    Recommendation,
)
from workshops.models import Workshop


class RecommendationList(DetailView):
    """The recommendations of one workshop, each traced to the text that carries it."""

    template_name = "deliberations/recommendation_list.html"
    context_object_name = "workshop"

    def get_queryset(self):
        return Workshop.objects.visible_to(self.request.user).select_related("cycle")

    def get_context_data(self, **context):
        rows = Recommendation.objects.visible_to(self.request.user).filter(workshop=self.object)
        return super().get_context_data(
            recommendations=rows.select_related("carried_by", "workshop__cycle"),
            may_add=entitled_to_recommend(self.request.user, self.object),
            **context,
        )


def entitled_to_recommend(user, workshop):
    return user.is_authenticated and user.has_perm("deliberations.add_recommendation", workshop)


class RecommendationFound(FoundView):
    model = Recommendation
    form_class = forms.RecommendationForm
    parent_model = Workshop
    parent_field = "workshop"
    title = gettext_lazy("Add a recommendation")

    def once(self, form):
        self.object = Recommendation.objects.write(
            by=self.request.user, workshop=self.parent, text=form.cleaned_data["text"]
        )
        return redirect(self.object)
