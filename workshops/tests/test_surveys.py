"""Surveys: answered without names, counted, compared, and nothing left that leads back."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from assembly import clock
from assembly.factories import CycleFactory, MemberFactory, PoolFactory
from assembly.models import JournalEntry
from assembly.next_step import waiting_for
from workshops import results
from workshops.models import AnswerSheet, FreeAnswer, Participation, Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def members():
    pool = PoolFactory(cycle=CycleFactory())
    return MemberFactory.create_batch(7, pool=pool, seated=True)


def survey_of(members, secretary, moment="entry", *, opened=True):
    survey = Survey.objects.prepare(
        members[0].cycle, moment=moment, closes_on=clock.today() + timedelta(days=9), by=secretary
    )
    if opened:
        survey.open(by=secretary)
    return survey


def answered(members, secretary, marks, moment="entry", words=()):
    survey = survey_of(members, secretary, moment)
    for place, (member, mark) in enumerate(zip(members, marks, strict=False)):
        said = {"understand": mark} | ({"words": words[place]} if place < len(words) else {})
        survey.answer(by=member.user, answers=said, finished=True)
    survey.close(by=secretary)
    return survey


def test_a_member_answers_in_steps_comes_back_and_changes_their_mind(client, members, secretary):
    survey, member = survey_of(members, secretary), members[3]
    client.force_login(member.user)
    address = reverse("workshops:survey_answer", args=[survey.pk])

    first = client.post(address, {"understand": "2", "later": "1"})
    again = client.get(address).content.decode()
    client.post(address, {"understand": "4", "documents": "5"})
    themes = ["respect", "conditions", "influence", "you"]
    last = [
        client.post(f"{address}?theme={theme}", {"trust": "3"} if theme == "you" else {}) for theme in themes
    ][-1]

    assert first.url == reverse("my_space")
    assert 'value="2"' in again
    assert "checked" in again
    assert last.url == survey.get_absolute_url()
    assert survey.sheet_of(member).answers == {"understand": "4", "documents": "5", "trust": "3"}
    assert list(survey.participations.filter(answered=True).values_list("member", flat=True)) == [member.pk]


def test_what_is_open_waits_until_it_is_finished(members, secretary):
    survey, user = survey_of(members, secretary), members[0].user
    assert survey.get_answer_url() in waits_for(user)

    survey.answer(by=user, answers={}, finished=True)

    assert survey.get_answer_url() not in waits_for(user)


def waits_for(user):
    """As the next request would find it."""
    return [step.url for step in waiting_for(type(user).objects.get(pk=user.pk))]


def everything_kept():
    """{table: its rows as text} of the whole database."""
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            tables[table] = [[str(cell) for cell in row] for row in cursor.fetchall()]
    return tables


def test_no_row_links_a_person_to_their_answers(client, members, secretary):
    survey, member = survey_of(members, secretary), members[5]
    client.force_login(member.user)
    secret = "Les réunions commencent trop tôt pour moi"
    client.post(f"{reverse('workshops:survey_answer', args=[survey.pk])}?theme=you", {"words": secret})

    sheet = AnswerSheet.objects.get(answers__has_key="words")
    known = {str(sheet.pk), sheet.pk.hex, sheet.key}
    for table, rows in everything_kept().items():
        for row in rows:
            if table != AnswerSheet._meta.db_table:
                assert not known & set(row), table
                assert secret not in " ".join(row), table
    assert set(AnswerSheet._meta.get_fields()) == {
        AnswerSheet._meta.get_field(name) for name in ("id", "survey", "key", "answers")
    }
    assert {field.name for field in Participation._meta.get_fields()} == {
        "id",
        "survey",
        "member",
        "answered",
    }
    assert not any("Answer" in json.dumps(session.get_decoded()) for session in Session.objects.all())
    assert not JournalEntry.objects.filter(by=member.user).exists()
    assert AnswerSheet.objects.count() == Participation.objects.count() == 7


def test_blank_sheets_are_in_no_order_of_the_members(members, secretary):
    survey = survey_of(members + MemberFactory.create_batch(13, pool=members[0].pool, seated=True), secretary)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM workshops_answersheet")
        kept = [row[0] for row in cursor.fetchall()]

    asked = [survey.key_of(row.member) for row in survey.participations.order_by("pk")]

    assert sorted(kept) == sorted(asked)
    assert kept != asked


def test_closing_counts_and_destroys_the_sheets(members, secretary):
    words = ["Plus de temps", "", "Des chaises"]
    survey = answered(members, secretary, "5544433", words=words)

    assert (survey.asked, survey.answered) == (7, 7)
    assert survey.results["understand"] == {"5": 2, "4": 3, "3": 2}
    assert not AnswerSheet.objects.exists()
    assert sorted(survey.free_answers.values_list("text", flat=True)) == ["Des chaises", "Plus de temps"]
    with pytest.raises(ValidationError):
        survey.answer(by=members[0].user, answers={"understand": "1"})


def row(survey, key):
    survey = Survey.objects.get(pk=survey.pk)
    return next(
        one for theme in results.by_theme(survey) for one in theme["scales"] if one.question.key == key
    )


def test_small_counts_are_protected_and_the_average_says_no_more(members, secretary):
    one, two = (
        answered(members, secretary, marks, moment)
        for marks, moment in [("5555553", "entry"), ("5555533", "end")]
    )

    shown = [[cell["text"] for cell in row(survey, "understand").cells] for survey in (one, two)]

    assert shown == [["0", "0", "1–2", "0", "5–6"]] * 2
    assert row(one, "understand").average == row(two, "understand").average == 4.6


def test_four_answers_are_not_broken_down(members, secretary):
    found = row(answered(members[:4], secretary, "5432"), "understand")

    assert (found.number, found.cells, found.average) == (4, [], None)


def test_results_and_chosen_words_are_public_once_published(client, members, secretary):
    survey = answered(members, secretary, "5544433", words=["Merci à Mme Untel", "Des chaises"])
    thanks = FreeAnswer.objects.get(text__startswith="Merci")
    assert client.get(survey.get_absolute_url()).status_code == 404
    thanks.publish(by=secretary, text="Merci à l’équipe")
    assert not FreeAnswer.objects.visible_to(AnonymousUser()).exists()

    survey.publish(by=secretary)
    page = client.get(survey.get_absolute_url()).content.decode()

    assert "Merci à l’équipe" in page
    assert "Untel" not in page
    assert "chaises" not in page
    assert "Untel" not in str(list(JournalEntry.objects.values_list("facts", flat=True)))


def test_moments_are_compared_question_by_question(client, members, secretary):
    for moment, marks in [("entry", "3333333"), ("mid_term", "4444444")]:
        answered(members, secretary, marks, moment).publish(by=secretary)

    found = results.compared(Survey.objects.order_by("pk"))
    page = client.get(reverse("workshops:survey_list", args=[members[0].cycle.number]))

    information = found[0]["lines"]
    assert [series["values"] for series in information["series"] if "comprends" in series["label"]][0] == [
        3.0,
        4.0,
    ]
    assert page.status_code == 200


def test_the_secretariat_changes_the_questions_until_the_opening(client, members, secretary):
    survey = survey_of(members, secretary, opened=False)
    question = survey.questions.get(key="documents")
    client.force_login(secretary)
    address = reverse("workshops:surveyquestion_edit", args=[question.pk])
    fields = {
        "theme": "information",
        "kind": "choice",
        "text_fr": "A ?",
        "text_en": "A?",
        "position": 2,
        "version": 1,
    }

    refused = client.post(address, fields | {"choices_fr": "Oui\nNon", "choices_en": "Yes", "asked": "on"})
    client.post(address, fields | {"choices_fr": "Oui\nNon", "choices_en": "Yes\nNo", "asked": "on"})
    survey.open(by=secretary)
    too_late = client.post(
        address, fields | {"text_fr": "B ?", "choices_fr": "C\nD", "choices_en": "C\nD", "version": 2}
    )

    question.refresh_from_db()
    assert refused.status_code == too_late.status_code == 200
    assert (question.text_fr, question.options) == ("A ?", [("1", "Oui"), ("2", "Non")])
