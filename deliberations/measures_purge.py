"""`manage.py measure purge`: a whole cycle erased while its worker is killed, then searched for every word it held.

The demonstration’s first cycle is told in a throw-away database, and a thousand people of every status are added
to it, each with words of their own; twenty more belong to a cycle whose time is not over. The purge runs in
processes that kill themselves (SIGKILL) at points drawn by lot, and is taken up again each time.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Sum

from assembly import clock, jobs
from assembly.measuring import Figure, measure
from assembly.models import (
    Cycle,
    Document,
    Elimination,
    Job,
    LeftFile,
    Member,
    User,
)
from assembly.privacy import erasing
from deliberations.measures_sowing import Sowing, limit

PEOPLE, KILLS = 1000, 50
LATER = 20
INSIDE = """
import sys, django
django.setup()
from deliberations.measures_purge import inside, tell_the_story
tell_the_story()
inside(*map(int, sys.argv[1:]))
"""
WORD = re.compile(r"qx(\d{4})[a-z]", re.IGNORECASE)
BORN = re.compile(r"190\d-\d\d-\d\d")
NONE = {"bar": 0, "at_least": False}


@measure("purge")
def purge(people=PEOPLE, kills=KILLS):
    """In a database of its own beside the configured one, with files of its own."""
    from deliberations.measures import throwaway_database

    with throwaway_database() as address, tempfile.TemporaryDirectory() as var:
        (Path(var) / "vendor").symlink_to(settings.VENDOR)
        env = {
            **os.environ,
            "DATABASE_URL": address,
            "VAR": var,
            "DJANGO_SETTINGS_MODULE": "assembly.settings",
        }
        command = [sys.executable, "-W", "ignore", "-c", INSIDE, str(people), str(kills)]
        told = subprocess.run(command, env=env, cwd=settings.BASE_DIR, text=True, capture_output=True)
    if told.returncode:
        raise RuntimeError(told.stderr[-3000:])
    found = json.loads(told.stdout.rpartition("RESULT")[2])
    yield Figure(f"people of mixed status on {connection.vendor}", found["people"], "people", bar=int(people))
    yield Figure("kills survived", found["kills"], "kills", bar=int(kills))
    yield Figure("erased before the visa", found["before_visa"], "people", **NONE)
    yield Figure("people found in the tables before", found["held"], "people", bar=int(people))
    yield Figure("people found in the tables afterwards", found["tables"], "people", **NONE)
    places = "the files and the pages of the database" if connection.vendor == "sqlite" else "the files"
    yield Figure(f"people found in {places} afterwards", found["files"], "people", **NONE)
    yield Figure("members of the told cycle found by name or e-mail", found["told"], "people", **NONE)
    yield Figure("erased early, or in spite of a limitation", found["early"], "people", **NONE)
    yield Figure("totals that moved", found["moved"], "totals", **NONE)
    yield Figure("rows erased with a proof", found["erased"], "rows", bar=1)
    yield Figure(
        "rows the proof counts and the schedule does not, or the reverse", found["apart"], "rows", **NONE
    )


# ---- in the throw-away database


def tell_the_story():
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from assembly.demo.story import tell

    tell(small=True)


def inside(people, kills):
    cycle = Cycle.objects.get(number=1)
    later = Cycle.objects.latest("number")
    named = names_of(cycle)
    sown = Sowing(cycle, cycle.ends_on + timedelta(days=365)).sow(people)
    kept = Sowing(later, clock.today() + timedelta(days=4000), first=people).sow(LATER)
    limited = limit(sown)
    by, other = User.objects.filter(appointments__role="secretariat", is_active=True)[:2]
    before = totals()

    for waiting in cycle.eliminations.filter(state=Elimination.State.SUBMITTED):
        waiting.cancel(by=by, reason="un autre est établi")
    row = erasing.draw_up(cycle, by=by)
    everybody = in_tables()
    jobs.run(jobs.enqueue("eliminate", key=f"early:{row.pk}", about=row.pk).pk)
    refused(row, other)
    untouched = in_tables()
    row.approve(by=other, visa="AP-2026-0001", visa_on=clock.today())
    survived = killed_again_and_again(row, kills)
    row.refresh_from_db()
    call_command("purge_expired_data")
    erasing.wipe_pages()

    stay = kept | limited
    tables, files = in_tables(), in_files()
    text = dump()
    proof = row.proof.content if row.state == Elimination.State.DONE else {"erased": 0, "total": 1}
    after = totals()
    result = {
        "people": len(sown),
        "kills": survived,
        "held": len(everybody),
        "before_visa": len(everybody - untouched),
        "tables": len(tables - stay),
        "files": len(files - stay),
        "told": sum(name in text for name in named),
        "early": len(stay - tables),
        "moved": sum(after[name] != count for name, count in before.items()),
        "erased": proof["erased"],
        "apart": abs(proof["erased"] - proof["total"]) + LeftFile.objects.count(),
    }
    print("RESULT", json.dumps(result))


def refused(row, by):
    """The visa is obligatory: in the act, and in the database itself."""
    try:
        row.approve(by=by, visa="", visa_on=clock.today())
    except ValidationError:
        return
    raise RuntimeError("An elimination was approved without a visa.")


def names_of(cycle):
    """Full names and e-mails of the members the demonstration told, who sat nowhere else and hold no role."""
    rows = User.objects.filter(members__cycle=cycle, appointments=None)
    elsewhere = Member.objects.exclude(cycle=cycle).values("user")
    return [word for user in rows.exclude(pk__in=elsewhere) for word in (user.name, user.email)]


def totals():
    """What must not move: rows, composition, votes, attendance, allowances, published sheets."""
    from deliberations.models import Ballot, BallotPaper
    from sortition.models import Invitation, SeatOffer, Volunteer
    from workshops.models import AllowanceLine, Attendance, Message, Minutes

    counted = [
        Member,
        User,
        Invitation,
        Volunteer,
        SeatOffer,
        BallotPaper,
        Attendance,
        Message,
        Minutes,
    ]
    found = {model._meta.label: model._base_manager.count() for model in counted}
    sheets = Document.objects.exclude(kind__in=["elimination", "proof"])
    found["sheets"] = Counter(sheets.values_list("kind", "cycle"))
    profiles = Member.objects.values_list("cycle", "state", "profile")
    found["composition"] = Counter(
        (cycle, state, *pair) for cycle, state, profile in profiles for pair in profile.items()
    )
    found["letters"] = Counter(Invitation.objects.values_list("state", "district", "sex"))
    found["votes"] = list(
        Ballot.objects.order_by("pk").values_list("votes_for", "votes_against", "abstentions")
    )
    found["present"] = Counter(Attendance.objects.values_list("meeting", "status", "attended"))
    found["paid"] = AllowanceLine.objects.aggregate(total=Sum("amount"))["total"]
    kinds = ["record", "minutes", "notebook", "proposal", "mandate", "report"]
    public = Document.objects.filter(kind__in=kinds).order_by("pk")
    found["published"] = [(row.pk, row.title, row.fingerprint) for row in public]
    return found


# ---- killed, and taken up


def killed_again_and_again(row, kills):
    """How many times a process that purged was killed before one came to the end."""
    lot, survived = random.Random(18), 0
    while Elimination.objects.get(pk=row.pk).state != Elimination.State.DONE:
        after = lot.randint(3, 45) if survived < kills else 10**9
        survived += in_a_process(row.pk, after)
        Job.objects.filter(state=Job.State.RUNNING).update(leased_until=clock.now() - timedelta(minutes=1))
        if survived > 20 * kills:
            raise RuntimeError("The purge does not advance.")
    return survived


def in_a_process(pk, after):
    """Purge in a child that kills itself before its statement number `after`; 1 if it was killed."""
    connections.close_all()
    child = os.fork()
    if child:
        _pid, status = os.waitpid(child, 0)
        return int(os.WIFSIGNALED(status))
    status = 1
    try:
        with connection.execute_wrapper(Doom(after)):
            erasing.erase_expired()
            jobs.run(Job.objects.get(key=f"eliminate:{pk}").pk)
        status = 0
    finally:
        os._exit(status)


class Doom:
    def __init__(self, after):
        self.left = after

    def __call__(self, execute, *arguments):
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)


# ---- searched


def dump():
    """Every value of every table, as text."""
    rows = (row for model in apps.get_models() for row in model._base_manager.values_list())
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def marked(text):
    """The numbers of the people whose words stand in a text."""
    first = date(1901, 1, 1)
    born = {(date.fromisoformat(day) - first).days for day in BORN.findall(text)}
    return {int(number) for number in WORD.findall(text)} | born


def in_tables():
    return marked(dump())


def in_files():
    """Everything written below VAR, the pages of an SQLite database among it."""
    folders = [Path(settings.MEDIA_ROOT).parent]
    if connection.vendor == "sqlite":
        connections.close_all()
        folders.append(Path(connection.settings_dict["NAME"]).parent)
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and "vendor" not in path.parts:
                found |= marked(path.read_bytes().decode("latin-1"))
    return found
