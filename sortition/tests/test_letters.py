import io
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
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
LETTERS = 45


@pytest.fixture(autouse=True)
def own_letters(settings, tmp_path):
    settings.LETTERS = tmp_path / "letters"


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


def texts(batch):
    """The text of every page of every file, in order."""
    for part in batch.parts.all():
        yield from (page.extract_text() for page in PdfReader(part.path).pages)


def test_killed_while_printing_every_letter_is_still_printed_once(batch, register, secretary, monkeypatch):
    batch.print(by=secretary)
    job = Job.objects.get(key=batch.job_key)
    press, printed = letterpress.press, []

    def killed_at_the_second_part(*facts, **more):
        printed.append(facts)
        if len(printed) == 2:
            facts[2].write(b"%PDF half a file")
            raise SystemExit
        return press(*facts, **more)

    monkeypatch.setattr(letterpress, "press", killed_at_the_second_part)
    with pytest.raises(SystemExit):
        jobs.run(job.pk)
    assert [bool(part.fingerprint) for part in batch.parts.all()] == [True, False, False]
    first = batch.parts.first().path.read_bytes()
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - jobs.LEASE)
    jobs.run(job.pk)

    batch.refresh_from_db()
    found = Counter(re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", " ".join(texts(batch))))
    assert (batch.state, Job.objects.get(pk=job.pk).state) == ("printed", "done")
    assert found == Counter(dict.fromkeys(register.invitations.values_list("code", flat=True), 1))
    assert [(part.count, part.pages) for part in batch.parts.all()] == [(20, 40), (20, 40), (5, 10)]
    assert batch.parts.first().path.read_bytes() == first
    assert len(list(batch.parts.first().path.parent.iterdir())) == 3


def test_a_letter_says_who_writes_why_and_what_one_may_do(batch, secretary, work):
    batch.prove(by=secretary)
    work(batch.job_key)

    batch.refresh_from_db()
    front, back, *_others = texts_of(batch.parts.first())
    letter = Invitation.objects.get(pk=batch.parts.first().letters[0])
    assert batch.state == "proved"
    for said in (letter.code, letter.contact.last_name, letter.contact.address, batch.signatory, "/repondre"):
        assert said in front
    for said in ("L. 37", "CNIL", batch.officer, "In English", "44"):
        assert said in back
    assert "SPECIMEN" not in front


def texts_of(part):
    return [page.extract_text() for page in PdfReader(part.path).pages]


def test_the_first_part_is_tried_before_the_others_and_the_text_taken_up_again(batch, secretary, work):
    batch.prove(by=secretary)
    work(batch.job_key)
    first = batch.parts.first().path
    batch.rewrite(by=secretary, reason="Le téléphone a changé.")

    assert not first.exists()
    assert not batch.parts.exists()
    with pytest.raises(ValidationError):
        batch.clear(by=secretary) or batch.print(by=secretary)


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


def test_a_text_too_long_for_its_sheet_is_refused_with_what_was_typed(client, register, batch, secretary):
    client.force_login(secretary)
    facts = {name: getattr(batch, name) for name in ("readers", "per_part", "heading", *facts_of(batch))}

    answer = client.post(
        f"/registres/{register.pk}/courriers/nouveau/", facts | {"text": "Encore un mot.\n\n" * 80}
    )
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    answer = client.post(f"/registres/{register.pk}/courriers/nouveau/", facts)
    assert answer.url == f"/courriers/{LetterBatch.objects.first().pk}/"


def facts_of(batch):
    return [field.name for field in batch._meta.fields if field.name in FIELDS]


FIELDS = (
    "text questions english sender signatory signatory_role phone email officer dated_on last_day".split()
)


def test_a_specimen_is_marked_and_names_nobody(client, batch, secretary):
    client.force_login(secretary)

    paper = b"".join(client.get(f"/courriers/{batch.pk}/specimen.pdf").streaming_content)

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages]
    assert len(pages) == 2
    assert all("SPECIMEN" in page for page in pages)
    assert "DUPONT" not in "".join(pages)


def test_a_part_leaves_the_house_by_an_act_and_the_page_costs_the_same(
    client, batch, secretary, work, django_assert_max_num_queries
):
    batch.prove(by=secretary)
    work(batch.job_key)
    part = batch.parts.first()
    client.force_login(secretary)

    with django_assert_max_num_queries(13):
        assert client.get(f"/courriers/{batch.pk}/").status_code == 200
    taken = client.post(f"/courriers/parties/{part.pk}/")

    assert b"".join(taken.streaming_content) == part.path.read_bytes()
    entry = JournalEntry.objects.about(part).latest("pk")
    assert (entry.act, entry.by) == ("sortition.letterpart.export", secretary)


@pytest.mark.parametrize("how", ["a month after", "with the people"])
def test_files_are_deleted_on_their_date_and_their_fingerprints_stay(
    how, batch, register, secretary, work, django_capture_on_commit_callbacks
):
    batch.print(by=secretary)
    work(batch.job_key)
    if how == "with the people":
        Contact.objects.filter(invitation=register.invitations.last()).delete()
        with clock.at(timezone.now()):
            call_command("purge_expired_data")
        assert LetterPart.objects.on_disk().count() == 2
        return
    with django_capture_on_commit_callbacks(execute=True):
        register.send(by=secretary)
    for days, left in [(30, 3), (31, 0)]:
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
    batch, register, secretary, work, django_capture_on_commit_callbacks
):
    batch.print(by=secretary)
    work(batch.job_key)
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
