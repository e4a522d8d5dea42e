"""Days when something goes wrong: each gets a sentence, every word is kept, no act is half done."""

from datetime import date
from time import process_time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains

from assembly.factories import AppointmentFactory
from assembly.lifecycle import TransitionRefused
from deliberations.factories import MeasureFactory, ProposalFactory, RecommendationFactory, a_workshop
from deliberations.measures import long_text
from deliberations.models import YearlyReport
from workshops.factories import AttendanceFactory, MeetingFactory

pytestmark = pytest.mark.django_db


def url(name, row):
    return reverse(f"deliberations:{name}", args=[row.pk])


def test_a_vote_in_the_room_is_not_opened_without_its_quorum(client, secretary):
    workshop = a_workshop(4)
    text = ProposalFactory(workshop=workshop, settled=True)
    meeting = MeetingFactory(cycle=workshop.cycle, workshop=workshop)
    first, second, *_others = [row.member for row in workshop.enrolments.all()]
    AttendanceFactory(meeting=meeting, member=first, status="present")
    client.force_login(secretary)
    body = {"mode": "hands", "meeting": meeting.pk}

    page = client.post(url("proposal_open_ballot", text), body)

    assertContains(page, "Le quorum n’est pas atteint")
    assert not text.ballots.exists()
    AttendanceFactory(meeting=meeting, member=second, status="present")
    client.post(url("proposal_open_ballot", text), body)
    assert text.ballots.get().state == "open"


def test_a_text_withdrawn_after_filing_keeps_its_council_page_and_its_reason(client, secretary):
    text = ProposalFactory(filed=True)
    client.force_login(secretary)

    blank = client.post(url("proposal_withdraw", text), {"reason": "   "})
    client.post(url("proposal_withdraw", text), {"reason": "Repris dans le plan climat."})
    late = client.post(
        url("proposal_put_on_agenda", text), {"session_on": "2031-03-16", "number": "", "opinion": ""}
    )

    assert blank.context["form"].errors["reason"]
    assertContains(late, text.State.WITHDRAWN.label)
    client.logout()
    page = client.get(text.get_absolute_url())
    assertContains(page, "Repris dans le plan climat.")
    assertContains(page, text.council_item.committee)


def test_a_session_put_off_twice_keeps_each_day_and_lets_the_text_go_on(client, secretary):
    text = ProposalFactory(filed=True)
    for day in (date(2031, 3, 16), date(2031, 5, 20)):
        text.put_on_agenda(by=secretary, session_on=day, number="V. 12")
        text.decide(by=secretary, outcome="postponed", reason="Séance levée.")
    with pytest.raises(TransitionRefused):
        text.decide(by=secretary, outcome="adopted")
    text.put_on_agenda(by=secretary, session_on=date(2031, 7, 1))
    text.decide(by=secretary, outcome="adopted")

    page = client.get(text.get_absolute_url())

    for day in ("16\u00a0mars 2031", "20\u00a0mai 2031", "1er\u00a0juillet 2031"):
        assertContains(page, day)
    assert (text.council_item.session_on, text.council_item.number) == (date(2031, 7, 1), "V. 12")


def test_a_dropped_measure_takes_no_return_and_the_reason_it_was_dropped_stays(client, secretary):
    measure = MeasureFactory(owner="DVD")
    measure.give_return(by=secretary, state="dropped", words="Le terrain a été vendu.")
    client.force_login(secretary)

    page = client.post(url("measure_give_return", measure), {"state": "in_progress", "words": "On reprend."})

    assertContains(page, "On reprend.")
    assert page.context["form"].non_field_errors()
    assert [row.words for row in measure.returns.all()] == ["Le terrain a été vendu."]


def test_two_secretaries_write_one_foreword_and_no_word_is_lost(client, secretary):
    report = YearlyReport.objects.begin(by=secretary, year=2025, foreword="Une année de rues.")
    client.force_login(secretary)
    address = url("yearlyreport_edit", report)

    client.post(address, {"foreword": "Une année de rues ouvertes.", "version": 1})
    client.force_login(AppointmentFactory().user)
    late = client.post(address, {"foreword": "Une année de jardins.", "version": 1})

    assertContains(late, "Une année de jardins.")
    assert late.context["theirs"]
    client.post(address, {"foreword": "Une année de rues et de jardins.", "version": 2})
    page = client.get(report.get_absolute_url())
    assert [row.segments for row in page.context["earlier"]][-1] == [
        ("=", "Une année de "),
        ("-", "rues."),
        ("+", "rues ouvertes."),
    ]
    client.logout()
    report.refresh_from_db()
    assert report.foreword == "Une année de rues et de jardins."


def test_a_title_rewritten_is_told_with_the_words_it_had(client, secretary):
    text = ProposalFactory(title="Vœu relatif aux bancs", plain_summary="S’asseoir.")
    client.force_login(secretary)

    body = {"kind": "wish", "title": "Vœu relatif aux assises", "plain_summary": "S’asseoir.", "version": 1}
    client.post(url("proposal_edit", text), body)

    assertContains(client.get(text.get_absolute_url()), "Vœu relatif aux bancs")


def test_a_recommendation_is_reworded_until_it_is_handed_over(client, secretary):
    row = RecommendationFactory(workshop=a_workshop(1), text="Fermer une rue.")
    client.force_login(secretary)

    client.post(url("recommendation_reword", row), {"text": "Fermer deux rues."})
    row.refresh_from_db()
    row.hand_over(by=secretary)
    late = client.post(url("recommendation_reword", row), {"text": "Fermer trois rues."})

    row.refresh_from_db()
    assert row.text == "Fermer deux rues."
    assertContains(late, "Fermer trois rues.")


def test_the_articles_of_a_deliberation_are_followed_where_it_has_no_measure(secretary):
    rows = [{"id": f"a{number}", "kind": "article", "text": f"Article {number}."} for number in (1, 2)]
    text = ProposalFactory(adopted=True, kind="deliberation", words=rows)

    text.open_follow_up(by=secretary, owners={"a2": "DVD"})

    assert [(row.text, row.owner) for row in text.measures.order_by("number")] == [
        ("Article 1.", ""),
        ("Article 2.", "DVD"),
    ]


def test_a_version_says_from_which_session_it_comes(client, secretary):
    text = ProposalFactory(co_drafted=True)
    held = MeetingFactory(
        cycle=text.cycle, workshop=text.workshop, kind="codrafting", title="Avec la DVD", held=True
    )
    elsewhere = MeetingFactory(kind="codrafting", held=True)
    client.force_login(secretary)
    row = text.latest.clauses[0] | {"text": "Considérant la rue ;"}
    words = {"id": [row["id"]], "kind": [row["kind"]], "text": [row["text"]], "base": "1", "do": "save"}

    client.post(url("proposal_save_version", text), words | {"meeting": held.pk})

    assert text.latest.meeting == held
    assertContains(client.get(text.get_versions_url()), "Avec la DVD")
    with pytest.raises(ValidationError):
        text.save_version(
            by=secretary,
            base=2,
            clauses=text.latest.clauses[:0] + [row | {"text": "Autre."}],
            author_kind="members",
            meeting=elsewhere,
        )


def test_a_text_of_four_hundred_clauses_opens_is_compared_and_is_written(client, secretary):
    old, new = long_text()
    text = ProposalFactory(words=old)
    text.save_version(by=secretary, base=1, clauses=new, author_kind="members")
    client.force_login(secretary)
    pages = [text.get_absolute_url(), text.get_versions_url(), url("proposal_save_version", text)]

    began = process_time()
    answers = [client.get(address) for address in pages]

    assert process_time() - began < 4
    for answer in answers:
        assertContains(answer, "article 398.")
    fields = {name: [row[name] for row in new] for name in ("id", "kind", "text")}
    fields["text"][0] = "Un premier mot de plus."
    client.post(pages[-1], fields | {"base": "2", "do": "save"})
    assert (text.latest.number, len(text.latest.clauses)) == (3, len(new))
