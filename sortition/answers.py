"""A file of answers: understood and shown first, taken in second, nothing changed in between."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from assembly import clock
from assembly.models import Cycle
from sortition import codes, eligibility
from sortition.engine.reading import open_table
from sortition.engine.sentences import Refusal, Unreadable
from sortition.engine.volunteers import Answer, person_key, read_answers
from sortition.models import Contact, Draw, Invitation, Volunteer, lay_aside
from sortition.words import sentence

MOST = 50_000  # answers in one file
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
class Preview:
    pool: object
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


def understand(path, name, pool, *, match_codes=False):
    """Read a whole file of answers against this pool; writes nothing. Raises ValidationError if it is no such file."""
    try:
        table = open_table(path, name)
        try:
            found = list(_bounded(read_answers(table, clock.today())))
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
    return preview


def _weigh(preview, context, key, row):
    preview.doubts += [said(doubt) for doubt in row.doubts]
    invitation, refusal = context.letter_of(row)
    if refusal:
        preview.refused.append(Note(row.line, "", refusal))
        return
    if key in context.taken or (invitation and invitation.pk in context.answered):
        preview.repeated.append(
            Note(row.line, "", _("Already among the volunteers of this cycle: left as they are."))
        )
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
        self.pool, self.today, self.match_codes = pool, clock.today(), match_codes
        self.wanted = eligibility.targets_of(pool)
        self.categories = eligibility.categories_of(pool.cycle)
        rows = Volunteer.objects.filter(cycle=pool.cycle)
        self.taken = set(rows.values_list("person_key", flat=True))
        self.answered = set(rows.exclude(invitation=None).values_list("invitation_id", flat=True))
        self.letters = self._letters(found) if match_codes else {}

    def _letters(self, found):
        wanted = {codes.normalised(row.code) for row in found if isinstance(row, Answer) and row.code} - {""}
        letters = Invitation.objects.filter(pool=self.pool).select_related("contact")
        return {letter.code: letter for letter in letters if letter.code in wanted}

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


# ---- taking in


def take_in(path, name, pool, *, by, match_codes=False):
    """Add the volunteers of a file, all or none; those known already are left as they are. Returns the preview."""
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(pk=pool.cycle_id)
        if Draw.objects.closing(cycle).exists():
            raise ValidationError(_("The pool is frozen: nobody enters or leaves it any more."))
        preview = understand(path, name, pool, match_codes=match_codes)
        if not preview.lines:
            raise ValidationError(_("Nobody new in this file: nothing was changed."))
        _write(preview, cycle)
        facts = {"pool": pool.title, "taken": len(preview.lines), "eligible": len(preview.eligible)}
        cycle.record(
            "take_in_answers", by=by, refused=len(preview.refused), repeated=len(preview.repeated), **facts
        )
    return preview


def _write(preview, cycle):
    fresh = [line for line in preview.lines if line.invitation is None or line.invitation.contact is None]
    contacts = [_contact(line.answer, cycle) for line in fresh]
    Contact.objects.bulk_create(contacts, batch_size=500)
    known = {id(line): contact for line, contact in zip(fresh, contacts, strict=True)}
    answered = [line for line in preview.lines if id(line) not in known]
    for line in answered:
        known[id(line)] = _completed(line.invitation.contact, line.answer, cycle)
    Contact.objects.bulk_update(
        [known[id(line)] for line in answered],
        ["email", "phone", "needs", "birth_date", "purge_on"],
        batch_size=200,
    )
    Volunteer.objects.bulk_create(
        [_volunteer(line, known[id(line)], preview.pool) for line in preview.lines], batch_size=500
    )
    letters = [line.invitation.pk for line in preview.lines if line.invitation]
    Invitation.objects.filter(pk__in=letters).update(state=Invitation.State.VOLUNTEERED)


def _needs(answer):
    asked = [answer.access_needs]
    asked += [_("childcare")] if answer.childcare else []
    asked += [_("interpreter")] if answer.interpreter else []
    return "; ".join(filter(None, asked))


def _contact(answer, cycle):
    return Contact(
        cycle=cycle,
        last_name=answer.last_name[:150],
        first_name=answer.first_name[:150],
        birth_date=answer.birth_date,
        address=answer.address,
        postcode=answer.postcode[:10],
        email=answer.email,
        phone=answer.phone[:20],
        needs=_needs(answer),
        purge_on=cycle.ends_on,
    )


def _completed(contact, answer, cycle):
    contact.email, contact.phone, contact.needs = answer.email, answer.phone[:20], _needs(answer)
    contact.birth_date, contact.purge_on = answer.birth_date or contact.birth_date, cycle.ends_on
    return contact


def _volunteer(line, contact, pool):
    born = line.answer.birth_date
    row = Volunteer(
        cycle=pool.cycle,
        pool=pool,
        invitation=line.invitation,
        contact=contact,
        person_key=line.key,
        profile=line.profile,
        is_minor=bool(born) and eligibility.age_on(clock.today(), born) < 18,
        source=Volunteer.Source.FILE,
        state=Volunteer.State.INELIGIBLE if line.obstacle else Volunteer.State.ELIGIBLE,
        obstacle=line.obstacle,
    )
    row.pseudonym = row.made_pseudonym()
    return row
