"""What is printed on a letter: its code, short, unguessable, readable aloud; and its postal number. Pure."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no O, I, L, U: who reads one means 0, 1, 1, V
MISREAD = str.maketrans("OILU", "011V")
LENGTH = 8
DIGITS, CHECK = 8, 97


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


def said(text: str) -> str:
    """The letters and digits that matter: of an address as a scanner types it, what follows the #."""
    return re.sub(r"[^A-Z0-9]", "", text.rpartition("#")[2].upper())


def normalised(text: str) -> str:
    """However it was typed: lower case, spaces, O for 0, l for 1, the form's own prefix; empty if it cannot be a code."""
    code = said(text)
    code = code[3:] if len(code) == LENGTH + 3 and code.startswith("ACP") else code
    code = code.translate(MISREAD)
    if len(code) != LENGTH or any(sign not in ALPHABET for sign in code):
        return ""
    return f"{code[:4]}-{code[4:]}"


def postal(number: int) -> str:
    """The number seen through the window of the envelope: it finds the letter and opens nothing."""
    return f"{number:0{DIGITS}d}{number % CHECK:02d}"


def from_postal(text: str) -> int | None:
    """The letter behind a postal number as it was typed or scanned, if its two last digits agree."""
    digits = said(text).translate(MISREAD)
    if len(digits) != DIGITS + 2 or not digits.isdecimal():
        return None
    number = int(digits[:-2])
    return number if number % CHECK == int(digits[-2:]) else None
