"""What the forms of the workshops share."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy

MARKDOWN = gettext_lazy(
    "One empty line starts a paragraph; “# ” a heading, “- ” a list, **two stars** a word in bold."
)


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def text_area(rows):
    return forms.Textarea(attrs={"rows": rows})


def side_by_side(*names):
    return Row(*(Column(name, css_class="col-sm-6") for name in names))
