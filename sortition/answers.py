"""A file of answers: understood and shown first, taken in second, nothing changed in between."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from assembly import clock
from sortition import codes, eligibility
from sortition.engine import plain
from sortition.engine.reading import open_table
from sortition.engine.sentences import Refusal, Unreadable
from sortition.engine.volunteers import Answer, person_key, read_answers
from sortition.models import Invitation, Volunteer, lay_aside
from sortition.words import sentence

MOST = 50_000  # answers in one file
AVAILABLE = {
    "oui": "yes",
    "yes": "yes",
    "parfois": "sometimes",
    "sometimes": "sometimes",
    "non": "no",
    "no": "no",
}
TOKEN = re.compile(r"[A-Za-z0-9]{43}")


# ---- the file between its two pages


def keep(path):
    """Lay an upload aside under a name nobody can guess; returns that name."""
    token = get_random_string(43)
    lay_aside(path, place(token))
    return token


def place(token):
    if not TOKEN.fullmatch(token):
        raise FileNotFoundError(token)
    return settings.INCOMING / f"answers-{token}"


# ---- understanding


@dataclass
class Line:
    """An answer that will be taken in, and what is to be looked at in it."""

    answer: Answer
    key: str
    invitation: Invitation | None
    profile: dict
    obstacle: str

    @property
    def number(self):
        return self.answer.line

    @property
    def obstacle_label(self):
        return Volunteer.Obstacle(self.obstacle).label if self.obstacle else ""


@dataclass
class Note:
    """A sentence about a line of the file."""

    line: int
    column: str
    sentence: str


@dataclass
class Difference:
    """Somebody known already, who answers otherwise in the file."""

    line: int
    volunteer: Volunteer
    facts: dict
    differs: list[str]

    @property
    def sentence(self):
        return _("Answered otherwise before: both answers will be shown side by side, to decide.")


@dataclass
class Preview:
    pool: object
    known: list = field(default_factory=list)
    differing: list[Difference] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    refused: list[Note] = field(default_factory=list)
    repeated: list[Note] = field(default_factory=list)
    doubts: list[Note] = field(default_factory=list)

    @property
    def eligible(self):
        return [line for line in self.lines if not line.obstacle]

    @property
    def obstacles(self):
        counts = Counter(line.obstacle for line in self.lines if line.obstacle)
        return [(Volunteer.Obstacle(code).label, count) for code, count in counts.most_common()]


def said(refusal: Refusal):
    return Note(refusal.line, refusal.column, sentence(refusal.template, refusal.all_facts))


def understand(path, name, pool, *, match_codes=False, at=None, words=None):
    """Read a whole file of answers against this pool; writes nothing. Raises ValidationError if it is no such file.

    `at` and `words`: the columns and what their words mean, where they were said by hand (see `columns`).
    """
    try:
        table = open_table(path, name)
        try:
            found = list(_bounded(read_answers(table, clock.today(), at, words)))
        finally:
            table.close()
    except Unreadable as refusal:
        raise ValidationError(sentence(refusal.template, refusal.facts)) from None
    return _sorted_out(found, pool, match_codes)


def _bounded(rows):
    for number, row in enumerate(rows):
        if number >= MOST:
            raise ValidationError(_("More than %(most)s answers in one file: split it.") % {"most": MOST})
        yield row


def _sorted_out(found, pool, match_codes):
    preview = Preview(pool)
    context = _Context(pool, found, match_codes)
    last = {}
    for row in found:
        if isinstance(row, Refusal):
            preview.refused.append(said(row))
            continue
        key = context.key_of(row)
        if key in last:
            earlier = last.pop(key)
            preview.repeated.append(
                Note(
                    earlier.line,
                    "",
                    _("Answered again on line %(line)s: the last answer counts.") % {"line": row.line},
                )
            )
        last[key] = row
    for key, row in last.items():
        _weigh(preview, context, key, row)
    _compare(preview, context)
    return preview


def _compare(preview, context):
    """Those who answered already are left as they are; what they say otherwise waits for a decision."""
    rows = Volunteer.objects.select_related("contact", "cycle").in_bulk([pk for pk, _row in preview.known])
    for pk, row in preview.known:
        earlier = rows[pk]
        otherwise = earlier.was_heard_otherwise(Volunteer.Source.FILE)
        if differs := earlier.differences(facts_of(row), context.categories) if otherwise else []:
            preview.differing.append(Difference(row.line, earlier, facts_of(row), differs))
        else:
            said = _("Already among the volunteers of this cycle: left as they are.")
            preview.repeated.append(Note(row.line, "", said))


def facts_of(row):
    """An answer of a file, as the acts take it."""
    names = ("birth_date", "district", "diploma", "email", "phone")
    needs = [row.access_needs]
    needs += [_("childcare")] if row.childcare else []
    needs += [_("interpreter")] if row.interpreter else []
    return {name: getattr(row, name) for name in names} | {
        "gender": row.sex,
        "needs": "; ".join(filter(None, needs)),
        "availability": AVAILABLE.get(plain.words(row.saturdays), ""),
    }


def _weigh(preview, context, key, row):
    preview.doubts += [said(doubt) for doubt in row.doubts]
    invitation, refusal = context.letter_of(row)
    if refusal:
        preview.refused.append(Note(row.line, "", refusal))
        return
    if earlier := context.earlier(key, invitation):
        preview.known.append((earlier, row))
        return
    profile = context.profile_of(row)
    obstacle = eligibility.obstacle(
        preview.pool,
        context.wanted,
        profile,
        birth_date=row.birth_date,
        today=context.today,
        consent=row.consent is not False,
        in_paris=not row.postcode or row.postcode.startswith("75"),
    )
    preview.lines.append(Line(row, key, invitation, profile, obstacle))


class _Context:
    """What is known before a file is read: the pool’s targets, letters, and who volunteered already."""

    def __init__(self, pool, found, match_codes):
        self.pool, self.match_codes = pool, match_codes
        self.today = eligibility.reckoned_on(pool.cycle)
        self.wanted = eligibility.targets_of(pool)
        self.categories = eligibility.categories_of(pool.cycle)
        rows = Volunteer.objects.filter(cycle=pool.cycle)
        self.taken = dict(rows.values_list("person_key", "pk"))
        self.answered = dict(rows.exclude(invitation=None).values_list("invitation_id", "pk"))
        self.letters = self._letters(found) if match_codes else {}

    def _letters(self, found):
        wanted = {codes.normalised(row.code) for row in found if isinstance(row, Answer) and row.code} - {""}
        letters = Invitation.objects.filter(pool=self.pool).select_related("contact")
        return {letter.code: letter for letter in letters if letter.code in wanted}

    def earlier(self, key, invitation):
        return self.answered.get(invitation and invitation.pk) or self.taken.get(key)

    def letter_of(self, row):
        if not self.match_codes:
            return None, ""
        letter = self.letters.get(codes.normalised(row.code))
        if letter is None:
            return None, _("Line %(line)s: no letter of this pool carries this code.") % {"line": row.line}
        if letter.state not in Invitation.ANSWERABLE:
            facts = {"line": row.line, "state": letter.get_state_display()}
            return None, _("Line %(line)s: the letter is “%(state)s”, it cannot be answered.") % facts
        return letter, ""

    def key_of(self, row):
        if row.last_name and row.birth_date:
            return person_key(row.last_name, row.first_name, row.birth_date)
        return hashlib.sha256(f"answer|{row.card or row.code or row.line}".encode()).hexdigest()

    def profile_of(self, row):
        return eligibility.profile_of(
            self.categories,
            gender=row.sex,
            birth_date=row.birth_date,
            district=row.district,
            diploma=row.diploma,
            today=self.today,
        )
