"""The space of a workshop: one row of tabs, one page a section."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from workshops.models import Workshop
from workshops.sections import SECTIONS, sections_for


class InSpace:
    """A page of a workshop's space: its tabs, and whether the reader belongs inside."""

    here = ""

    def get_context_data(self, **context):
        workshop = self.get_workshop()
        inside = workshop.is_open_to(self.request.user)
        return super().get_context_data(
            **{"workshop": workshop, "inside": inside, "tabs": tabs(workshop, inside, self.here)} | context
        )

    def get_workshop(self):
        return self.object.workshop


def tabs(workshop, inside, here):
    rows = [("", _("Programme"), workshop.get_absolute_url())]
    rows += [(part.slug, part.label, part.address(workshop)) for part in sections_for(inside)]
    return [{"label": label, "url": url, "here": slug == here} for slug, label, url in rows]


class WorkshopSection(InSpace, DetailView):
    """One section, built by whoever registered it."""

    template_name = "workshops/workshop_section.html"

    def get_queryset(self):
        return Workshop.objects.visible_to(self.request.user).select_related("cycle", "notebook")

    def dispatch(self, request, *args, **kwargs):
        self.section = SECTIONS.get(kwargs["slug"])
        if self.section is None:
            raise Http404
        self.object = self.get_object()
        if self.section.inside and not self.object.is_open_to(request.user):
            return self.refused()
        return super().dispatch(request, *args, **kwargs)

    def refused(self):
        if self.request.user.is_authenticated:
            raise PermissionDenied
        return redirect("account_login")

    def get_object(self, queryset=None):
        return getattr(self, "object", None) or self.find()

    def find(self):
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_workshop(self):
        return self.object

    @property
    def here(self):
        return self.section.slug

    def get_context_data(self, **context):
        fragment, facts = self.section.builder(self.request, self.object)
        return super().get_context_data(section=self.section, fragment=fragment, **facts, **context)
