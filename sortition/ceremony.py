"""What is typed before the witnesses: read, or refused in a sentence."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LEAST_DICE, MOST_DICE = 4, 60
COLOURS = ("red", "white", "blue", "green")
"""Of the dice that designate the panel, from the first digit to the last: the order is said before they are thrown."""


def bare(text):
    """Digits as people type them, with spaces or points between."""
    return "".join(text.split()).replace(".", "").replace("-", "").replace("–", "")


def dice_of(text, expected=None):
    """The digits of a throw in order; `expected` is how many were laid down, if any were."""
    digits = only_digits(text, _("The dice"))
    if expected and len(digits) != expected:
        raise ValidationError(
            ngettext(
                "%(typed)s digit was typed: %(expected)s dice were laid down.",
                "%(typed)s digits were typed: %(expected)s dice were laid down.",
                len(digits),
            ),
            params={"typed": len(digits), "expected": expected},
        )
    if not LEAST_DICE <= len(digits) <= MOST_DICE:
        raise ValidationError(
            _("Between %(least)s and %(most)s digits are needed."),
            params={"least": LEAST_DICE, "most": MOST_DICE},
        )
    if set(digits) <= {"0"}:
        raise ValidationError(_("A seed of zeros is no seed: throw the dice and type what they show."))
    return digits


def source_of(text):
    """The public value on one line, as published."""
    found = " ".join(text.split())
    signs = {sign for sign in found if sign.isalnum()}
    if not signs:
        raise ValidationError(_("The public source is missing: copy it as it was published."))
    if signs <= {"0"}:
        raise ValidationError(_("The public source cannot be zeros only: copy it as it was published."))
    return found


def number_of(text, panels):
    """The number of a panel, one digit a die, as it was thrown."""
    digits, wanted = only_digits(text, _("The number")), width(panels)
    if len(digits) != wanted:
        raise ValidationError(
            ngettext(
                "%(typed)s digit was typed: %(wanted)s are needed, one a die, zeros included.",
                "%(typed)s digits were typed: %(wanted)s are needed, one a die, zeros included.",
                len(digits),
            ),
            params={"typed": len(digits), "wanted": wanted},
        )
    if int(digits) >= panels:
        raise ValidationError(
            _("There is no panel %(number)s: they go from %(first)s to %(last)s. Throw the dice again."),
            params={"number": digits, "first": "0" * wanted, "last": panels - 1},
        )
    return digits


def groups(text, size):
    """A long row of signs, as people read it aloud."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def width(panels):
    """How many dice designate one of so many panels."""
    return len(str(panels - 1))


def only_digits(text, what):
    digits = bare(text)
    if not digits:
        raise ValidationError(_("%(what)s: nothing was typed."), params={"what": what})
    if not (digits.isascii() and digits.isdigit()):
        strange = next(sign for sign in digits if not (sign.isascii() and sign.isdigit()))
        raise ValidationError(
            _("%(what)s: “%(sign)s” is not a digit."), params={"what": what, "sign": strange}
        )
    return digits


def same(typed, entered, what):
    """The second typing must be the first."""
    if typed != entered:
        raise ValidationError(
            _(
                "%(what)s: “%(typed)s” was typed now, “%(entered)s” the first time. Read them again; what was entered first may be corrected."
            ),
            params={"what": what, "typed": typed, "entered": entered},
        )


def another(person, first):
    if person == first:
        raise ValidationError(_("Four eyes: who typed it first may not confirm it."))
