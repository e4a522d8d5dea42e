"""Figures of this room: `manage.py measure ballots` and `manage.py measure text`."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string

from assembly.differences import WORD
from assembly.measuring import Figure, measure
from deliberations import clauses as pieces
from deliberations import measures_pages, measures_purge  # noqa: F401, register their figures
from deliberations.differences import compare_clauses
from sortition.measures import in_turn
from workshops.measures import BARE, OURS, prepare

# Votes from several processes at once

ELECTORS, PROCESSES, TRIES = 250, 4, 5
BEGIN = """
import json, sys, time
import django
django.setup()
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from deliberations.models import Ballot, BallotPaper

def wait_for_the_others():
    print("READY", flush=True)
    sys.stdin.readline()
"""
PREPARE = """
call_command("migrate", verbosity=0, interactive=False)
from deliberations.factories import ProposalFactory, a_workshop
with transaction.atomic():
    text = ProposalFactory(workshop=a_workshop(int(sys.argv[1])), settled=True)
    ballot = text.open_ballot(by=None, mode="online")
print("RESULT", json.dumps({"ballot": ballot.pk}))
"""
VOTE = """
from django.test import Client
from assembly.models import User
ballot, mine = int(sys.argv[1]), int(sys.argv[2])
voters = list(User.objects.filter(members__papers__ballot=ballot).order_by("pk"))
clients = []
for user in voters:
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(user)
    clients.append(client)
clients[0].get(f"/scrutins/{ballot}/")
wait_for_the_others()
answers, began = {}, time.perf_counter()
for place, client in enumerate(clients):
    choice = ("for", "against", "abstention")[(place + mine) % 3]
    status = client.post(f"/scrutins/{ballot}/voter/", {"choice": choice}).status_code
    answers[status] = answers.get(status, 0) + 1
print("RESULT", json.dumps({"answers": answers, "seconds": time.perf_counter() - began}))
"""
# The control: a paper made at the vote where none is found, and nothing to hold two apart.
WITHOUT = """
from assembly import clock
from assembly.models import Member
ballot, mine = int(sys.argv[1]), int(sys.argv[2])
members = list(Member.objects.order_by("pk").values_list("pk", flat=True))
wait_for_the_others()
errors = 0
for member in members:
    try:
        found = BallotPaper.objects.filter(ballot=ballot, member=member).first()
        time.sleep(0.002)  # what a page does between looking and writing
        if found is None:
            BallotPaper.objects.create(
                ballot_id=ballot, member_id=member, choice="for", cast_at=clock.now()
            )
    except OperationalError:
        errors += 1
print("RESULT", json.dumps({"errors": errors}))
"""
UNLOCK = """
kept = BallotPaper._meta.constraints
constraint = next(one for one in kept if one.name == "a_member_votes_once")
kept.remove(constraint)
with connection.schema_editor() as editor:
    editor.remove_constraint(BallotPaper, constraint)
print("RESULT", json.dumps({}))
"""
EMPTY = """
print("RESULT", json.dumps(BallotPaper.objects.all().delete()[0]))
"""
COUNT = """
ballot = Ballot.objects.get(pk=int(sys.argv[1]))
papers = list(BallotPaper.objects.filter(ballot=ballot).values_list("member", "choice"))
told = {
    "papers": len(papers),
    "members": len({member for member, _ in papers}),
    "cast": sum(choice is not None for _, choice in papers),
}
if sys.argv[2:] == ["close"]:
    choices = [choice for _, choice in papers]
    Ballot.objects.get(pk=ballot.pk).close(by=None)
    ballot.refresh_from_db()
    told["sealed"] = [ballot.votes_for, ballot.votes_against, ballot.abstentions]
    told["counted"] = [choices.count(voice) for voice in ("for", "against", "abstention")]
print("RESULT", json.dumps(told))
"""


@contextmanager
def throwaway_database():
    """The address of an empty database beside the configured one, on the same engine."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/ballots.sqlite3"
        return
    facts, name = connection.settings_dict, f"ballots_{os.getpid()}"
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted}")
    try:
        who = quote(facts["USER"] or "", safe="") + (
            f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else ""
        )
        port = f":{facts['PORT']}" if facts["PORT"] else ""
        yield f"postgres://{who}@{quote(facts['HOST'] or '', safe='')}{port}/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted}")


def start(program, address, *words):
    env = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "assembly.settings"}
    command = [sys.executable, "-W", "ignore", "-c", BEGIN + program, *map(str, words)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, text=True, **pipes)


def told(process):
    said, trouble = process.communicate()
    if process.returncode:
        raise RuntimeError(trouble[-2000:])
    return json.loads(next(line for line in said.splitlines() if line.startswith("RESULT"))[7:])


def all_at_once(program, address, ballot, processes):
    """The same program in several processes, which begin together once the last one is ready."""
    started = [start(program, address, ballot, place) for place in range(processes)]
    ready = [process.stdout.readline() for process in started]
    for process in started if all(ready) else []:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [told(process) for process in started]


@measure("ballots")
def ballots(electors=ELECTORS, processes=PROCESSES):
    """Each process votes once for each member, all in the same order and at the same time, through the pages.

    Then the same without the one paper a member has: the control, which must double votes.
    """
    electors, processes = int(electors), int(processes)
    with throwaway_database() as address:
        ballot = told(start(PREPARE, address, electors))["ballot"]
        runs = all_at_once(VOTE, address, ballot, processes)
        yield from promises(electors, processes, runs, told(start(COUNT, address, ballot, "close")))
        told(start(UNLOCK, address))
        doubled = next(filter(None, (control(address, ballot, processes) for _ in range(TRIES))), 0)
    yield Figure("control without the lock: members counted twice", doubled, "", bar=1)


def promises(electors, processes, runs, found):
    answers = sum((Counter(run["answers"]) for run in runs), Counter())
    sent, seconds = answers.total(), max(run["seconds"] for run in runs)
    apart = sum(abs(one - other) for one, other in zip(found["sealed"], found["counted"], strict=True))
    none = {"bar": 0, "at_least": False}
    yield Figure(f"votes sent on {connection.vendor}, by {processes} processes", sent, "votes")
    yield Figure("votes a second", sent / seconds, "a second")
    yield Figure("members counted twice", found["papers"] - found["members"], "", **none)
    yield Figure("votes lost", electors - found["cast"], "", **none)
    yield Figure("answers other than “done”, server errors among them", sent - answers["302"], "", **none)
    yield Figure("tally apart from the papers", apart, "voices", **none)


def control(address, ballot, processes):
    """How many members are counted twice without the lock: chance decides how many, and seldom that none is."""
    told(start(EMPTY, address))
    all_at_once(WITHOUT, address, ballot, processes)
    found = told(start(COUNT, address, ballot))
    return found["papers"] - found["members"]


# A text of 400 clauses

CLAUSES, AGAIN = 400, 3
WORDS = (
    "la Ville s’engage à ouvrir dans chaque quartier un lieu frais et gratuit où l’on peut se reposer "
    "boire et parler avec ses voisins pendant les journées de forte chaleur y compris le soir"
).split()


def long_text(count=CLAUSES):
    """Two versions of a text: one clause in five is changed, one in twenty is new, one in thirty gone."""
    old = [
        pieces.clause(
            "measure", " ".join(WORDS[place % 7 :] + WORDS * 2 + [f"article {place}."]), id=f"c{place}"
        )
        for place in range(count)
    ]
    new = []
    for place, row in enumerate(old):
        if place % 30 == 29:
            continue
        text = row["text"].replace("gratuit", "accueillant et gratuit") if place % 5 == 0 else row["text"]
        new.append(row | {"text": text})
        if place % 20 == 19:
            new.append(pieces.clause("measure", " ".join(WORDS), id=f"n{place}"))
    return old, new


def quickest(task):
    """Seconds of the processor, the best of a few."""
    found = []
    for _ in range(AGAIN):
        began = time.process_time()
        task()
        found.append(time.process_time() - began)
    return min(found)


def bare_difflib(old, new):
    """The same clauses, the same words, and nothing else."""
    now = {row["id"]: row for row in new}
    for row in old:
        other = now.get(row["id"])
        if other and other["text"] != row["text"]:
            SequenceMatcher(
                None, WORD.findall(row["text"]), WORD.findall(other["text"]), autojunk=False
            ).get_opcodes()


@measure("text")
def text(count=CLAUSES):
    """A long text compared, shown and printed, against difflib and WeasyPrint alone."""
    old, new = long_text(int(count))
    ours, bare = quickest(lambda: compare_clauses(old, new)), quickest(lambda: bare_difflib(old, new))
    yield Figure(f"{count} clauses compared word by word", ours, "s")
    yield Figure("times difflib alone", ours / bare, "times", bar=2, at_least=False)
    shown = quickest(lambda: render_to_string("deliberations/_text.html", {"clauses": shown_rows(new)}))
    yield Figure("shown as a page’s text", shown, "s", bar=0.5, at_least=False)
    differences = compare_clauses(old, new)
    marked = quickest(
        lambda: render_to_string("deliberations/_differences.html", {"differences": differences})
    )
    yield Figure("its differences shown", marked, "s", bar=1, at_least=False)
    yield from on_paper(new)


def on_paper(rows):
    """The sheet of the text, ours and WeasyPrint alone on the same page, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        content, page = here / "text.json", here / "text.html"
        content.write_text(json.dumps({"kind": "proposal", "title": "Vœu", "content": printed(rows)}))
        prepare(here, content, page)
        (ours, _memory), (bare, _same) = in_turn((OURS, content), (BARE, page))
    yield Figure("printed, a tagged PDF", ours, "s of processor")
    yield Figure("times WeasyPrint alone", ours / bare, "times", bar=1.1, at_least=False)


def shown_rows(rows):
    return [row | {"label": row["kind"]} for row in rows]


def printed(rows):
    return {
        "kind": "wish",
        "title": "Vœu relatif aux lieux frais",
        "cycle": "Cycle",
        "workshop": "Atelier",
        "carrier": "",
        "version": 2,
        "clauses": rows,
        "vote": None,
        "stage": "voted",
    }
