from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly import clock
from assembly.models import JournalEntry
from sortition import answers
from sortition.factories import DrawFactory, InvitationFactory, RecruitingFactory
from sortition.models import Contact, Volunteer

pytestmark = pytest.mark.django_db

TODAY = timezone.make_aware(datetime(2026, 9, 20, 12))
HEAD = "Code d'invitation;Civilité;Nom;Prénom;Date de naissance;Code postal;Arrondissement;Courriel;Diplôme;Consentement RGPD\n"
ANNE = "K7QM-2XRP;Mme;DUPONT;Anne;12/03/1980;75012;12e;anne@exemple.invalid;Bac;Oui\n"


@pytest.fixture(autouse=True)
def september():
    with clock.at(TODAY):
        yield


@pytest.fixture
def pool():
    return RecruitingFactory().pools.get(key="roll")


@pytest.fixture
def written(tmp_path):
    def write(*lines, head=HEAD, encoding="utf-8"):
        path = tmp_path / "reponses.csv"
        path.write_bytes((head + "".join(lines)).encode(encoding))
        return path

    return write


def test_answers_are_taken_in_with_their_profile_and_the_journal_counts_them(pool, written, secretary):
    preview = answers.take_in(written(ANNE), "reponses.csv", pool, by=secretary)

    volunteer = Volunteer.objects.get()
    assert (volunteer.state, volunteer.profile) == ("eligible", {"gender": "F", "district": "12"})
    assert volunteer.contact.last_name == "DUPONT"
    assert len(preview.lines) == 1
    entry = JournalEntry.objects.get()
    assert entry.facts == {"pool": pool.title, "taken": 1, "eligible": 1, "refused": 0, "repeated": 0}


def test_the_last_answer_of_a_person_counts(pool, written):
    later = ANNE.replace("12e", "3e").replace("75012", "75003")

    preview = answers.understand(written(ANNE, later), "reponses.csv", pool)

    assert [line.profile["district"] for line in preview.lines] == ["PC"]
    assert [note.line for note in preview.repeated] == [2]


def test_who_volunteered_already_is_left_as_they_are(pool, written, secretary):
    path = written(ANNE)
    answers.take_in(path, "reponses.csv", pool, by=secretary)

    with pytest.raises(ValidationError):
        answers.take_in(path, "reponses.csv", pool, by=secretary)

    assert Volunteer.objects.count() == Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ANNE.replace("1980", "2015"), "age"),
        (ANNE.replace("75012", "69003"), "outside"),
        (ANNE.replace("12e", "7e").replace("75012", "75007"), "incomplete"),
        (ANNE.replace("12/03/1980", "00/00/1980"), "incomplete"),
        (ANNE.replace("Oui", "Non"), "consent"),
    ],
)
def test_who_may_not_be_drawn_is_kept_with_the_reason(pool, written, line, reason):
    preview = answers.understand(written(line), "reponses.csv", pool)

    assert [line.obstacle for line in preview.lines] == [reason]


def test_codes_of_our_letters_are_matched_and_others_refused(pool, written, secretary):
    letter = InvitationFactory(sent=True, pool=pool, code="K7QM-2XRP")
    stranger = ANNE.replace("K7QM-2XRP", "ZZZZ-9999").replace("DUPONT", "DURAND")

    preview = answers.take_in(written(ANNE, stranger), "reponses.csv", pool, by=secretary, match_codes=True)

    letter.refresh_from_db()
    assert letter.state == "volunteered"
    assert Volunteer.objects.get().invitation == letter
    assert [note.line for note in preview.refused] == [3]


def test_formulas_are_words_and_every_accent_is_a_name(pool, written, secretary):
    names = ["=cmd|'/C calc'!A0", "N’GUESSAN-L’HÉRITIER", "ŒUVRARD D'AŸ", "Nguyễn"]
    lines = [
        ANNE.replace("DUPONT", name).replace("K7QM", f"K7Q{place + 2}") for place, name in enumerate(names)
    ]

    answers.take_in(written(*lines), "reponses.csv", pool, by=secretary)

    assert Volunteer.objects.count() == 4


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.4 x",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04" + b"\0" * 60,
        b"rouge;vert\n1;2\n",
        b"Nom;Sexe\nX;F\n",
        b"\0" * 5000,
    ],
)
def test_a_file_that_holds_no_answers_gets_a_sentence_and_changes_nothing(pool, data, secretary, client):
    client.force_login(secretary)
    page = client.post(
        f"/cycles/{pool.cycle.number}/volontaires/fichier/",
        {"pool": pool.pk, "file": SimpleUploadedFile("reponses.csv", data)},
    )

    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert not Volunteer.objects.exists()


def test_a_ragged_line_is_refused_with_its_number(pool, written):
    preview = answers.understand(written(ANNE, "x;Mme;SEUL\n"), "reponses.csv", pool)

    assert [(note.line, "3" in note.sentence) for note in preview.refused] == [(3, True)]


def test_a_file_is_seen_before_it_is_taken_in_and_gone_after(pool, secretary, client, settings):
    client.force_login(secretary)
    upload = SimpleUploadedFile("reponses.csv", (HEAD + ANNE).encode())

    to = client.post(
        f"/cycles/{pool.cycle.number}/volontaires/fichier/", {"pool": pool.pk, "file": upload}
    ).url
    seen = client.get(to)
    assert not Volunteer.objects.exists()
    assert len(seen.context["preview"].lines) == 1
    client.post(to)
    client.post(to)

    assert Volunteer.objects.count() == 1
    assert list(settings.INCOMING.iterdir()) == []


def test_a_preview_belongs_to_who_handed_the_file_over(pool, secretary, appointed, client):
    client.force_login(secretary)
    upload = SimpleUploadedFile("reponses.csv", (HEAD + ANNE).encode())
    to = client.post(
        f"/cycles/{pool.cycle.number}/volontaires/fichier/", {"pool": pool.pk, "file": upload}
    ).url
    client.logout()
    client.force_login(appointed("secretariat"))

    assert client.get(to).status_code == 302
    assert client.post(to).status_code == 302
    assert not Volunteer.objects.exists()


def test_nothing_enters_a_frozen_pool(pool, written, secretary):
    DrawFactory(cycle=pool.cycle, state="frozen", frozen_at=clock.now(), commitment="0" * 64)

    with pytest.raises(ValidationError):
        answers.take_in(written(ANNE), "reponses.csv", pool, by=secretary)


def test_minors_belong_to_their_own_pool(pool, written):
    minors = pool.cycle.pools.get(key="minors")
    young = ANNE.replace("1980", "2010").replace("12/03", "01/01")

    assert [line.obstacle for line in answers.understand(written(young), "r.csv", minors).lines] == [""]
    assert [line.obstacle for line in answers.understand(written(ANNE), "r.csv", minors).lines] == ["age"]
    assert date(2010, 1, 1)
