"""A person heard withdraws their consent: name and words leave whatever is public; the record stays with staff.

The sheets already printed are not altered: each is replaced by one without them, and kept for staff only.
"""

import re

from django.utils import translation
from django.utils.translation import gettext as _

from assembly.models import Document
from assembly.search import index


def masked(text, names):
    """The text without these names."""
    for name in filter(None, names):
        text = re.sub(re.escape(name), _("[name withdrawn]"), text or "", flags=re.IGNORECASE)
    return text


def withdraw(person):
    """Replace every public sheet of the cycle that says their name or their words."""
    words = words_of(person)
    for document in Document.objects.public().filter(cycle=person.cycle).defer("html"):
        with translation.override(document.language):
            content = without(document.content, person.name, words)
        if content != document.content:
            replace(document, content)


def purged(content, people):
    """What a sheet made after somebody withdrew may say; `people` are those who did."""
    people = list(people)
    for person in people:
        content = without(content, person.name, words_of(person))
    return content | {"withdrawn": len(people)} if people else content


def words_of(person):
    """What only they said, as it may stand in a sheet."""
    answers = person.questions.exclude(answer="").values_list("answer", flat=True)
    return {text for text in [*answers, person.account] if text}


def without(value, name, words):
    if isinstance(value, dict):
        return {key: without(item, name, words) for key, item in value.items()}
    if isinstance(value, list):
        return [without(item, name, words) for item in value if not is_about(item, name)]
    if isinstance(value, str):
        return (
            _("[words withdrawn at the request of the person heard]")
            if value in words
            else masked(value, [name])
        )
    return value


def is_about(item, name):
    """The line of a person heard, in a list of them."""
    return isinstance(item, dict) and item.get("name") == name


def replace(document, content):
    """A sheet of the same kind, with a sentence that says so; whatever pointed to the old one points to it."""
    content |= {"withdrawn": content.get("withdrawn", 0) + 1}
    new = Document.objects.issue(
        document.kind, document.title, content, cycle=document.cycle, language=document.language
    )
    for link in Document._meta.related_objects:
        rows = link.related_model._base_manager.filter(**{link.field.name: document})
        rows.update(**{link.field.name: new})
    Document.objects.filter(pk=document.pk).update(audience=Document.Audience.STAFF)
    index.refresh(Document, document.pk)
