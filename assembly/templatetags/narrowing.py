"""The fields that narrow a list, written at once: a list shows them on each of its pages."""

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms, template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

register = template.Library()
CHOSEN = mark_safe(" selected")


@register.simple_tag
def narrowing_field(field):
    """As crispy forms would show it; a plain choice without going through its templates."""
    if type(field.field.widget) is not forms.Select or field.errors or field.help_text:
        return as_crispy_field(field)
    return format_html(
        '<div id="div_{id}" class="mb-3"><label for="{id}" class="form-label">{label}</label>'
        '<select name="{name}" class="select form-select" id="{id}">{options}</select></div>',
        id=field.auto_id,
        label=field.label,
        name=field.html_name,
        options=options(field),
    )


def options(field):
    value = field.value()
    wanted = "" if value is None else str(value)
    rows = ((key, CHOSEN if str(key) == wanted else "", label) for key, label in written(field.field.choices))
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def written(choices):
    return (("" if key is None else key, label) for key, label in choices)
