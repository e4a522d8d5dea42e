import csv
import gzip
import io
import zipfile
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly import clock, jobs
from assembly.models import Job, JournalEntry
from sortition.engine.sample_roll import HEADING, write_roll
from sortition.factories import RecruitingFactory, RegisterFactory
from sortition.models import Contact, Invitation, Register

pytestmark = pytest.mark.django_db

TODAY = timezone.make_aware(datetime(2026, 9, 1, 12))
B = {
    "libellé du type de liste": None,
    "code du l'ugle": "code de l'ugle",
    "libellé nationalité": "identifiant nationalité",
}
C = {
    "libellé du type de liste": "TypeListe",
    "nom de naissance": "NomdeNaissance",
    "nom d'usage": "NomDusage",
    "prénoms": "Prenoms",
    "sexe": "Sexe",
    "date de naissance": "DateDeNaissance",
    "libellé commune de naissance": "NomComNaissance",
    "numéro de voie": "NumeroVoie",
    "libellé de voie": "LibelleVoie",
    "code postal": "CodePostal",
    "commune": "VilleLocalite",
    "pays": "Pays",
    "code du bureau de vote": "NoBureauDeVote",
}


@pytest.fixture
def roll(tmp_path):
    path = tmp_path / "liste.csv"
    write_roll(path, 600, today=date(2026, 9, 1))
    return path


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def as_text(rows, delimiter=";"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def renamed(rows, names):
    """The same roll under the headings of another format."""
    kept = [place for place, name in enumerate(rows[0]) if names.get(name, name)]
    heading = [names.get(rows[0][place], rows[0][place]) for place in kept]
    return [heading, *([row[place] for place in kept] for row in rows[1:])]


def workbook(rows):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS = {
    "A in UTF-8": lambda rows: as_text(rows).encode(),
    "A in Windows-1252": lambda rows: as_text(rows).encode("cp1252", "replace"),
    "A in UTF-16 with tabs": lambda rows: as_text(rows, "\t").encode("utf-16"),
    "B with commas": lambda rows: as_text(renamed(rows, B), ",").encode(),
    "C": lambda rows: as_text(renamed(rows, C)).encode(),
    "workbook": workbook,
}


def handed_over(cycle, path, by, work, **more):
    with clock.at(TODAY):
        pool = cycle.pools.get(key="roll")
        facts = {"name": "liste.csv", "seed": "dés 4 2 6", **more}
        register = Register.objects.hand_over(pool, path, by=by, **facts)
        work(register.job_key)
    register.refresh_from_db()
    return register


@pytest.mark.parametrize("how", FORMATS)
def test_a_roll_is_drawn_whatever_its_format_and_only_the_drawn_are_kept(
    how, roll, secretary, work, settings
):
    roll.write_bytes(FORMATS[how](rows_of(roll)))

    register = handed_over(RecruitingFactory(), roll, secretary, work)

    assert register.state == Register.State.DRAWN, register.refusal_sentence
    assert Invitation.objects.count() == Contact.objects.count() == register.drawn_count == 40
    assert register.usable + register.refused_lines >= register.rows == 600
    assert len(register.fingerprint) == 64
    assert list(settings.INCOMING.iterdir()) == []


def test_the_same_seed_draws_the_same_people_and_the_journal_says_so(roll, secretary, work):
    first = handed_over(RecruitingFactory(), roll, secretary, work)
    second = handed_over(RecruitingFactory(), roll, secretary, work)

    lines = [list(one.invitations.order_by("line").values_list("line", flat=True)) for one in (first, second)]
    assert lines[0] == lines[1]
    entry = JournalEntry.objects.about(first).latest("pk")
    assert (entry.act, entry.by) == ("sortition.register.draw_letters", secretary)
    assert entry.facts["rows"] == 600
    assert "outcome" not in entry.facts


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    return out.getvalue()


NASTY = {
    "empty": (b"", "vide|empty"),
    "blank": (b"\r\n \r\n", "vide|empty"),
    "binary": (bytes(range(256)) * 40, "."),
    "a PDF": (b"%PDF-1.7\n" + b"x" * 500, "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "."),
    "not a workbook": (b"PK\x03\x04" + b"\0" * 100, "."),
    "old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "xls"),
    "a web page": (b"<!doctype html><html><body><table></table></body></html>", "."),
    "zero bytes": (b"nom;sexe\n\0\0\0\0;F\n", "1|2"),
    "wrong heading": (b"couleur;taille\nrouge;3\n", "."),
    "missing columns": ("nom de naissance;prénoms;sexe\nDUPONT;Anne;F\n".encode(), "1"),
    "heading only": ((";".join(HEADING) + "\n").encode(), "."),
    "one cell a line": (b"bonjour\n" * 30, "."),
    "open quotation mark": (("\n".join([";".join(HEADING), '"DUPONT' + ";x" * 30])).encode(), "."),
    "formulas only": (
        (";".join(HEADING) + "\n" + ";".join(["=cmd|' /C calc'!A0"] * len(HEADING)) + "\n").encode(),
        ".",
    ),
}


@pytest.mark.parametrize("what", NASTY)
def test_a_file_that_is_no_roll_gets_a_sentence_and_changes_nothing(
    what, tmp_path, secretary, work, settings
):
    data, expected = NASTY[what]
    path = tmp_path / "liste.csv"
    path.write_bytes(data)

    register = handed_over(RecruitingFactory(), path, secretary, work)

    assert register.state == Register.State.REFUSED
    assert any(word in register.refusal_sentence for word in expected.split("|"))
    assert Invitation.objects.count() == Contact.objects.count() == 0
    assert list(settings.INCOMING.iterdir()) == []


def test_a_workbook_that_would_fill_the_disk_is_refused(tmp_path, secretary, work):
    path = tmp_path / "liste.xlsx"
    path.write_bytes(bomb())

    assert handed_over(RecruitingFactory(), path, secretary, work).state == Register.State.REFUSED


def test_unusable_lines_are_counted_and_downloadable_without_a_name(roll, secretary, work, client):
    rows = rows_of(roll)
    born, name = HEADING.index("date de naissance"), HEADING.index("nom de naissance")
    rows[3][born], rows[4][born], rows[5] = "00/00/1950", "", rows[5][:4]
    roll.write_text(as_text(rows), encoding="utf-8")

    register = handed_over(RecruitingFactory(), roll, secretary, work)
    client.force_login(secretary)
    text = b"".join(client.get(f"/registres/{register.pk}/refus.csv").streaming_content).decode("utf-8-sig")

    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert register.refused_lines == len(lines) - 1 >= 3
    assert {"4", "5", "6"} <= {line[0] for line in lines}
    assert rows[3][name] not in text
    assert "1950" not in text


def test_a_killed_worker_leaves_nothing_and_the_next_one_finishes_once(roll, secretary, monkeypatch):
    cycle = RecruitingFactory()
    with clock.at(TODAY):
        register = Register.objects.hand_over(
            cycle.pools.get(key="roll"), roll, name="liste.csv", seed="1 2 3", by=secretary
        )
        job = Job.objects.get(key=register.job_key)
        dead = jobs.claim(job.pk)
        Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - jobs.LEASE)
        jobs.run(job.pk)
        with pytest.raises(jobs.LeaseLost):
            jobs.HANDLERS["draw_letters"](dead) or jobs.advance(dead, 1, 1)
        jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Invitation.objects.count() == 40


def test_a_worker_that_lost_its_lease_commits_nothing(roll, secretary):
    from sortition.jobs import drawn_letters, keep

    register = RegisterFactory(pool=RecruitingFactory().pools.get(key="roll"), size=roll.stat().st_size)
    register.path.write_bytes(roll.read_bytes())
    job = jobs.enqueue("draw_letters", key=register.job_key, about=register.pk, by=secretary)
    mine = jobs.claim(job.pk)
    outcome, refusals = drawn_letters(mine, register)
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - jobs.LEASE)
    jobs.claim(job.pk)

    with pytest.raises(jobs.LeaseLost):
        keep(mine, register, outcome, refusals)

    register.refresh_from_db()
    assert register.state == Register.State.RECEIVED
    assert Invitation.objects.count() == 0


def test_a_roll_is_handed_over_by_the_page_once_however_often_it_is_sent(roll, secretary, client, settings):
    cycle = RecruitingFactory()
    client.force_login(secretary)
    token = "7f1b8f2e-5f0d-4a53-9d56-0f3a1c2b4d5e"
    facts = {"pool": cycle.pools.get(key="roll").pk, "seed": "4 2 6", "letters": 40, "once": token}

    answers = [
        client.post(
            f"/cycles/{cycle.number}/recrutement/liste/",
            facts | {"file": SimpleUploadedFile("liste.csv", roll.read_bytes())},
        )
        for _ in range(2)
    ]

    register = Register.objects.get()
    assert [answer.url for answer in answers] == [f"/registres/{register.pk}/"] * 2
    assert [path.name for path in settings.INCOMING.iterdir()] == [f"register-{register.pk}"]


def test_a_roll_needs_a_seed(roll, secretary, client):
    cycle = RecruitingFactory()
    client.force_login(secretary)

    answer = client.post(
        f"/cycles/{cycle.number}/recrutement/liste/",
        {
            "pool": cycle.pools.get(key="roll").pk,
            "seed": "  ",
            "letters": 40,
            "file": SimpleUploadedFile("liste.csv", roll.read_bytes()),
        },
    )

    assert "seed" in answer.context["form"].errors
    assert not Register.objects.exists()


@pytest.mark.parametrize("role", ["facilitator", "operator", "guarantor"])
def test_only_the_secretariat_hands_over_a_roll(role, appointed, client):
    cycle = RecruitingFactory()
    client.force_login(appointed(role))

    assert client.get(f"/cycles/{cycle.number}/recrutement/liste/").status_code == 403


def test_the_printers_file_is_neutralised_and_its_taking_recorded(roll, secretary, work, client):
    register = handed_over(RecruitingFactory(), roll, secretary, work)
    contact = register.invitations.first().contact
    contact.last_name = "=cmd|' /C calc'!A0"
    contact.save()
    client.force_login(secretary)

    text = b"".join(client.post(f"/registres/{register.pk}/courriers/").streaming_content).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 40
    assert rows[0]["nom"].startswith("'=")
    assert JournalEntry.objects.about(register).latest("pk").act == "sortition.register.export"


def test_sending_letters_opens_their_codes_once(roll, secretary, work):
    register = handed_over(RecruitingFactory(), roll, secretary, work)

    register.send(by=secretary)

    assert set(register.invitations.values_list("state", flat=True)) == {"sent"}
    with pytest.raises(Exception, match="liste.csv"):
        register.send(by=secretary)


def test_the_refusals_of_a_register_are_plain_gzip(roll, secretary, work):
    register = handed_over(RecruitingFactory(), roll, secretary, work)

    assert (
        gzip.decompress(bytes(register.refusals)).count(b"\n")
        == register.refused_lines - register.refused.get("duplicate", 0) + 1
    )
