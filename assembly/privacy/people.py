"""Whom data are about: an account, or a number some room knows. Rooms say how to find and how to link them."""

from django.db import transaction

from assembly.models import Person, User

FINDERS = []
LINKS = {}


def finds(finder):
    """Register a search by words: a function of the words that gives (Person unsaved, what to show)."""
    FINDERS.append(finder)
    return finder


def links(room):
    """Register, for a room, the numbers it knows a person by: a function of the Person."""

    def register(function):
        LINKS[room] = function
        return function

    return register


def numbers(person, room):
    """Everything this room knows the person by, whichever way they were asked for."""
    return LINKS[room](person)


def search(words):
    """[(Person, words to tell them apart)], at most fifty: for the secretariat alone."""
    words = words.replace("\0", "").strip()
    if len(words) < 2:
        return []
    return [found for finder in FINDERS for found in finder(words)][:50]


def known(person):
    """The one row of this person, made if need be."""
    way = {"user": person.user} if person.user_id else {"room": person.room, "number": person.number}
    with transaction.atomic():
        return Person.objects.get_or_create(**way)[0]


@finds
def accounts(words):
    rows = User.objects.filter(name__icontains=words) | User.objects.filter(email__icontains=words)
    for user in rows.order_by("name", "pk")[:50]:
        yield Person(user=user), f"{user.name} – {user.email}"
