"""What a notice changed, in words."""

from django import template

from assembly.templatetags.house import moment
from workshops.models import Meeting

register = template.Library()


@register.filter
def changed_lines(changes):
    """{field: [before, after]} as lines for people: label, before, after."""
    for name, both in changes.items():
        said = [moment(value) for value in both] if name in ("starts_at", "ends_at") else both
        yield {"label": Meeting._meta.get_field(name).verbose_name, "before": said[0], "after": said[1]}
