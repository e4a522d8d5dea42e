"""Notebooks: findings that rest on something, pictures and figures, remarks in the margin."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader
from pytest_django.asserts import assertContains, assertNotContains

from assembly import documents, pictures
from workshops.blocks import blocks, unknown_calls
from workshops.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    MeetingFactory,
    NotebookFactory,
    NotebookSectionFactory,
    WorkshopFactory,
)
from workshops.models import Evidence, Finding, Picture, Remark

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


@pytest.fixture
def notebook():
    workshop = WorkshopFactory(title="Espace public")
    EnrolmentFactory.create_batch(2, workshop=workshop)
    notebook = NotebookFactory(workshop=workshop)
    NotebookSectionFactory(notebook=notebook, body="La rue est **à tous**.")
    return notebook


@pytest.fixture
def author(client, notebook):
    user = notebook.workshop.enrolments.first().member.user
    client.force_login(user)
    return user


def photograph(width=60, height=40, sort="PNG", **options):
    kept = BytesIO()
    Image.new("RGB", (width, height), "seagreen").save(kept, sort, **options)
    return kept.getvalue()


def send_picture(client, notebook, content, name="rue.png"):
    return client.post(
        address("picture_add", notebook.pk),
        {
            "file": SimpleUploadedFile(name, content),
            "alternative": "Une rue plantée.",
            "caption": "Rue Ordener",
        },
    )


# Two authors -----------------------------------------------------------------


def test_two_texts_are_shown_side_by_side_with_the_words_that_differ(client, notebook, author):
    section = notebook.sections.get()
    page = address("notebooksection_edit", section.pk)
    client.post(page, {"title": section.title, "body": "La rue est aux enfants.", "version": "1"})

    refused = client.post(page, {"title": section.title, "body": "La rue est aux vélos.", "version": "1"})
    assertContains(refused, "La rue est aux enfants.")
    assertContains(refused, "</span>vélos.")
    assertContains(refused, "</span>enfants.")
    merged = client.post(
        page,
        {"title": section.title, "body": "Aux enfants et aux vélos.", "version": refused.context["version"]},
    )

    section.refresh_from_db()
    assert (merged.status_code, section.body) == (302, "Aux enfants et aux vélos.")


def test_a_preview_keeps_nothing_and_loses_nothing(client, notebook, author):
    section = notebook.sections.get()
    text = (
        "# Titre\n\n<script>alert(1)</script>\n\n| Rue | Arbres |\n|---|---|\n| Ordener | 12 |\n\n"
        + "x" * 500
    )

    shown = client.post(
        address("notebooksection_edit", section.pk),
        {"title": section.title, "body": text, "version": "1", "preview": "1"},
    )

    assertContains(shown, "<td>Ordener</td>")
    assertNotContains(shown, "<script>alert")
    assertContains(shown, "x" * 500, count=2)
    section.refresh_from_db()
    assert section.body == "La rue est **à tous**."


# Pictures and figures --------------------------------------------------------


def test_a_text_calls_for_pictures_and_figures_on_lines_of_their_own():
    known = {("image", "1"): {"sort": "picture"}}
    text = "Avant\n\n[[image 1]]\n\nAprès [[image 1]]\n[[image 2]]"

    assert [block["sort"] for block in blocks(text, known)] == ["words", "picture", "words"]
    assert unknown_calls(text, known) == ["[[image 2]]"]


def test_a_picture_is_made_smaller_and_shown_where_it_is_called(client, notebook, author):
    send_picture(client, notebook, photograph(4000, 3000))
    section = notebook.sections.get()
    client.post(
        address("notebooksection_edit", section.pk),
        {"title": section.title, "body": "Voyez :\n\n[[image 1]]", "version": "1"},
    )

    picture = Picture.objects.get()
    with picture.file.open() as file, Image.open(file) as kept:
        assert max(kept.size) == pictures.SIDE
    assertContains(client.get(notebook.get_absolute_url()), f'src="{picture.get_file_url()}"')
    served = client.get(picture.get_file_url())
    assert served["Content-Type"] == "image/jpeg"
    served.close()


def test_a_picture_that_is_not_there_is_not_called_for(client, notebook, author):
    section = notebook.sections.get()

    response = client.post(
        address("notebooksection_edit", section.pk),
        {"title": section.title, "body": "Mes mots.\n\n[[image 7]]", "version": "1"},
    )

    assertContains(response, "[[image 7]]")
    assertContains(response, "Mes mots.")
    section.refresh_from_db()
    assert section.version == 1


@pytest.mark.parametrize("content", [b"", b"GIF89a...", b"<svg onload=alert(1)>"])
def test_what_is_no_picture_is_refused_with_a_sentence(client, notebook, author, content):
    response = send_picture(client, notebook, content)

    assert response.status_code == 200
    assertContains(response, "Une rue plantée.")
    assert not Picture.objects.exists()


def test_a_very_heavy_picture_is_taken_and_made_light(notebook, client, author):
    heavy = photograph(3750, 3750, "PNG", compress_level=0)
    assert len(heavy) > 40 * 1024**2

    assert send_picture(client, notebook, heavy).status_code == 302
    assert Picture.objects.get().file.size < 1024**2


def test_a_picture_beyond_all_measure_is_refused_with_a_sentence(notebook, client, author, monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST", 100)

    assertContains(send_picture(client, notebook, photograph()), "60")
    assert not Picture.objects.exists()


def test_the_same_picture_gives_the_same_file():
    one, two = (pictures.cleaned(SimpleUploadedFile("a.png", photograph())) for _ in range(2))
    assert (one.name, one.read()) == (two.name, two.read())


def test_a_picture_is_seen_by_who_reads_the_notebook(client, notebook, author):
    send_picture(client, notebook, photograph())
    address_of_file = Picture.objects.get().get_file_url()
    client.logout()

    assert client.get(address_of_file).status_code == 404
    client.force_login(EnrolmentFactory().member.user)
    assert client.get(address_of_file).status_code == 404


# Findings --------------------------------------------------------------------


def found(notebook, **fields):
    return Finding.objects.create(notebook=notebook, text="Il manque des bancs.", **fields)


def test_a_finding_rests_on_a_hearing_and_on_a_source_from_outside(client, notebook, author):
    hearing = MeetingFactory(workshop=notebook.workshop, kind="hearing", held=True, title="Audition")
    client.post(address("finding_add", notebook.pk), {"text": "Il manque des bancs.", "stance": "shared"})
    finding = notebook.findings.get()
    page = address("evidence_add", finding.pk)

    client.post(page, {"source": f"workshops.meeting-{hearing.pk}", "note": "400 bancs en moins"})
    client.post(page, {"title": "Rapport annuel", "url": "exemple.invalid/rapport"})
    again = client.post(page, {"source": f"workshops.meeting-{hearing.pk}"})
    nothing = client.post(page, {"note": "Rien."})

    assert again.status_code == nothing.status_code == 200
    assert [row["title"] for row in notebook.content["findings"][0]["evidence"]] == [
        "Audition",
        "Rapport annuel",
    ]
    assertContains(client.get(notebook.get_absolute_url()), "https://exemple.invalid/rapport")


def test_a_source_of_another_workshop_is_not_offered(client, notebook, author):
    stranger = MeetingFactory(kind="hearing", held=True)

    response = client.post(
        address("evidence_add", found(notebook).pk), {"source": f"workshops.meeting-{stranger.pk}"}
    )

    assert response.status_code == 200
    assert not Evidence.objects.exists()


def test_a_disagreement_says_both_views(client, notebook, author):
    page = address("finding_add", notebook.pk)
    refused = client.post(page, {"text": "Fermer la rue.", "stance": "disputed", "other_view": " "})
    assert refused.status_code == 200

    client.post(page, {"text": "Fermer la rue.", "stance": "disputed", "other_view": "La garder ouverte."})

    assertContains(client.get(notebook.get_absolute_url()), "La garder ouverte.")
    with pytest.raises(IntegrityError), transaction.atomic():
        found(notebook, stance="disputed")


def test_a_part_is_taken_out_while_the_notebook_is_written(client, secretary, notebook, author):
    finding = found(notebook)
    client.post(address("finding_take_out", finding.pk))
    assert not notebook.findings.exists()
    assert notebook.entries.last().act.endswith("take_out")

    kept = found(notebook)
    notebook.submit(by=secretary)
    notebook.approve(by=secretary, votes_for=2, votes_against=0, abstentions=0)
    client.post(address("finding_take_out", kept.pk))
    with pytest.raises(ValidationError):
        notebook.take_out(by=secretary, part=kept)

    assert notebook.findings.get() == kept


# Remarks ---------------------------------------------------------------------


def test_a_remark_stays_until_it_is_dealt_with(client, notebook, author):
    section = notebook.sections.get()
    client.post(address("remark_add", section.pk), {"text": "Citer le chiffre."})
    remark = Remark.objects.get()
    assertContains(client.get(address("notebooksection_edit", section.pk)), "Citer le chiffre.")

    client.post(address("remark_resolve", remark.pk))

    remark.refresh_from_db()
    assert (remark.state, remark.resolved_by) == ("resolved", author)
    assertNotContains(client.get(address("notebooksection_edit", section.pk)), "Citer le chiffre.")


def test_remarks_are_never_public(client, secretary, notebook, author):
    Remark.objects.create(section=notebook.sections.get(), author=author, text="Entre nous.")
    notebook.submit(by=secretary)
    notebook.approve(by=secretary, votes_for=2, votes_against=0, abstentions=0)
    notebook.deposit(by=secretary)
    client.force_login(EnrolmentFactory().member.user)

    assertNotContains(client.get(notebook.sections.get().get_reading_url()), "Entre nous.")


# The sheet -------------------------------------------------------------------


def test_the_sheet_holds_picture_figure_finding_and_outline(client, secretary, notebook, author):
    AttendanceFactory(
        meeting=MeetingFactory(workshop=notebook.workshop, held=True, title="Séance 1"), status="present"
    )
    send_picture(client, notebook, photograph())
    notebook.sections.get().write(by=author, body="# Titre\n\n[[image 1]]\n\n[[figure presence]]")
    found(notebook)
    notebook.submit(by=secretary)
    notebook.approve(by=secretary, votes_for=2, votes_against=0, abstentions=0)
    notebook.deposit(by=secretary)

    html = documents.to_html(notebook.document)
    once, twice = documents.to_pdf(html), documents.to_pdf(html)
    reader = PdfReader(BytesIO(once))

    assert once == twice
    assert "Une rue plantée." in html
    assert any("/XObject" in page["/Resources"] for page in reader.pages)
    assert reader.outline
    assert reader.root_object["/Lang"] == "fr"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    page = client.get(notebook.get_absolute_url()).content.decode()
    for fact in ("Il manque des bancs.", "Une rue plantée.", "Séance 1"):
        assert fact in page
        assert fact in html
