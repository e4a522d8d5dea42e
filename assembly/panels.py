"""What an upper floor adds to a page of a lower one, as reactions do for acts.

`@panel("workshops.workshop")` registers a function of (request, workshop) that returns a template and its
context, or nothing; the page prints them all with `{% panels workshop %}`.
"""

from collections import defaultdict

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

PANELS = defaultdict(list)


def panel(label):
    """`label` names the model the page is about: "workshops.workshop"."""

    def register(builder):
        PANELS[label].append(builder)
        return builder

    return register


def render(request, obj):
    found = [builder(request, obj) for builder in PANELS[obj._meta.label_lower]]
    return mark_safe("".join(render_to_string(*page, request=request) for page in found if page))


SIGNS = []


def sign(builder):
    """Register a function of a cycle: {member: words} that whoever runs it should see beside their names."""
    SIGNS.append(builder)
    return builder


def signs_in(cycle):
    found = {}
    for builder in SIGNS:
        for pk, words in builder(cycle).items():
            found.setdefault(pk, []).append(words)
    return found
