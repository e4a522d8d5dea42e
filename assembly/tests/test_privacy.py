import json
import logging
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command

from assembly import clock, jobs
from assembly.factories import AppointmentFactory, CycleFactory, MemberFactory, PoolFactory
from assembly.models import (
    Document,
    Elimination,
    Job,
    JournalEntry,
    LeftFile,
    Member,
    Person,
    PersonalExport,
    Retention,
    RightsRequest,
    User,
)
from assembly.privacy import erasing
from assembly.privacy.exporting import held_on
from assembly.privacy.keeping import CATEGORIES
from sortition.factories import InvitationFactory, SeatOfferFactory, VolunteerFactory
from sortition.models import Contact, SeatOffer, Volunteer

pytestmark = pytest.mark.django_db

NAME, EMAIL, STREET = "Zébulon QUATREVINGT", "zebulon.quatrevingt@exemple.invalid", "7 RUE INTROUVABLE"
PLANTED = ["Zébulon", "QUATREVINGT", "zebulon.quatrevingt", "INTROUVABLE", "1971-11-23", "migraine"]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"


@pytest.fixture
def cycle():
    return CycleFactory(starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1), state="archived")


def planted(cycle, by):
    """A member of this cycle, with their words in every corner."""
    pool = PoolFactory(cycle=cycle)
    volunteer = VolunteerFactory(
        pool=pool,
        contact__last_name="QUATREVINGT",
        contact__first_name="Zébulon",
        contact__email=EMAIL,
        contact__address=STREET,
        contact__birth_date=date(1971, 11, 23),
        contact__purge_on=cycle.ends_on + timedelta(days=365),
        invitation=InvitationFactory(pool=pool, contact=None, state="volunteered"),
        state="confirmed",
    )
    member = MemberFactory(
        pool=pool, seated=True, user__name=NAME, user__email=EMAIL, profile={"gender": "F"}
    )
    SeatOfferFactory(
        draw__cycle=cycle, volunteer=volunteer, state="confirmed", member=member, reason="migraine"
    )
    member.leave(by=by, reason="migraine")
    Document.objects.issue("statement", f"Relevé de {NAME}", {"name": NAME}, cycle=cycle, reader=member.user)
    sheet = Document.objects.get(reader=member.user)
    sheet.html = NAME
    sheet.file.save("releve.pdf", ContentFile(NAME.encode()))
    return member


def everything(settings):
    """The whole database and every file, as one text."""
    rows = [
        str(value)
        for model in apps.get_models()
        for row in model._base_manager.values_list()
        for value in row
    ]
    files = [path for root in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT) for path in root.rglob("*")]
    return "\n".join([*rows, *(path.read_text() for path in files if path.is_file())])


def found_in(text):
    return [word for word in PLANTED if word in text]


def run(elimination):
    jobs.run(jobs.enqueue("eliminate", key=f"eliminate:{elimination.pk}", about=elimination.pk).pk)
    elimination.refresh_from_db()


def test_after_a_purge_the_person_is_gone_and_the_counts_are_right(
    cycle, secretary, appointed, settings, client
):
    member, other = planted(cycle, secretary), appointed("secretariat")
    client.force_login(member.user)
    counts = {
        model: model.objects.count() for model in (Member, User, Volunteer, SeatOffer, JournalEntry, Document)
    }
    assert found_in(everything(settings)) == PLANTED

    row = erasing.draw_up(cycle, by=secretary)
    row.approve(by=other, visa="AP-2026-17", visa_on=clock.today())
    run(row)

    assert row.state == Elimination.State.DONE
    assert found_in(everything(settings)) == []
    added = {JournalEntry: 3, Document: 2}
    assert {model: model.objects.count() - added.get(model, 0) for model in counts} == counts
    member = Member.objects.get(pk=member.pk)
    assert (member.user.name, member.profile) == (f"Ancien membre nº\u00a0{member.user_id}", {"gender": "F"})
    assert not member.user.is_active
    assert client.get("/mon-espace/").status_code == 302
    assert row.proof.content["visa"] == "AP-2026-17"
    assert row.proof.content["erased"] == row.schedule.content["total"] == row.total
    assert row.proof.content["rows_fingerprint"] == row.schedule.content["rows_fingerprint"]


def test_nothing_is_erased_without_the_visa(cycle, secretary, appointed, settings):
    planted(cycle, secretary)
    other = appointed("secretariat")
    row = erasing.draw_up(cycle, by=secretary)
    before = everything(settings)

    run(row)
    with pytest.raises(ValidationError, match="visa"):
        row.approve(by=other, visa="  ", visa_on=clock.today())
    with pytest.raises(ValidationError, match="autre personne"):
        row.approve(by=secretary, visa="AP-1", visa_on=clock.today())
    call_command("purge_expired_data")

    assert row.state == Elimination.State.SUBMITTED
    assert found_in(everything(settings)) == found_in(before) == PLANTED
    assert found_in(json.dumps(row.schedule.content)) == []


def test_a_killed_purge_is_taken_up_where_it_stopped(cycle, secretary, appointed, settings, monkeypatch):
    planted(cycle, secretary)
    row = erasing.draw_up(cycle, by=secretary)
    row.approve(by=appointed("secretariat"), visa="AP-1", visa_on=clock.today())
    steps = row.steps.count()

    for killed in range(steps):
        monkeypatch.setattr(erasing, "sweep", dying(1))
        with pytest.raises(KeyboardInterrupt):
            erasing.eliminate(Job(about=row.pk))
        assert row.steps.exclude(done_at=None).count() == killed + 1
        monkeypatch.undo()
    run(row)

    assert row.state == Elimination.State.DONE
    assert not LeftFile.objects.exists()
    assert found_in(everything(settings)) == []


def dying(after):
    """A sweep that lets through so many calls, then dies before it removes anything."""
    left = [after]

    def sweep():
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    return sweep


def test_data_under_limitation_are_left_where_they_are(cycle, secretary, appointed, settings):
    member = planted(cycle, secretary)
    asked = received("restriction")
    asked.name_person(by=secretary, person=Person.objects.create(user=member.user))
    asked.check_identity(by=secretary, how="rappel")
    asked.give_answer(by=secretary, answer="Limité.")

    with pytest.raises(ValidationError, match="rien à effacer"):
        erasing.draw_up(cycle, by=secretary)
    asked.lift(by=secretary, reason="à sa demande")

    assert erasing.draw_up(cycle, by=secretary).total >= 4


def received(kind="access", on=None):
    on = on or clock.today()
    return RightsRequest.objects.create(
        kind=kind, asked_by=NAME, received_on=on, due_on=on + timedelta(days=30)
    )


def test_what_needs_no_visa_goes_by_the_clock(cycle):
    silent = InvitationFactory(
        pool__cycle=cycle, contact__cycle=cycle, contact__purge_on=clock.today() - timedelta(days=1), line=12
    )
    early = InvitationFactory(pool=silent.pool, contact__purge_on=clock.today())

    call_command("purge_expired_data")

    silent.refresh_from_db()
    assert (silent.contact, silent.line) == (None, None)
    assert Contact.objects.get() == early.contact
    assert JournalEntry.objects.latest("pk").facts == {"deleted": 1}


def test_a_delay_moves_within_bounds_and_the_dates_written_with_it(cycle, secretary, client):
    letter = InvitationFactory(pool__cycle=cycle, contact__purge_on=date(2030, 1, 1))
    client.force_login(secretary)

    page = client.post("/vie-privee/registre/letters/", {"days": 3, "reason": "essai"})
    assert page.status_code == 200
    assert not Retention.objects.exists()
    client.post("/vie-privee/registre/letters/", {"days": 60, "reason": "avis du délégué"})

    letter.contact.refresh_from_db()
    assert letter.contact.purge_on == date(2029, 12, 2)
    assert CATEGORIES["letters"].days_kept == 60


def test_a_rights_request_has_a_month_and_once_two_more(secretary, client):
    client.force_login(secretary)
    client.post(
        "/demandes-de-droits/nouvelle/",
        {"kind": "access", "asked_by": NAME, "received_on": "2026-01-31", "words": "Mes données ?"},
    )
    asked = RightsRequest.objects.get()
    assert asked.due_on == date(2026, 2, 28)

    with clock.at(clock.now().replace(year=2026, month=2, day=10)):
        asked.extend(by=secretary, reason="archives à rassembler")
        assert asked.due_on == date(2026, 4, 30)
        with pytest.raises(ValidationError):
            asked.extend(by=secretary, reason="encore")
    with clock.at(clock.now().replace(year=2026, month=5, day=2)):
        assert asked.is_late
        page = client.get("/vie-privee/").content.decode()
    assert "en retard" in page
    assert NAME not in page


def test_the_export_tells_everything_held(cycle, secretary, settings, client):
    member = planted(cycle, secretary)
    client.force_login(member.user)

    page = client.post("/mon-espace/export/", follow=True)
    export = PersonalExport.objects.get()
    jobs.run(Job.objects.get(key=f"export_person:{export.pk}").pk)

    found = client.get(f"/exports/{export.pk}/donnees.json")
    assert page.status_code == found.status_code == 200
    assert found_in(found.content.decode()) == PLANTED
    assert {part["key"] for part in found.json()["parts"]} >= {"accounts", "members", "reasons", "documents"}
    client.force_login(MemberFactory(seated=True).user)
    assert client.get(f"/exports/{export.pk}/donnees.json").status_code == 404


def test_who_has_no_account_is_found_by_the_code_of_their_letter(secretary, client):
    letter = InvitationFactory(sent=True, contact__last_name="QUATREVINGT")
    client.force_login(secretary)

    page = client.post("/vie-privee/personnes/", {"q": letter.code.lower()})
    assert "QUATREVINGT" in page.content.decode()
    client.post("/vie-privee/personnes/", {"person": f"sortition-{letter.contact.pk}"})

    person = PersonalExport.objects.get().person
    assert [part["key"] for part in held_on(person)] == ["letters"]


@pytest.mark.parametrize(("role", "desk", "people"), [("guarantor", 200, 403), ("operator", 403, 403)])
def test_guarantors_read_the_desk_and_nobody_s_name(role, desk, people, appointed, client):
    client.force_login(appointed(role))

    assert client.get("/vie-privee/").status_code == desk
    assert client.get("/vie-privee/registre/").status_code == desk
    assert client.get("/demandes-de-droits/").status_code == people
    assert client.get("/vie-privee/personnes/").status_code == people


def test_opening_a_list_of_names_is_written_once_an_hour(secretary, client):
    member = MemberFactory(seated=True)
    client.force_login(secretary)

    for _time in range(2):
        client.get(f"/cycles/{member.cycle.number}/membres/")
    with clock.at(clock.now() + timedelta(hours=2)):
        client.get(f"/cycles/{member.cycle.number}/membres/")

    assert JournalEntry.objects.filter(act="assembly.cycle.read_names").count() == 2
    assert str(secretary) in client.get("/vie-privee/lectures/").content.decode()


def test_the_desk_asks_as_many_queries_whatever_it_holds(secretary, client, django_assert_max_num_queries):
    cycle = CycleFactory()
    client.force_login(secretary)
    for _row in range(10):
        received()
        cycle.record("read_names", by=AppointmentFactory().user, list="members")

    client.get("/vie-privee/")
    with django_assert_max_num_queries(12):
        client.get("/vie-privee/")
    with django_assert_max_num_queries(10):
        client.get("/demandes-de-droits/")


def test_nothing_personal_in_logs_addresses_jobs_or_subjects(
    cycle, secretary, client, caplog, monkeypatch, django_capture_on_commit_callbacks
):
    member = planted(cycle, secretary)
    caplog.set_level(logging.INFO)
    monkeypatch.setitem(jobs.HANDLERS, "print_document", lambda job: None)
    client.force_login(secretary)
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(
            "/demandes-de-droits/nouvelle/",
            {"kind": "access", "asked_by": NAME, "received_on": clock.today(), "words": "migraine"},
        )
        search = client.post("/vie-privee/personnes/", {"q": "quatrevingt"})
        chosen = client.post("/vie-privee/personnes/", {"person": f"user-{member.user_id}"})
        member.return_(by=secretary, reason="migraine passée")

    told = [caplog.text, asked.url, chosen.url, *(str(row) for row in Job.objects.values_list())]
    told += [letter.subject for letter in mail.outbox]
    told += [repr(row) for row in JournalEntry.objects.values_list("label", "facts")]
    assert "QUATREVINGT" in search.content.decode()
    assert Job.objects.exists()
    assert found_in("\n".join(told)) == []
