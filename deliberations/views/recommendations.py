"""The recommendations of a workshop."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from assembly.views import FoundView
from deliberations.forms import texts as forms
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
            recommendations=with_sources(rows, self.request.user),
            may_add=entitled_to_recommend(self.request.user, self.object),
            **context,
        )


def with_sources(rows, user):
    """Each with what it rests on, and where this person may read it: one query a kind of source."""
    rows = list(rows.select_related("carried_by", "workshop__cycle").prefetch_related("sources"))
    sources = [source for row in rows for source in row.sources.all()]
    readable = readable_by(user, sources)
    for source in sources:
        kept = readable.get((source.source_type_id, source.source_id))
        source.link = source.url or (kept.get_absolute_url() if kept else "")
    return rows


def readable_by(user, sources):
    """{(kind, number): what the house keeps and this person may open}."""
    wanted = defaultdict(list)
    for source in sources:
        if source.source_type_id:
            wanted[source.source_type_id].append(source.source_id)
    return {
        (kind, row.pk): row
        for kind, numbers in wanted.items()
        for row in readable_of_kind(user, kind).filter(pk__in=numbers)
    }


def readable_of_kind(user, kind):
    return ContentType.objects.get_for_id(kind).model_class().objects.visible_to(user)


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
