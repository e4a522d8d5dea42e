"""Meetings prepared: agenda, calendar, copies, programme, papers, notices and their delay."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assembly import clock, documents
from assembly.factories import UserFactory
from assembly.models import Document
from workshops import papers
from workshops.factories import AgendaItemFactory, AttendanceFactory, EnrolmentFactory, MeetingFactory
from workshops.models import Meeting, Notice, Paper

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


def paris(text):
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def meeting():
    """Prepared, for a workshop of two."""
    meeting = MeetingFactory(title="Atelier du soir")
    EnrolmentFactory.create_batch(2, workshop=meeting.workshop)
    return meeting


# The agenda and the notice -------------------------------------------------------


def test_a_meeting_on_the_agenda_is_seen_and_nothing_is_mailed(
    client, meeting, secretary, mailoutbox, django_capture_on_commit_callbacks
):
    assert client.get(meeting.get_absolute_url()).status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        meeting.open(by=secretary)
        meeting.cancel(by=secretary, reason="Grève")

    assert client.get(meeting.get_absolute_url()).status_code == 200
    assert mailoutbox == []


def test_a_late_notice_owes_its_reason(client, secretary, meeting):
    client.force_login(secretary)
    soon = clock.now() + timedelta(days=3)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=2))
    page = address("meeting_call", meeting.pk)

    refused = client.post(page, {"urgency": ""})
    client.post(page, {"urgency": "La salle brûle"})

    assert refused.context["form"].non_field_errors()
    notice = Notice.objects.get()
    assert (notice.days, notice.needed, notice.is_late, notice.urgency) == (2, 5, True, "La salle brûle")


def test_a_notice_in_time_is_kept_with_its_sheet(secretary, meeting):
    AgendaItemFactory(meeting=meeting, title="Accueil", minutes=20)
    meeting.call(by=secretary)

    notice = meeting.notices.get()
    assert (notice.is_late, notice.document.kind, notice.document.audience) == (False, "notice", "members")
    page = documents.to_html(notice.document)
    assert "Accueil" in page
    assert meeting.place in page


def test_a_moved_meeting_says_what_changed(
    secretary, meeting, mailoutbox, django_capture_on_commit_callbacks, monkeypatch
):
    meeting.call(by=secretary)
    monkeypatch.setattr(documents, "to_pdf", lambda html: b"%PDF-")
    later = meeting.starts_at + timedelta(days=2)
    with django_capture_on_commit_callbacks(execute=True):
        meeting.move(by=secretary, starts_at=later, ends_at=later + timedelta(hours=3), place="Mairie du 20e")

    letter = mailoutbox[0].body
    assert "Hôtel de Ville, salle 402" in letter
    assert "Mairie du 20e" in letter
    assert "→" in letter
    assert meeting.notices.last().changes.keys() == {"starts_at", "ends_at", "place"}
    with pytest.raises(ValidationError):
        meeting.move(by=secretary, starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place)


def test_the_delay_counts_days_on_the_wall_even_when_the_clock_goes_back(secretary, meeting):
    """Sent at 23:30 on the eve of the last day; that night of 25 October 2026 lasts one hour more."""
    starts = paris("2026-10-31 09:00")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=3))
    meeting.refresh_from_db()
    assert meeting.notice_until == date(2026, 10, 25)
    for moment, late in [("2026-10-25 23:59", False), ("2026-10-26 00:01", True)]:
        with clock.at(paris(moment)):
            assert meeting.notice_is_late is late


def test_a_sign_in_sheet_is_printed_again_only_when_it_changes(secretary, meeting):
    meeting.call(by=secretary)
    for _twice in range(2):
        meeting.print_sign_in(by=secretary)
    sheets = Document.objects.filter(kind="sign_in")
    assert sheets.count() == 1
    assert sheets.get().reader == secretary
    assert len(sheets.get().content["people"]) == 2

    EnrolmentFactory(workshop=meeting.workshop)
    meeting.expect()
    meeting.print_sign_in(by=secretary)
    assert sheets.count() == 2
    assert "Half-day" in documents.to_html(sheets.first()) or "journée" in documents.to_html(sheets.first())


# The calendar and copies ------------------------------------------------------------


def test_the_calendar_shows_a_month_by_day(client, secretary):
    MeetingFactory(called=True, title="Le onze", starts_at=paris("2027-03-11 23:30"))
    MeetingFactory(title="Brouillon", starts_at=paris("2027-03-12 10:00"))
    page = address("meeting_calendar") + "?month=2027-03"

    assert [row.title for row in client.get(page).context["meetings"]] == ["Le onze"]
    client.force_login(secretary)
    weeks = client.get(page).context["weeks"]
    found = {
        cell[0].day: [row.title for row in cell[1]] for week in weeks for cell in week if cell and cell[1]
    }
    assert found == {11: ["Le onze"], 12: ["Brouillon"]}


@pytest.mark.parametrize("month", ["", "2027-13", "9999-99", "0000-01", "x", "2027-3"])
def test_any_month_asked_for_gets_a_page(client, month):
    assert client.get(address("meeting_calendar"), {"month": month}).status_code == 200


def test_the_calendar_costs_the_same_however_full(client, secretary):
    client.force_login(secretary)
    starts = paris("2027-03-11 10:00")
    MeetingFactory(starts_at=starts)
    page = address("meeting_calendar") + "?month=2027-03"
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    MeetingFactory.create_batch(12, starts_at=starts)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(few) == len(many) <= 10


def test_a_meeting_is_copied_once_with_its_programme(client, secretary, meeting):
    AgendaItemFactory(meeting=meeting, title="Accueil")
    client.force_login(secretary)
    page = address("meeting_copy", meeting.pk)
    once = client.get(page).context["once"]
    data = {"starts_at": "2027-10-30T18:30", "once": once}

    first, second = client.post(page, data), client.post(page, data)

    twin = Meeting.objects.exclude(pk=meeting.pk).get()
    assert first.url == second.url == twin.get_absolute_url()
    assert (twin.state, twin.title, [item.title for item in twin.agenda.all()]) == (
        "planned",
        meeting.title,
        ["Accueil"],
    )
    assert twin.ends_at - twin.starts_at == meeting.ends_at - meeting.starts_at


def test_last_month_is_seen_then_copied_at_the_same_hours(client, secretary):
    tuesday = MeetingFactory(title="Deuxième mardi", starts_at=paris("2027-10-12 18:30"))
    MeetingFactory(title="Autre mois", starts_at=paris("2027-09-12 18:30"), workshop=tuesday.workshop)
    client.force_login(secretary)
    page = address("meeting_copy_month", tuesday.cycle.number) + "?month=2027-11"
    form = client.get(page).context["form"]
    assert [row["meeting"].title for row in form.rows] == ["Deuxième mardi"]
    data = {
        f"keep_{tuesday.pk}": "on",
        f"at_{tuesday.pk}": form[f"at_{tuesday.pk}"].value().strftime("%Y-%m-%dT%H:%M"),
    }

    client.post(page, data)

    copy = Meeting.objects.latest("pk")
    assert copy.starts_at == paris("2027-11-09 18:30")
    assert client.get(page).context["form"].rows[0]["there"]
    assert client.post(page, {}).context["form"].non_field_errors()


def test_a_facilitator_copies_the_meetings_of_their_workshops_only(client, secretary):
    own = MeetingFactory(starts_at=paris("2027-10-12 18:30"), workshop__facilitator=UserFactory())
    MeetingFactory(starts_at=paris("2027-10-12 18:30"), workshop__cycle=own.cycle)
    MeetingFactory(plenary=True, cycle=own.cycle, starts_at=paris("2027-10-13 18:30"))
    client.force_login(own.workshop.facilitators.get())

    page = client.get(address("meeting_copy_month", own.cycle.number) + "?month=2027-11")

    assert [row["meeting"] for row in page.context["form"].rows] == [own]


# The programme and its papers ---------------------------------------------------------


def test_hours_follow_from_lengths_and_points_move(client, secretary, meeting):
    client.force_login(secretary)
    for title, minutes in [("Accueil", 30), ("Travail", 120), ("Clôture", 60)]:
        client.post(address("agendaitem_add", meeting.pk), {"title": title, "minutes": minutes})
    last = meeting.agenda.last()

    client.post(address("agendaitem_shift", last.pk), {"step": "-1"})

    items = list(meeting.programme())
    assert [item.title for item in items] == ["Accueil", "Clôture", "Travail"]
    assert items[2].starts_at - meeting.starts_at == timedelta(minutes=90)
    assert meeting.overrun(items) == 30
    client.post(address("meeting_drop_item", meeting.pk), {"item": last.pk})
    assert meeting.agenda.count() == 2


def a_picture(kind="PNG", size=(20, 20)):
    packed = io.BytesIO()
    Image.new("RGB", size).save(packed, kind)
    return packed.getvalue()


def a_pack(**parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        for name, content in parts.items():
            pack.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (a_picture(), "image/png"),
        (a_picture("JPEG"), "image/jpeg"),
        (a_pack(mimetype="application/vnd.oasis.opendocument.text"), f"{papers.OPEN}text"),
        (a_pack(word__document_xml="x"), f"{papers.OFFICE}wordprocessingml.document"),
    ],
)
def test_what_a_file_is_stands_in_its_bytes(content, kind):
    assert papers.kind_of(SimpleUploadedFile("menteur.exe", content)) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00programme",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"PK\x03\x04cut short",
        a_picture()[:60],
        a_pack(word__document_xml="x", word__vbaProject_bin="y"),
        a_pack(anything="x"),
        a_pack(mimetype="text/html"),
        a_picture("GIF"),
    ],
)
def test_every_other_file_gets_a_sentence(client, secretary, meeting, content):
    client.force_login(secretary)
    file = SimpleUploadedFile("notes.pdf", content)
    page = client.post(address("paper_add", meeting.pk), {"file": file, "title": "Notes"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Paper.objects.exists()


def test_a_file_too_heavy_gets_a_sentence(monkeypatch):
    monkeypatch.setattr(papers, "LIMIT", 10)
    with pytest.raises(ValidationError):
        papers.kind_of(SimpleUploadedFile("x.pdf", b"%PDF-1.7 12345"))


def test_a_paper_is_read_by_those_it_is_for(client, secretary, meeting):
    client.force_login(secretary)
    file = SimpleUploadedFile("../../Plan du quartier.PDF", b"%PDF-1.7")
    client.post(address("paper_add", meeting.pk), {"file": file, "title": ""})
    paper = Paper.objects.get()
    meeting.open(by=secretary)

    answer = client.get(address("paper_file", paper.pk))
    assert answer.getvalue() == b"%PDF-1.7"
    assert answer["Content-Disposition"] == 'attachment; filename="Plan_du_quartier.pdf"'
    member = meeting.workshop.enrolments.first().member.user
    assert Paper.objects.visible_to(member).exists()
    assert not Paper.objects.visible_to(UserFactory()).exists()
    client.force_login(UserFactory())
    assert client.get(address("paper_file", paper.pk)).status_code == 404
    client.force_login(secretary)
    client.post(address("meeting_drop_paper", meeting.pk), {"paper": paper.pk})
    assert not Paper.objects.exists()


def test_the_page_of_a_meeting_costs_the_same_however_much_hangs_on_it(client, secretary):
    meeting = MeetingFactory(called=True)
    client.force_login(secretary)

    def add(number):
        AgendaItemFactory.create_batch(number, meeting=meeting)
        AttendanceFactory.create_batch(number, meeting=meeting)
        for item in meeting.agenda.all()[:number]:
            Paper.objects.create(
                meeting=meeting, item=item, title="P", file="x.pdf", kind="application/pdf", size=1
            )

    for name in ("meeting_detail", "meeting_take_attendance"):
        add(1)
        client.get(address(name, meeting.pk))
        with CaptureQueriesContext(connection) as few:
            client.get(address(name, meeting.pk))
        add(8)
        with CaptureQueriesContext(connection) as many:
            client.get(address(name, meeting.pk))
        assert len(few) == len(many), name
