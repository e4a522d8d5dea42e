from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly import clock
from assembly.models import JournalEntry
from sortition import answers, columns, forms, taking_in
from sortition.factories import DrawFactory, InvitationFactory, RecruitingFactory
from sortition.models import Contact, SecondAnswer, Volunteer

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
    preview = taking_in.take_in(written(ANNE), "reponses.csv", pool, by=secretary)

    volunteer = Volunteer.objects.get()
    assert (volunteer.state, volunteer.profile) == ("eligible", {"gender": "F", "district": "12"})
    assert volunteer.contact.last_name == "DUPONT"
    assert len(preview.lines) == 1
    entry = JournalEntry.objects.get(act="assembly.cycle.take_in_answers")
    assert entry.facts == {"pool": pool.title, "taken": 1, "eligible": 1, "refused": 0, "repeated": 0}


def test_the_last_answer_of_a_person_counts(pool, written):
    later = ANNE.replace("12e", "3e").replace("75012", "75003")

    preview = answers.understand(written(ANNE, later), "reponses.csv", pool)

    assert [line.profile["district"] for line in preview.lines] == ["PC"]
    assert [note.line for note in preview.repeated] == [2]


def test_who_volunteered_already_is_left_as_they_are(pool, written, secretary):
    path = written(ANNE)
    taking_in.take_in(path, "reponses.csv", pool, by=secretary)

    with pytest.raises(ValidationError):
        taking_in.take_in(path, "reponses.csv", pool, by=secretary)

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

    preview = taking_in.take_in(written(ANNE, stranger), "reponses.csv", pool, by=secretary, match_codes=True)

    letter.refresh_from_db()
    assert letter.state == "volunteered"
    assert Volunteer.objects.get().invitation == letter
    assert [note.line for note in preview.refused] == [3]


def test_formulas_are_words_and_every_accent_is_a_name(pool, written, secretary):
    names = ["=cmd|'/C calc'!A0", "N’GUESSAN-L’HÉRITIER", "ŒUVRARD D'AŸ", "Nguyễn"]
    lines = [
        ANNE.replace("DUPONT", name).replace("K7QM", f"K7Q{place + 2}") for place, name in enumerate(names)
    ]

    taking_in.take_in(written(*lines), "reponses.csv", pool, by=secretary)

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
        taking_in.take_in(written(ANNE), "reponses.csv", pool, by=secretary)


def test_minors_belong_to_their_own_pool(pool, written):
    minors = pool.cycle.pools.get(key="minors")
    young = ANNE.replace("1980", "2010").replace("12/03", "01/01")

    assert [line.obstacle for line in answers.understand(written(young), "r.csv", minors).lines] == [""]
    assert [line.obstacle for line in answers.understand(written(ANNE), "r.csv", minors).lines] == ["age"]
    assert date(2010, 1, 1)


STRANGE = "Numéro;Famille;Petit nom;Né(e);Quartier;Études;Femme ou homme;Sexe\n"
LINES = (
    "1;DUPONT;Anne;12/03/1980;12e;école de la vie;dame;x\n"
    "2;DURAND;Paul;01/01/1990;3e;bac;monsieur;x\n"
    "3;SEUL;;;;;;\n"
)


def handed_over(client, pool, text, source="Carte citoyenne"):
    upload = SimpleUploadedFile("liste.csv", text.encode())
    address = f"/cycles/{pool.cycle.number}/volontaires/fichier/"
    return client.post(address, {"pool": pool.pk, "file": upload, "source": source}).url


def test_columns_and_words_are_corrected_by_hand_and_remembered(pool, secretary, client):
    client.force_login(secretary)
    to = handed_over(client, pool, STRANGE + LINES)
    form = client.get(to).context["form"]
    assert (to.endswith("/colonnes/"), form["column-sex"].value()) == (True, 7)
    columns_said = {"last_name": 1, "first_name": 2, "birth_date": 3, "district": 4, "diploma": 5, "sex": 6}
    sent = {f"column-{name}": place for name, place in columns_said.items()}

    assert client.post(to, sent).url == to
    asked = {
        field.label: field.html_name for field in client.get(to).context["form"] if "word" in field.html_name
    }
    words = {asked["dame (1)"]: "F", asked["école de la vie (1)"]: "SANS_CEP", asked["monsieur (1)"]: "M"}
    preview = client.post(to, sent | words).url
    assert [line.profile for line in client.get(preview).context["preview"].lines][0] == {
        "gender": "F",
        "district": "12",
    }
    refused = client.get(f"{preview}refus.csv").getvalue().decode("utf-8-sig")
    assert "4;" in refused
    client.post(preview)

    assert Volunteer.objects.count() == 3
    again = handed_over(client, pool, STRANGE + LINES.replace("DUPONT", "MARTIN").replace("1980", "1981"))
    assert not again.endswith("/colonnes/")
    assert len(client.get(again).context["preview"].lines) == 1


def test_what_was_understood_of_the_words_stays_so_when_the_page_is_sent_back_as_it_is(pool, written):
    text = HEAD + ANNE.replace("Bac", "Master 2") + ANNE.replace("Bac", "Brevet").replace("DUPONT", "X")
    path = written(text.removeprefix(HEAD))
    found = columns.survey(path, "r.csv")
    at, words = columns.proposed(found, pool, "")
    shown = forms.ColumnsForm(found=found, at=at, words=words, diplomas=[("BAC", "Baccalauréat")])
    sent = {field.html_name: field.value() for field in shown}

    form = forms.ColumnsForm(sent, found=found, at=at, words=words, diplomas=[("BAC", "Baccalauréat")])

    assert (form.is_valid(), form.chosen, form.words) == (True, at, {})


def test_a_column_says_one_thing_and_none_that_counts_is_missing(pool, secretary, client):
    client.force_login(secretary)
    to = handed_over(client, pool, STRANGE + LINES)

    errors = client.post(to, {"column-last_name": 1, "column-sex": 1}).context["form"].errors

    assert {"column-last_name", "column-sex", "column-birth_date", "column-diploma"} <= set(errors)
    assert not Volunteer.objects.exists()


def test_who_answers_otherwise_in_a_file_waits_for_a_decision_once(pool, written, secretary):
    answers_file = written(ANNE)
    taking_in.take_in(answers_file, "r.csv", pool, by=secretary)
    for _ in range(2):
        other = written(
            ANNE.replace("anne@", "anna@"), ANNE.replace("DUPONT", "NEUVE").replace("anne@", "n@")
        )
        preview = answers.understand(other, "r.csv", pool)
        if preview.lines or preview.differing:
            taking_in.take_in(other, "r.csv", pool, by=secretary)

    assert [row.differs for row in SecondAnswer.objects.all()] == [["email"]]
    assert Volunteer.objects.count() == 2
    assert Contact.objects.filter(email="anne@exemple.invalid").count() == 1
