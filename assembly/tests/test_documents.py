from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from assembly import documents, jobs
from assembly.factories import AppointmentFactory, CycleFactory, MemberFactory, UserFactory
from assembly.models import Document, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(monkeypatch):
    """A document whose page is one title and one paragraph."""
    monkeypatch.setattr(
        documents,
        "render_to_string",
        lambda template, content: (
            f'<!doctype html><html lang="fr"><head><title>{content["document"]}</title></head>'
            f"<body><h1>{content['document']}</h1><p>{content['text']}</p></body></html>"
        ),
    )
    return Document.objects.issue(
        Document.Kind.MINUTES, "Séance du 4 mai", {"text": "Des arbres."}, cycle=CycleFactory()
    )


def test_issuing_a_document_leaves_a_job_to_print_it(sheet):
    job = Job.objects.get()
    assert (job.kind, job.about, job.state) == ("print_document", sheet.pk, Job.State.WAITING)


def test_the_clock_prints_what_waits_and_keeps_page_and_sheet(sheet):
    call_command("run_waiting_jobs")

    sheet.refresh_from_db()
    assert "<p>Des arbres.</p>" in sheet.html
    with sheet.file.open() as pdf:
        [page] = PdfReader(BytesIO(pdf.read())).pages
    assert "Des arbres." in page.extract_text()


def test_what_was_printed_does_not_move(sheet):
    call_command("run_waiting_jobs")
    sheet.refresh_from_db()
    before = sheet.file.name

    Job.objects.update(state=Job.State.WAITING)
    jobs.run(Job.objects.get().pk)

    sheet.refresh_from_db()
    assert sheet.file.name == before


def test_the_same_text_prints_the_same_bytes(sheet):
    html = documents.to_html(sheet)
    assert documents.to_pdf(html) == documents.to_pdf(html)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://exemple.invalid/x.png", "{static}/../manage.py"]
)
def test_a_sheet_quotes_nothing_but_our_own_files(url):
    with pytest.raises(FatalURLFetchingError):
        documents.own_files_only().fetch(url.format(static=documents.FOLDERS[0].as_uri()))


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("public", {"visitor", "member", "stranger", "staff"}),
        ("members", {"member", "staff"}),
        ("staff", {"staff"}),
    ],
)
def test_a_document_is_seen_by_its_audience(audience, seen_by):
    member = MemberFactory(seated=True)
    document = Document.objects.create(
        kind="minutes", title="x", content={}, cycle=member.cycle, audience=audience
    )
    people = {
        "visitor": AnonymousUser(),
        "member": member.user,
        "stranger": UserFactory(),
        "staff": AppointmentFactory().user,
    }

    seen = {name for name, user in people.items() if document in Document.objects.visible_to(user)}

    assert seen == seen_by


def test_a_sheet_whose_file_is_away_takes_no_page_down(sheet, client):
    call_command("run_waiting_jobs")
    sheet.refresh_from_db()
    sheet.file.storage.delete(sheet.file.name)

    assert client.get(sheet.pdf_url).url == sheet.get_absolute_url()
    assert client.get(sheet.get_absolute_url()).status_code == 200
