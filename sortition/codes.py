"""The code on a letter: short, unguessable, readable aloud. Pure."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1, I
LENGTH = 8


def fresh() -> str:
    """Forty bits and at least one digit, such as K7QM-2XRP."""
    while True:
        text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if any(sign.isdigit() for sign in text):
            return f"{text[:4]}-{text[4:]}"


def several(count: int) -> list[str]:
    found: set[str] = set()
    while len(found) < count:
        found.add(fresh())
    return list(found)


def normalised(text: str) -> str:
    """However it was typed: lower case, spaces, no hyphen, the form's own prefix; empty if it cannot be a code."""
    said = re.sub(r"[^A-Z0-9]", "", text.upper())
    said = said[3:] if len(said) == LENGTH + 3 and said.startswith("ACP") else said
    if len(said) != LENGTH or any(sign not in ALPHABET for sign in said):
        return ""
    return f"{said[:4]}-{said[4:]}"
