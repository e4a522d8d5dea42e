"""The page where everything public is searched."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.views.generic import ListView

from assembly.models import Cycle, SearchEntry
from assembly.search import finding, kinds


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        label=gettext_lazy("Cycle"),
        required=False,
        to_field_name="number",
        empty_label=gettext_lazy("All cycles"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext_lazy("Everything")), *kinds()]
        self.fields["cycle"].queryset = Cycle.objects.public()

    def asked(self, name):
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name) or ""


class Search(ListView):
    template_name = "search.html"
    paginate_by = 20

    @cached_property
    def form(self):
        return SearchForm(self.request.GET or None)

    @property
    def words(self):
        return self.form.asked("q").replace("\0", " ")

    def get_queryset(self):
        rows = SearchEntry.objects.select_related("cycle").defer("stems", "title_stems")
        if kind := self.form.asked("kind"):
            rows = rows.filter(kind=kind)
        if cycle := self.form.asked("cycle"):
            rows = rows.filter(cycle=cycle)
        return finding.find(self.words, rows)

    def get_context_data(self, **context):
        context = super().get_context_data(form=self.form, words=self.words, **context)
        hits, labels = context["object_list"], dict(kinds())
        context["hits"] = [
            {
                "entry": hit,
                "kind": labels.get(hit.kind, ""),
                "address": hit.address if get_language() == "fr" else f"/{get_language()}{hit.address}",
                "excerpt": finding.excerpt(hit.text, self.words),
            }
            for hit in hits
        ]
        context["meant"] = finding.meant(self.words) if self.words and not hits else ""
        return context
