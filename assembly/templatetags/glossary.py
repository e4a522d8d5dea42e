"""`{% define "quorum" %}`: a difficult word that says what it means when one hovers, touches or types on it."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from assembly.glossary import TERMS

register = template.Library()


@register.simple_tag
def define(key, words=""):
    """Once a page for each word; the browser opens and closes it by itself."""
    term = TERMS[key]
    return format_html(
        '<button type="button" class="term" popovertarget="word-{key}" title="{meaning}">{words}</button>'
        '<span class="meaning" id="word-{key}" popover><strong>{word}</strong> {meaning} '
        '<a href="{address}">{more}</a></span>',
        key=key,
        words=words or term.word,
        word=term.word,
        meaning=term.meaning,
        address=term.get_absolute_url(),
        more=_("All the words"),
    )
