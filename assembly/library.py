"""The library: every document, by cycle, kind, workshop and year, the latest first.

Rooms say which of their documents belong to which workshop:

    library.workshops(Workshop)
    library.shelve(Minutes, "meeting__workshop", "document")
"""

from functools import reduce
from operator import or_

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from assembly.models import Cycle, Document

WAYS = []
WORKSHOPS = []


def workshops(model):
    """Register what documents may be sorted by."""
    WORKSHOPS.append(model)


def shelve(model, path, *columns):
    """Register the columns of a model that lead to documents, and the path from it to its workshop."""
    WAYS.extend((model, path, column) for column in columns)


def of_workshop(workshop):
    """What was made by or for one workshop."""
    found = [
        Q(pk__in=model._base_manager.filter(**{path: workshop}).values(column))
        for model, path, column in WAYS
    ]
    return reduce(or_, found, Q(pk__in=[]))


class WorkshopField(forms.ModelChoiceField):
    def label_from_instance(self, workshop):
        return f"{workshop} ({workshop.cycle})"


class LibraryFilters(forms.Form):
    """What the library is asked for; an impossible wish asks for nothing."""

    q = forms.CharField(label=gettext_lazy("Words of the title"), required=False, max_length=100)
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        label=gettext_lazy("Cycle"),
        required=False,
        to_field_name="number",
        empty_label=gettext_lazy("All"),
    )
    workshop = WorkshopField(
        None, label=gettext_lazy("Workshop"), required=False, empty_label=gettext_lazy("All")
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(required=False, choices=Document.Kind.choices, widget=forms.HiddenInput)

    def __init__(self, *args, user, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = Cycle.objects.visible_to(user)
        for model in WORKSHOPS:
            self.fields["workshop"].queryset = model.objects.visible_to(user).select_related("cycle")
        years = rows.order_by().datetimes("issued_at", "year", order="DESC")
        self.fields["year"].choices = [("", gettext_lazy("All")), *((day.year, day.year) for day in years)]

    def narrowed(self, rows):
        """By everything but the kind."""
        self.is_valid()
        wanted = self.cleaned_data
        if words := wanted.get("q"):
            rows = rows.filter(title__icontains=words)
        if cycle := wanted.get("cycle"):
            rows = rows.filter(cycle=cycle)
        if workshop := wanted.get("workshop"):
            rows = rows.filter(of_workshop(workshop))
        if year := wanted.get("year"):
            rows = rows.filter(issued_at__year=year)
        return rows


class DocumentList(ListView):
    paginate_by = 20
    template_name = "assembly/document_list.html"

    def get_queryset(self):
        user = self.request.user
        rows = Document.objects.visible_to(user).for_several()
        self.form = LibraryFilters(self.request.GET, user=user, rows=rows)
        rows = self.form.narrowed(rows)
        self.kind = self.form.cleaned_data.get("kind", "")
        self.counts = counted(rows)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        return rows.select_related("cycle").defer("content", "html")

    def get_context_data(self, **context):
        return super().get_context_data(
            form=self.form, kinds=self.kinds(), everything=self.address_of(""), kind=self.kind, **context
        )

    def kinds(self):
        labels = dict(Document.Kind.choices)
        return [(kind, labels[kind], number, self.address_of(kind)) for kind, number in self.counts]

    def address_of(self, kind):
        """The same wishes, for one kind."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query["kind"] = kind
        return f"?{query.urlencode()}"


def counted(rows):
    """[(kind, how many)], the most frequent first."""
    return list(rows.order_by().values_list("kind").annotate(number=Count("pk")).order_by("-number", "kind"))
