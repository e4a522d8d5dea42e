"""`{{ text|words }}`: what people wrote, as safe HTML; `{{ text|words:4 }}` below a heading of level 3."""

from django import template

from assembly.words import to_html

register = template.Library()


@register.filter
def words(text, level=3):
    return to_html(text, level)
