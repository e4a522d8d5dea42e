"""What is said of a text while it is written, and what the rapporteur and the directorates do with it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.factories import AppointmentFactory
from assembly.lifecycle import TransitionRefused
from deliberations import clauses, word
from deliberations.factories import ProposalFactory, WorkingMandateFactory, a_workshop, counted, wish
from deliberations.models import Amendment, ClauseRemark, Proposal, Review, VersionConflict, Wording

pytestmark = pytest.mark.django_db


def url(name, obj):
    return reverse(f"deliberations:{name}", args=[obj.pk])


@pytest.fixture
def text():
    return ProposalFactory(workshop=a_workshop(3), in_review=True)


@pytest.fixture
def member(text):
    return text.workshop.members.first().user


@pytest.fixture
def rapporteur(text):
    text.workshop.rapporteur = text.workshop.members.last().user
    text.workshop.save()
    return text.workshop.rapporteur


def amended(to, by=None, **given):
    facts = {
        "sort": "replace",
        "clause": "m1",
        "text": "la Ville ouvre dix rues ;",
        "reason": "Il en faut dix.",
    }
    return Amendment.objects.table(to, by=by, **facts | given)


def words_of(text):
    return [row["text"] for row in text.latest.clauses]


# amendments


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ({}, ["la Ville ouvre dix rues ;", "la Ville ouvre 2 rues aux enfants ;"]),
        ({"sort": "delete", "text": ""}, ["la Ville ouvre 2 rues aux enfants ;"]),
        (
            {"sort": "add", "text": "elle les signale ;"},
            [
                "la Ville ouvre 1 rues aux enfants ;",
                "elle les signale ;",
                "la Ville ouvre 2 rues aux enfants ;",
            ],
        ),
    ],
)
def test_an_accepted_amendment_makes_a_version_that_names_it(text, secretary, given, after):
    amendment = amended(text, **given)

    amendment.accept(by=secretary, base=1)

    assert words_of(text)[2:] == after
    assert (amendment.state, amendment.version.number, text.latest.note) == ("accepted", 2, str(amendment))


def test_the_clause_may_change_or_go_while_it_is_amended(text, secretary):
    amendment = amended(text)
    changed = clauses.replace(text.latest.clauses, "m1", "la Ville ouvre trois rues ;")
    text.save_version(by=secretary, base=1, clauses=changed, author_kind="members")
    assert amendment.has_moved
    gone = clauses.replace(changed, "m1", "")
    text.save_version(by=secretary, base=2, clauses=gone, author_kind="members")
    assert amendment.has_moved
    assert amendment.target is None

    amendment.accept(by=secretary, base=3)

    assert words_of(text)[-1] == "la Ville ouvre dix rues ;"
    assert amendment.was == "la Ville ouvre 1 rues aux enfants ;"


def test_two_rapporteurs_accepting_at_once_lose_nothing(text, secretary):
    first, second = amended(text), amended(text, clause="m2")
    first.accept(by=secretary, base=1)

    with pytest.raises(VersionConflict):
        second.accept(by=secretary, base=1)

    second.refresh_from_db()
    assert (second.state, text.versions.count()) == ("open", 2)


@pytest.mark.parametrize(
    "given",
    [{"clause": "nowhere"}, {"text": ""}, {"reason": " "}, {"text": "la Ville ouvre 1 rues aux enfants ;"}],
)
def test_an_amendment_that_says_nothing_is_refused(text, given):
    with pytest.raises(ValidationError):
        amended(text, **given)


def test_a_settled_text_is_no_longer_amended():
    with pytest.raises(ValidationError):
        amended(ProposalFactory(settled=True))


def test_a_refusal_is_explained_and_an_answer_is_final(text, secretary):
    amendment, other = amended(text), amended(text, clause="m2")
    with pytest.raises(ValidationError):
        amendment.refuse(by=secretary, reason=" ")
    with pytest.raises(ValidationError):
        amendment.merge(by=secretary, into=amendment)
    amendment.merge(by=secretary, into=other)
    with pytest.raises(TransitionRefused):
        amendment.withdraw(by=None)


def test_a_member_amends_and_the_rapporteur_answers_on_the_pages(
    client, text, member, rapporteur, django_capture_on_commit_callbacks
):
    client.force_login(member)
    form = {"sort": "replace", "clause": "m1", "text": "la Ville ouvre dix rues ;", "reason": "Dix."}
    client.post(url("amendment_add", text), form)
    amendment = text.amendments.get()
    assert client.post(url("amendment_accept", amendment), {"base": 1}).status_code == 403

    client.force_login(rapporteur)
    page = client.get(url("proposal_amendments", text))
    assertContains(page, "dix ")
    assertContains(client.get(amendment.get_absolute_url()), url("amendment_accept", amendment))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            url("amendment_accept", amendment),
            {"base": 1, "text": "la Ville ouvre douze rues ;", "answer": "Oui."},
        )

    assert "la Ville ouvre douze rues ;" in words_of(text)
    assert [letter.to for letter in mail.outbox] == [[member.email]]


def test_amendments_are_read_by_all_once_the_text_is_public(client, text, secretary):
    amendment = amended(text)
    assert client.get(amendment.get_absolute_url()).status_code == 404
    Proposal.objects.filter(pk=text.pk).update(state="transmitted", transmitted_at=clock.now())
    assert client.get(amendment.get_absolute_url()).status_code == 200


# remarks


def test_a_remark_stays_until_it_is_dealt_with(client, text, member, secretary):
    client.force_login(member)
    client.post(url("clauseremark_add", text), {"clause": "m1", "text": "Et le soir ?"})
    assertContains(client.get(url("proposal_amendments", text)), "Et le soir ?")
    remark = ClauseRemark.objects.get()

    client.force_login(secretary)
    client.post(url("clauseremark_settle", remark), {"answer": "Vu."})

    remark.refresh_from_db()
    assert (remark.state, remark.answer) == ("settled", "Vu.")


# opinions


def asked(text, **given):
    facts = {"department": "DVD", "due_on": clock.today() + timedelta(days=20), "sort": "opinion"}
    return Review.objects.refer(text, by=None, **facts | given)


def test_a_directorate_answers_in_its_own_account_and_its_words_are_taken_up(client, text, secretary):
    review = asked(text, clauses=["m1"])
    directorate = AppointmentFactory(role="department", organisation="DVD").user
    other = AppointmentFactory(role="department", organisation="DEVE").user
    client.force_login(other)
    assert client.get(url("review_answer", review)).status_code == 403

    client.force_login(directorate)
    answer = {
        "opinion": "reserved",
        "words": "Le budget est serré.",
        "proposed_0": "la Ville ouvre cinq rues ;",
    }
    blank = client.post(url("review_answer", review), answer | {"words": ""})
    assertContains(blank, "cinq rues")
    client.post(url("review_answer", review), answer)
    review.refresh_from_db()
    assert review.proposed == {"m1": "la Ville ouvre cinq rues ;"}

    client.force_login(secretary)
    assertContains(client.get(review.get_absolute_url()), "cinq")
    client.post(url("review_take_up", review), {"base": 1, "clause": "m1"})
    latest = text.latest
    assert ("la Ville ouvre cinq rues ;" in words_of(text), latest.author_kind) == (True, "department")


@pytest.mark.parametrize(
    "given",
    [{"due_on": clock.today()}, {"department": " "}, {"clauses": ["nowhere"]}],
)
def test_a_question_to_a_directorate_needs_a_name_a_day_and_clauses(text, given):
    with pytest.raises(ValidationError):
        asked(text, **given)


def test_a_directorate_is_asked_once_at_a_time_and_its_delay_is_seen(client, text, secretary):
    review = asked(text)
    with pytest.raises(ValidationError):
        asked(text)
    Review.objects.filter(pk=review.pk).update(due_on=clock.today() - timedelta(days=3))
    client.force_login(secretary)

    page = client.get(review.get_absolute_url())

    assertContains(page, "3")
    assert Review.objects.overdue().get() == review
    review.extend(by=secretary, due_on=clock.today() + timedelta(days=5), reason="Congés.")
    assert not Review.objects.overdue().exists()


def test_a_directorate_asked_finds_it_waiting(client, text):
    review = asked(text)
    client.force_login(AppointmentFactory(role="department", organisation="DVD").user)

    assertContains(client.get(reverse("my_space"), follow=True), review.get_absolute_url())


# the executive answers with another text


def test_a_counter_proposal_is_a_text_of_its_own_the_workshop_votes_or_sets_aside(secretary):
    text = ProposalFactory(workshop=a_workshop(3), transmitted=True)
    other = clauses.replace(wish(), "m1", "la Ville étudie l’ouverture d’une rue ;")
    with pytest.raises(ValidationError):
        text.counter_propose(by=None, reason="Autrement.", clauses=wish())

    bis = text.counter_propose(by=None, reason="Trop cher.", clauses=other)

    assert (text.state, bis.state, bis.origin) == ("countered", "co_drafted", text)
    assert [version.author_kind for version in bis.versions.all()] == ["members", "executive"]
    text.uphold(by=None, reason="Nos mots disent mieux.")
    bis.refresh_from_db()
    assert (text.state, bis.state) == ("transmitted", "abandoned")


def test_once_the_workshop_has_voted_the_counter_proposal_the_first_text_rests(secretary):
    text = ProposalFactory(workshop=a_workshop(3), transmitted=True)
    bis = text.counter_propose(by=None, reason="Trop cher.", clauses=wish(3))
    bis.settle(by=None)
    counted(bis.open_ballot(by=None, mode="hands"), [3, 0, 0], second=secretary)

    with pytest.raises(ValidationError):
        text.uphold(by=None, reason="Non.")


def test_the_executive_writes_its_text_clause_by_clause_on_the_page(client):
    text = ProposalFactory(workshop=a_workshop(3), transmitted=True)
    client.force_login(AppointmentFactory(role="executive").user)
    form = {f"text_{place}": row["text"] for place, row in enumerate(wish())}

    same = client.post(url("proposal_counter_propose", text), form | {"reason": "Autrement."})
    assertContains(same, "portez le texte")
    client.post(
        url("proposal_counter_propose", text),
        form | {"reason": "Autrement.", "more": "elle en fait le bilan."},
    )

    assert words_of(text.counter_proposals.get())[-1] == "elle en fait le bilan."


# the plenary


def test_where_the_cycle_says_so_the_plenary_votes_before_the_text_leaves(secretary):
    text = ProposalFactory(workshop=a_workshop(3), settled=True)
    text.cycle.plenary_votes_texts = True
    text.cycle.save()
    counted(text.open_ballot(by=secretary, mode="hands"), [3, 0, 0], second=secretary)
    text.refresh_from_db()
    with pytest.raises(ValidationError):
        text.transmit(by=secretary)

    counted(
        text.open_plenary_ballot(by=secretary, mode="secret", majority="two_thirds"), [2, 1, 0], second=None
    )

    text.refresh_from_db()
    assert text.state == "endorsed"
    text.transmit(by=secretary)


# a mandate reworded


def test_the_workshop_proposes_other_words_for_its_mandate_and_the_executive_answers(secretary):
    mandate = WorkingMandateFactory(workshop=a_workshop(3))
    say = Wording.objects.counter_propose
    wording = say(mandate, by=None, sentence="Proposer dix rues aux enfants", reason="Un chiffre engage.")
    declined = say(mandate, by=None, sentence="Proposer cent rues", reason="Plus.")

    wording.accept(by=None)
    declined.decline(by=None, reason="Trop.")

    mandate.refresh_from_db()
    assert mandate.sentence == "Proposer dix rues aux enfants"
    mandate.open_ballot(by=secretary, mode="hands")
    with pytest.raises(ValidationError):
        say(mandate, by=None, sentence="Autre", reason="Tard.")


# Word and the editor


def test_a_word_file_fills_the_editor_and_saves_nothing(client, text, secretary):
    client.force_login(secretary)
    rows = [
        clauses.clause("operative", "Le Conseil émet le vœu que"),
        clauses.clause("measure", "la Ville plante."),
    ]
    file = word.write({"title": "Vœu", "cycle": "C", "workshop": "A", "clauses": rows})

    page = client.post(
        url("proposal_save_version", text),
        {"do": "read", "base": 1, "file": SimpleUploadedFile("voeu.docx", file)},
    )
    assertContains(page, "la Ville plante.")
    bad = client.post(
        url("proposal_save_version", text),
        {"do": "read", "base": 1, "file": SimpleUploadedFile("voeu.docx", b"rien")},
    )
    assertContains(bad, "docx")
    assert text.versions.count() == 1


def test_a_clause_is_split_at_its_blank_line_and_joined_again(client, text, secretary):
    client.force_login(secretary)
    form = {"base": 1, "id": ["a", "b"], "kind": ["measure", "measure"], "text": ["un\r\n\r\ndeux", "trois"]}

    split = client.post(url("proposal_save_version", text), form | {"do": "split:0"})
    joined = client.post(url("proposal_save_version", text), form | {"do": "merge:0"})

    assert [row["text"] for row in split.context["clauses"]] == ["un", "deux", "trois"]
    assert [row["text"] for row in joined.context["clauses"]] == ["un\r\n\r\ndeux trois"]


@pytest.mark.parametrize(("name", "start"), [("proposal_word", b"PK"), ("proposal_akoma", b"<?xml")])
def test_a_public_text_is_taken_away_as_a_file(client, name, start):
    text = ProposalFactory(transmitted=True)

    response = client.get(url(name, text))

    assert response.content.startswith(start)
    assert "attachment" in response["Content-Disposition"]
    assert client.get(url(name, ProposalFactory())).status_code == 404
    assert client.get(url(name, text), {"version": "99"}).status_code == 404
    assert BytesIO(response.content).getbuffer().nbytes > 500


def test_a_text_under_writing_shows_no_way_to_amend_to_the_public(client):
    text = ProposalFactory(transmitted=True)

    assertNotContains(client.get(text.get_absolute_url()), url("amendment_add", text))
