import io
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from assembly import clock, jobs
from assembly.models import Job, JournalEntry
from sortition import codes, letterpress, returns
from sortition.engine.roll import Elector
from sortition.engine.sample_roll import write_roll
from sortition.factories import ContactFactory, InvitationFactory, RecruitingFactory, RegisterFactory
from sortition.models import Contact, Invitation, LetterBatch, LetterPart, Objection, Register
from sortition.wording import first_words

pytestmark = pytest.mark.django_db
LETTERS = 7


@pytest.fixture(autouse=True)
def own_letters(settings, tmp_path, monkeypatch):
    """A place of their own, and parts of four."""
    settings.LETTERS = tmp_path / "letters"
    monkeypatch.setattr("sortition.models.letters.PROOF", 4)


@pytest.fixture
def register():
    cycle = RecruitingFactory()
    register = RegisterFactory(pool=cycle.pools.get(key="roll"), fingerprint="f" * 64, state="drawn")
    for number in range(LETTERS):
        contact = ContactFactory(cycle=cycle, last_name=f"DUPONT-{number}")
        InvitationFactory(pool=register.pool, register=register, contact=contact)
    return register


@pytest.fixture
def batch(register):
    facts = first_words(register) | {
        "signatory": "Dominique Laurier",
        "phone": "01 00 00 00 00",
        "email": "assemblee@exemple.invalid",
        "officer": "dpo@exemple.invalid",
        "last_day": clock.today() + timedelta(days=30),
    }
    return LetterBatch.objects.create(register=register, per_part=20, **facts)


def printed(batch, by):
    """As the printing leaves it, with files of a few bytes."""
    batch.print(by=by)
    for part in batch.parts.all():
        with letterpress.beside(part.path) as file:
            file.write(b"%PDF " + str(part.number).encode())
            file.flush()
            part.take(file.name, count=len(part.letters), pages=2 * len(part.letters))
    batch.finish(by=by, parts=2)
    return batch.parts.all()


def texts(part, which):
    return [" ".join(page.extract_text().split()) for page in PdfReader(part.path).pages[which]]


def test_killed_while_printing_every_letter_is_still_printed_once(batch, register, secretary, monkeypatch):
    batch.print(by=secretary)
    job = Job.objects.get(key=batch.job_key)
    press, begun = letterpress.press, []
    monkeypatch.setattr(jobs, "RENEWAL", 60)

    def killed_at_the_second_part(batch, people, target, **more):
        begun.append(people)
        if len(begun) == 2:
            target.write(b"%PDF half a file")
            raise SystemExit
        return press(batch, people, target, **more)

    monkeypatch.setattr(letterpress, "press", killed_at_the_second_part)
    with pytest.raises(SystemExit):
        jobs.run(job.pk)
    first, second = batch.parts.all()
    before = first.path.read_bytes()
    assert (bool(first.fingerprint), bool(second.fingerprint)) == (True, False)
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - jobs.LEASE)
    jobs.run(job.pk)

    batch.refresh_from_db()
    fronts = [front for part in batch.parts.all() for front in texts(part, slice(0, None, 2))]
    found = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", " ".join(fronts))
    assert (batch.state, Job.objects.get(pk=job.pk).state) == ("printed", "done")
    assert sorted(found) == sorted(register.invitations.values_list("code", flat=True))
    assert [(part.count, part.pages) for part in batch.parts.all()] == [(4, 8), (3, 6)]
    assert first.path.read_bytes() == before
    assert len(list(first.path.parent.iterdir())) == 2
    letter, [back] = Invitation.objects.get(pk=first.letters[0]), texts(first, slice(1, 2))
    for said in (letter.code, letter.contact.last_name, letter.contact.address, batch.signatory, "repondre"):
        assert said in fronts[0]
    for said in ("L. 37", "CNIL", batch.officer, "In English", "44"):
        assert said in back
    assert "SPECIMEN" not in fronts[0] + back


def test_the_first_part_is_tried_alone_and_the_text_taken_up_again(batch, secretary):
    batch.prove(by=secretary)
    assert [part.number for part in batch.ordered()] == [1]
    part = batch.parts.first()
    with letterpress.beside(part.path) as file:
        part.take(file.name, count=4, pages=8)

    batch.finish(by=secretary, parts=1)
    assert batch.state == "proved"
    batch.rewrite(by=secretary, reason="Le téléphone a changé.")

    assert not part.path.exists()
    assert not batch.parts.exists()
    assert batch.state == "draft"


def test_codes_and_their_address_are_unguessable_and_never_change(batch, settings):
    settings.SITE_URL = "https://assemblee.example"
    made = codes.several(3000)

    assert len(codes.ALPHABET) ** codes.LENGTH == 2**40
    assert max(Counter(code[0] for code in made).values()) < 3000 / 32 * 2
    assert letterpress.page_address() == "https://assemblee.example/repondre/"
    assert {
        codes.normalised(typed) for typed in ("k0qm 2xlp", "KOQM2X1P", "https://x.fr/repondre/#K0QM2XIP")
    } == {"K0QM-2X1P"}


def test_the_number_in_the_window_finds_the_letter_and_opens_nothing(batch):
    number = codes.postal(7312)

    assert codes.from_postal(f" {number[:4]} {number[4:]} ") == 7312
    assert codes.from_postal(number.replace("0", "O")) == 7312
    assert codes.from_postal(number[:-1] + str((int(number[-1]) + 1) % 10)) is None
    assert codes.normalised(number) == ""


def test_a_text_too_long_for_its_sheet_is_refused_and_a_specimen_is_marked(
    client, register, batch, secretary
):
    client.force_login(secretary)
    facts = {name: getattr(batch, name) for name in ("readers", "per_part", "heading", *facts_of(batch))}

    answer = client.post(
        f"/registres/{register.pk}/courriers/nouveau/", facts | {"text": "Encore un mot.\n\n" * 80}
    )
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    answer = client.post(f"/registres/{register.pk}/courriers/nouveau/", facts)
    assert answer.url == f"/courriers/{LetterBatch.objects.first().pk}/"

    paper = b"".join(client.get(f"/courriers/{batch.pk}/specimen.pdf").streaming_content)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages]
    assert ["SPECIMEN" in page for page in pages] == [True, True]
    assert "DUPONT" not in "".join(pages)


def facts_of(batch):
    return [field.name for field in batch._meta.fields if field.name in FIELDS]


FIELDS = (
    "text questions english sender signatory signatory_role phone email officer dated_on last_day".split()
)


def test_a_part_leaves_the_house_by_an_act_and_the_page_costs_the_same(
    client, batch, secretary, django_assert_max_num_queries
):
    part = printed(batch, secretary)[0]
    client.force_login(secretary)

    with django_assert_max_num_queries(13):
        assert client.get(f"/courriers/{batch.pk}/").status_code == 200
    taken = client.post(f"/courriers/parties/{part.pk}/")

    assert b"".join(taken.streaming_content) == part.path.read_bytes()
    entry = JournalEntry.objects.about(part).latest("pk")
    assert (entry.act, entry.by) == ("sortition.letterpart.export", secretary)


@pytest.mark.parametrize("how", ["a month after", "with the people"])
def test_files_are_deleted_on_their_date_and_their_fingerprints_stay(
    how, batch, register, secretary, django_capture_on_commit_callbacks
):
    printed(batch, secretary)
    if how == "with the people":
        Contact.objects.filter(invitation=register.invitations.last()).delete()
        call_command("purge_expired_data")
        assert LetterPart.objects.on_disk().count() == 1
        return
    with django_capture_on_commit_callbacks(execute=True):
        register.send(by=secretary)
    for days, left in [(30, 2), (31, 0)]:
        with clock.at(timezone.now() + timedelta(days=days)):
            call_command("purge_expired_data")
        assert len([part for part in batch.parts.all() if part.path.exists()]) == left

    batch.refresh_from_db()
    assert batch.state == "cleared"
    assert all(part.fingerprint and part.erased_on for part in batch.parts.all())


def test_returns_are_understood_or_handed_back_with_their_reason(client, register, secretary):
    register.send(by=secretary)
    first, second, third = register.invitations.all()[:3]
    third.oppose(by=secretary)
    client.force_login(secretary)
    page = f"/cycles/{register.cycle.number}/recrutement/retours/"
    lines = [
        first.code.lower(),
        codes.postal(second.pk),
        "K7QM",
        "2222-2222",
        first.code,
        codes.postal(third.pk),
    ]

    answer = client.post(page, {"what": "come_back", "codes": "\n".join(lines)})

    assert [line for line, _reason in answer.context["refused"]] == ["K7QM", "2222-2222", lines[-1]]
    assert answer.context["form"]["codes"].value().splitlines() == ["K7QM", "2222-2222", lines[-1]]
    assert Invitation.objects.filter(state="undelivered").count() == 2
    assert client.post(page, {"what": "come_back", "codes": lines[0]}).status_code == 302
    assert JournalEntry.objects.about(first).count() == 1


def test_whoever_objects_is_erased_at_once_and_passed_over_by_the_next_roll(
    batch, register, secretary, django_capture_on_commit_callbacks
):
    printed(batch, secretary)
    letter = register.invitations.select_related("contact").first()
    somebody = letter.contact
    part = LetterPart.objects.holding(letter)[0]

    with django_capture_on_commit_callbacks(execute=True):
        outcome = returns.record(register.cycle, "oppose", [letter.code, letter.code.lower()], by=secretary)

    assert (outcome.done, outcome.known, outcome.refused) == (1, 1, [])
    assert not Contact.objects.filter(pk=somebody.pk).exists()
    assert not part.path.exists()
    assert letter.pk not in batch.letters().values_list("pk", flat=True)
    assert somebody.last_name not in str(list(Objection.objects.values()))
    electors = [elector(somebody, 7), elector(ContactFactory.build(last_name="AUTRE", cycle=None), 8)]
    assert Objection.objects.spared(electors) == {7}


def elector(contact, line):
    return Elector(
        line, "12", "40_54", "F", "", contact.last_name, "", contact.first_name, contact.birth_date, "",
        (), "75012", "PARIS", "",
    )  # fmt: skip


def test_a_roll_read_after_an_objection_writes_to_everybody_else(tmp_path, secretary, work):
    roll = tmp_path / "liste.csv"
    write_roll(roll, 600, today=clock.today())
    first, second = (RecruitingFactory() for _ in range(2))
    numbers = []
    for cycle in (first, second):
        register = Register.objects.hand_over(
            cycle.pools.get(key="roll"), roll, name="liste.csv", seed="4 2 6", by=secretary
        )
        work(register.job_key)
        register.refresh_from_db()
        numbers.append(
            (register.invitations.count(), register.drawn_count, register.refused.get("objected", 0))
        )
        register.invitations.first().oppose(by=secretary)

    assert numbers == [(40, 40, 0), (39, 39, 1)]
