"""Long work of this room: reading a roll, making the lottery."""

import csv
import gzip
import io
import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly import clock, jobs, mail
from assembly.models import Cycle
from sortition import forecast, weighing
from sortition.drawing import frozen_people, frozen_quotas
from sortition.engine.invite import invite
from sortition.engine.lottery import TIME_LIMIT, Infeasible, draw_lottery
from sortition.engine.reading import open_table
from sortition.engine.sentences import TEMPLATES, Unreadable
from sortition.engine.volunteers import escape_cell
from sortition.explaining import Names, said
from sortition.models import Draw, Register, SeatOffer
from sortition.quotas import plan
from sortition.words import LOST, NOBODY, UNEXPECTED, sentence

BETWEEN = 0.5  # seconds between two signs of progress


class Progress:
    """Tell the job how far the work is, at most twice a second."""

    def __init__(self, job, total, message=""):
        self.job, self.total, self.message, self.last = job, total, message, 0.0

    def __call__(self, done):
        now = time.monotonic()
        if now - self.last >= BETWEEN:
            self.last = now
            jobs.advance(self.job, min(int(done), self.total), self.total, self.message)


@jobs.job("draw_letters")
def draw_letters(job):
    """Read a roll once, keep the drawn and the counts; the file goes away whatever happens."""
    register = Register.objects.select_related("pool", "cycle").get(pk=job.about)
    if register.state == Register.State.RECEIVED:
        read(job, register)
    register.path.unlink(missing_ok=True)


def read(job, register):
    try:
        outcome, refusals = drawn_letters(job, register)
    except Unreadable as refusal:
        turn_away(job, register, refusal.template, refusal.facts)
    except FileNotFoundError:
        turn_away(job, register, LOST, {})
    except jobs.LeaseLost:
        raise
    except Exception:
        if job.attempts < jobs.ATTEMPTS:
            raise
        turn_away(job, register, UNEXPECTED, {})
    else:
        keep(job, register, outcome, refusals)


def drawn_letters(job, register):
    refusals = Refusals()
    progress = Progress(job, register.size, _("Reading the file"))
    table = open_table(register.path, register.name, progress)
    try:
        outcome = invite(
            table, register.letters, seed=register.seed, today=clock.today(), on_refusal=refusals.write
        )
    finally:
        table.close()
    if not outcome.drawn:
        raise Unreadable("empty_file") if not outcome.rows_read else Nobody(outcome.rows_read)
    return outcome, refusals.packed()


class Nobody(Unreadable):
    """A table whose every line is unusable."""

    template = NOBODY

    def __init__(self, rows):
        Exception.__init__(self, self.template)
        self.code, self.line, self.column, self.facts = "nobody", None, "", {"rows": rows}


def keep(job, register, outcome, refusals):
    with jobs.finishing(job):
        register.draw_letters(
            by=job.by,
            outcome=outcome,
            refusals=refusals,
            fingerprint=outcome.fingerprint,
            rows=outcome.rows_read,
            usable=outcome.usable,
            letters=len(outcome.drawn),
        )


def turn_away(job, register, template, facts):
    plain = {name: value if isinstance(value, int) else str(value)[:200] for name, value in facts.items()}
    with jobs.finishing(job):
        register.turn_away(by=job.by, template=template, facts=plain)


class Refusals:
    """Unusable lines as a packed CSV: where and why, never who."""

    def __init__(self):
        self.buffer = io.BytesIO()
        self.packing = gzip.GzipFile(fileobj=self.buffer, mode="wb", mtime=0)
        self.file = io.TextIOWrapper(self.packing, encoding="utf-8", newline="", write_through=True)
        self.rows = csv.writer(self.file, delimiter=";")
        self.rows.writerow([_("line"), _("column"), _("reason")])

    def write(self, refusal):
        facts = {name: value for name, value in refusal.all_facts.items() if name != "value"}
        reason = sentence(TEMPLATES[refusal.code], facts)
        self.rows.writerow([refusal.line, escape_cell(refusal.column), escape_cell(reason)])

    def packed(self):
        self.file.flush()
        self.file.detach()
        self.packing.close()
        return self.buffer.getvalue()


@jobs.job("weigh_draw")
def weigh_draw(job):
    """What a draw would give with the volunteers and quotas of this moment."""
    draw = Draw.objects.select_related("cycle").get(pk=job.about)
    progress = Progress(job, weighing.STEPS, _("Weighing the quotas and the rules"))
    inputs = weighing.inputs_of(draw)
    result = weighing.weigh(inputs, progress)
    with jobs.finishing(job):
        weighing.keep(draw, inputs, result)


@jobs.job("draw_panel")
def draw_panel(job):
    """Make the lottery from what was frozen and the seed, and publish it."""
    draw = Draw.objects.select_related("cycle").get(pk=job.about)
    if draw.state != Draw.State.FROZEN or not draw.seed:
        raise ValidationError(_("This draw is suspended or already made."))
    progress = Progress(job, 1000, _("Making the %(panels)s panels") % {"panels": draw.panels})
    try:
        lottery = draw_lottery(
            frozen_people(draw),
            frozen_quotas(draw),
            draw.seats,
            seed=draw.seed,
            panels=draw.panels,
            rule=draw.rule,
            commitment_hex=draw.commitment,
            time_limit=TIME_LIMIT,
            progress=lambda part: progress(1000 * part),
        )
    except Infeasible as impossible:
        names = Names(plan(draw.cycle))
        raise ValidationError([line for one in impossible.conflicts for line in said(one, names)]) from None
    with jobs.finishing(job):
        draw.compose(by=job.by, lottery=lottery)


@jobs.job("welcome_member")
def welcome_member(job):
    """The letter that opens the account of a new member."""
    offer = SeatOffer.objects.select_related("member__user", "draw__cycle").get(pk=job.about)
    user = offer.member.user
    context = {"name": user.name, "cycle": offer.cycle}
    mail.send("welcome", user.email, context, language=user.language)


@jobs.job("forecast")
def look_ahead(job):
    """Whether a panel could be drawn from the answers of this moment."""
    cycle = Cycle.objects.get(pk=job.about)
    pools, rows = plan(cycle), forecast.rows_of(cycle)
    with jobs.finishing(job):
        forecast.keep(cycle, pools, rows)
