import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from assembly.factories import AppointmentFactory, UserFactory
from deliberations import clauses
from deliberations.factories import (
    BallotFactory,
    MeasureFactory,
    ProposalFactory,
    RecommendationFactory,
    ReturnFactory,
    VersionFactory,
    WorkingMandateFactory,
    a_workshop,
    counted,
    wish,
)
from deliberations.models import Ballot, Proposal, Version
from deliberations.views import in_one_order
from workshops.factories import WorkshopFactory

pytestmark = pytest.mark.django_db


def url(name, row):
    return reverse(f"deliberations:{name}", args=[row.pk])


def member_of(workshop):
    return workshop.enrolments.first().member.user


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries)


# what the public reads


def test_the_public_reads_a_text_its_votes_and_its_measures(client):
    text = ProposalFactory(in_follow_up=True, title="Vœu relatif aux bancs")
    BallotFactory(proposal=text, closed=True)
    MeasureFactory(proposal=text, number=1, text="Poser cent bancs.", overdue=True)

    response = client.get(text.get_absolute_url())

    assertContains(response, "Vœu relatif aux bancs")
    assertContains(response, "Poser cent bancs.")
    assertContains(response, "20")


def test_a_draft_is_a_404_for_the_public_and_for_other_workshops(client):
    text = ProposalFactory(settled=True)
    stranger = member_of(a_workshop(1))

    for name in ["proposal_detail", "proposal_versions", "proposal_texts"]:
        assert client.get(url(name, text)).status_code == 404
    client.force_login(stranger)
    for name in ["proposal_detail", "proposal_save_version", "proposal_edit", "proposal_settle"]:
        assert client.get(url(name, text)).status_code == 404


def test_a_draft_is_read_by_its_workshop(client):
    workshop = a_workshop(1)
    client.force_login(member_of(workshop))

    response = client.get(ProposalFactory(workshop=workshop).get_absolute_url())

    assertContains(response, "Considérant que la rue")


def test_departments_read_a_text_once_they_are_asked(client, appointed):
    client.force_login(appointed("department", organisation="DVD"))

    assert client.get(ProposalFactory().get_absolute_url()).status_code == 404
    assert client.get(ProposalFactory(in_review=True).get_absolute_url()).status_code == 200


def test_the_public_list_shows_what_was_transmitted_and_nothing_else(client):
    ProposalFactory(transmitted=True, title="Vœu public")
    ProposalFactory(voted=True, title="Vœu encore gardé")

    response = client.get(reverse("deliberations:proposal_list"))

    assertContains(response, "Vœu public")
    assertNotContains(response, "Vœu encore gardé")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"q": "banc"}, {"Des bancs"}),
        ({"kind": "deliberation"}, {"Des bancs"}),
        ({"stage": "stopped"}, {"Des arbres"}),
        ({"stage": "nonsense"}, {"Des bancs", "Des arbres"}),
    ],
)
def test_the_list_is_narrowed(client, query, titles):
    ProposalFactory(transmitted=True, title="Des bancs", kind="deliberation")
    ProposalFactory(refused=True, title="Des arbres")

    response = client.get(reverse("deliberations:proposal_list"), query)

    assert {text.title for text in response.context["object_list"]} == titles


def test_overdue_measures_are_seen_by_all_and_can_be_asked_for(client):
    MeasureFactory(text="En retard", overdue=True)
    MeasureFactory(text="À l’heure")

    everything = client.get(reverse("deliberations:measure_list"))
    late = client.get(reverse("deliberations:measure_list"), {"overdue": "on"})

    assert everything.context["figures"]["overdue"] == 1
    assertContains(everything, "À l’heure")
    assertContains(late, "En retard")
    assertNotContains(late, "À l’heure")


def test_a_measure_shows_its_returns(client):
    given = ReturnFactory(words="Trente bancs sont posés.")

    assertContains(client.get(given.measure.get_absolute_url()), "Trente bancs sont posés.")


def test_the_reasons_of_a_refusal_are_public(client):
    text = ProposalFactory(refused=True, refusal="La Ville n’a pas cette compétence.")

    assertContains(client.get(text.get_absolute_url()), "La Ville n’a pas cette compétence.")


def test_two_versions_are_compared_word_by_word(client):
    text = ProposalFactory(transmitted=True)
    VersionFactory(
        proposal=text, clauses=[*wish()[:3], clauses.clause("measure", "la Ville ouvre dix rues ;", "m2")]
    )

    response = client.get(text.get_versions_url(), {"de": "1", "a": "2"})

    assertContains(response, "<del>")
    assertContains(response, "<ins>")


def test_three_texts_stand_side_by_side(client):
    text = ProposalFactory(adopted=True)
    later = VersionFactory(
        proposal=text, author_kind="council", clauses=[clauses.clause("measure", "une rue", "m1")]
    )
    text.council_item.adopted_version = later
    text.council_item.save()

    response = client.get(url("proposal_texts", text))

    assert len(response.context["texts"]) == 2
    assert len(response.context["rows"]) == 4


def test_a_clause_added_on_the_way_stands_where_it_was_added():
    texts = [dict.fromkeys("ab"), dict.fromkeys("axb"), dict.fromkeys("yabz")]

    assert in_one_order(texts) == ["y", "a", "x", "b", "z"]


def test_a_proposed_mandate_is_not_public_yet(client):
    mandate = WorkingMandateFactory()

    assert client.get(mandate.get_absolute_url()).status_code == 404
    client.force_login(member_of(a_workshop_like(mandate.workshop)))
    assert client.get(mandate.get_absolute_url()).status_code == 200


def a_workshop_like(workshop):
    from workshops.factories import EnrolmentFactory

    EnrolmentFactory(workshop=workshop)
    return workshop


def test_recommendations_are_public_once_handed_over(client, secretary):
    workshop = a_workshop(1)
    kept, given = (
        RecommendationFactory(workshop=workshop, text="Gardée"),
        RecommendationFactory(workshop=workshop, text="Remise"),
    )
    given.hand_over(by=secretary)

    response = client.get(url("recommendation_list", workshop))

    assertContains(response, "Remise")
    assertNotContains(response, kept.text)


# writing


def sent(rows, **more):
    return {
        "id": [row["id"] for row in rows],
        "kind": [row["kind"] for row in rows],
        "text": [row["text"] for row in rows],
        **more,
    }


@pytest.fixture
def draft(client):
    workshop = a_workshop(1)
    client.force_login(member_of(workshop))
    return ProposalFactory(workshop=workshop)


def test_saving_makes_a_new_version(client, draft):
    words = [*wish(), clauses.clause("measure", "une troisième.", "m3")]

    response = client.post(
        url("proposal_save_version", draft), sent(words, base="1", do="save", note="plus loin")
    )

    assertRedirects(response, draft.get_absolute_url(), fetch_redirect_response=False)
    latest = draft.latest
    assert (latest.number, latest.note, latest.clauses) == (2, "plus loin", words)


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("up:1", ["c2", "c1", "m1", "m2"]),
        ("down:0", ["c2", "c1", "m1", "m2"]),
        ("up:0", ["c1", "c2", "m1", "m2"]),
        ("down:99", ["c1", "c2", "m1", "m2"]),
        ("delete:1", ["c1", "m1", "m2"]),
        ("nonsense", ["c1", "c2", "m1", "m2"]),
    ],
)
def test_buttons_rearrange_the_page_and_save_nothing(client, draft, button, order):
    words = wish()
    words[0]["text"] = "Des mots qui ne sont pas encore gardés"

    response = client.post(url("proposal_save_version", draft), sent(words, base="1", do=button))

    assert [row["id"] for row in response.context["clauses"]] == order
    assertContains(response, "Des mots qui ne sont pas encore gardés")
    assert draft.versions.count() == 1


def test_a_clause_is_added_where_one_is_writing(client, draft):
    response = client.post(url("proposal_save_version", draft), sent(wish(), base="1", do="add:0"))

    rows = response.context["clauses"]
    assert [row["text"] == "" for row in rows] == [False, True, False, False, False]
    assert response.context["focus"] == 1


def test_an_older_base_is_refused_and_both_texts_are_shown(client, draft, secretary):
    draft.save_version(by=secretary, base=1, clauses=[clauses.clause("measure", "Leurs mots.", "m1")])

    response = client.post(
        url("proposal_save_version", draft),
        sent([clauses.clause("measure", "Mes mots.", "m1")], base="1", do="save"),
    )

    assertContains(response, "Mes mots.")
    assertContains(response, "Leurs")
    assert response.context["base"] == 2
    assert draft.versions.count() == 2


def test_the_same_words_sent_twice_are_one_version(client, draft):
    words = sent([*wish(), clauses.clause("measure", "une troisième.", "m3")], base="1", do="save")

    client.post(url("proposal_save_version", draft), words)
    response = client.post(url("proposal_save_version", draft), words)

    assertRedirects(response, draft.get_absolute_url(), fetch_redirect_response=False)
    assert draft.versions.count() == 2


def test_a_settled_text_takes_no_word_and_says_so(client, secretary):
    text = ProposalFactory(settled=True)
    client.force_login(secretary)

    page = client.get(url("proposal_save_version", text))
    response = client.post(url("proposal_save_version", text), sent(wish(1), base="1", do="save"))

    assert page.context["too_late"]
    assert text.versions.count() == 1
    assert response.context["errors"]


@pytest.mark.parametrize(
    "body", [{}, {"base": "x", "do": "save"}, {"id": "a" * 99, "kind": "?", "text": "\x00", "do": "save"}]
)
def test_nonsense_sent_to_the_editor_gets_a_page(client, draft, body):
    assert client.post(url("proposal_save_version", draft), body).status_code == 200


def test_only_the_secretariat_chooses_in_whose_name(client, draft):
    draft.send_to_review(by=None)
    words = sent([*wish(), clauses.clause("measure", "une troisième.", "m3")], base="1", do="save")

    client.post(url("proposal_save_version", draft), words | {"author_kind": "executive"})

    assert draft.latest.author_kind == Version.AuthorKind.MEMBERS


def test_a_member_drafts_a_text(client):
    workshop = a_workshop(1)
    client.force_login(member_of(workshop))
    address = url("proposal_add", workshop)

    once = client.get(address).context["once"]
    body = {
        "kind": "wish",
        "title": "Vœu relatif aux bancs",
        "plain_summary": "S’asseoir.",
        "once": str(once),
    }
    client.post(address, body)
    response = client.post(address, body)

    text = Proposal.objects.get()
    assertRedirects(response, url("proposal_save_version", text))


# voting


def test_a_member_votes_on_the_page_and_changes_their_mind(client, secretary):
    workshop = a_workshop(2)
    text = ProposalFactory(workshop=workshop, settled=True)
    ballot = text.open_ballot(by=secretary, mode=Ballot.Mode.ONLINE)
    client.force_login(member_of(workshop))

    assertContains(client.get(ballot.get_absolute_url()), 'name="choice"')
    for choice in ["against", "for"]:
        response = client.post(url("ballot_cast", ballot), {"choice": choice})
        assertRedirects(response, ballot.get_absolute_url(), fetch_redirect_response=False)
    ballot.close(by=secretary)

    assert (ballot.votes_for, ballot.votes_against, ballot.not_voting) == (1, 0, 1)


def test_nobody_votes_without_a_paper(client, secretary):
    workshop = a_workshop(1)
    text = ProposalFactory(workshop=workshop, settled=True)
    ballot = text.open_ballot(by=secretary, mode=Ballot.Mode.ONLINE)
    client.force_login(secretary)

    assert client.get(ballot.get_absolute_url()).status_code == 200
    assert client.post(url("ballot_cast", ballot), {"choice": "for"}).status_code == 403


def test_a_show_of_hands_is_entered_on_the_page(client, secretary):
    workshop = a_workshop(3)
    text = ProposalFactory(workshop=workshop, settled=True)
    client.force_login(secretary)

    response = client.post(url("proposal_open_ballot", text), {"mode": "hands"})
    ballot = text.ballots.get()
    assertRedirects(response, ballot.get_absolute_url())
    too_many = client.post(
        url("ballot_close", ballot), {"votes_for": 9, "votes_against": 0, "abstentions": 0}
    )
    assertContains(too_many, "9")
    figures = {"votes_for": 2, "votes_against": 1, "abstentions": 0}
    alone = client.post(url("ballot_close", ballot), figures)
    assertContains(alone, "Une première personne saisit le décompte")
    client.post(url("ballot_count", ballot), figures)
    twice = client.post(url("ballot_close", ballot), figures)
    assertContains(twice, "une autre personne saisit le second")

    other = AppointmentFactory(role="secretariat").user
    client.force_login(other)
    differing = client.post(url("ballot_close", ballot), figures | {"votes_for": 3, "votes_against": 0})
    assertContains(differing, "Les deux décomptes diffèrent")
    client.post(url("ballot_close", ballot), figures)

    text.refresh_from_db()
    assert text.state == Proposal.State.VOTED


def test_the_minority_leaves_a_note_that_goes_with_the_text(client, secretary):
    workshop = a_workshop(4)
    text = ProposalFactory(workshop=workshop, settled=True)
    ballot = counted(text.open_ballot(by=secretary, mode="secret"), [3, 1, 0], second=secretary)
    client.force_login(member_of(workshop))

    client.post(url("ballot_attach_minority_note", ballot), {"text": "Trop tôt pour les terrasses."})
    again = client.post(url("ballot_attach_minority_note", ballot), {"text": "Encore."})

    assertContains(again, "a déjà sa note")
    assertContains(client.get(ballot.get_absolute_url()), "Trop tôt pour les terrasses.")


# every page opens


def test_the_secretariat_sees_the_board(client, secretary):
    text = ProposalFactory(settled=True, title="Vœu sur le tableau")
    client.force_login(secretary)

    assertContains(client.get(reverse("deliberations:proposal_board")), text.title)


def test_the_board_is_for_those_who_are_appointed(client):
    client.force_login(UserFactory())

    assert client.get(reverse("deliberations:proposal_board")).status_code == 403


@pytest.mark.parametrize(
    ("situation", "acts"),
    [
        ({}, ["send_to_review", "edit", "save_version"]),
        ({"in_review": True}, ["co_draft"]),
        ({"co_drafted": True}, ["settle"]),
        ({"settled": True}, ["open_ballot", "take_up_again"]),
        ({"voted": True}, ["transmit"]),
        ({"carried": True}, ["file", "withdraw"]),
        ({"filed": True}, ["put_on_agenda"]),
        ({"on_agenda": True}, ["decide"]),
        ({"adopted": True}, ["open_follow_up"]),
        ({"in_follow_up": True}, ["close"]),
    ],
)
def test_the_page_leads_to_the_next_act(client, secretary, situation, acts):
    text = ProposalFactory(**situation)
    client.force_login(secretary)

    response = client.get(text.get_absolute_url())

    for act in acts:
        assertContains(response, url(f"proposal_{act}", text))
        assert client.get(url(f"proposal_{act}", text)).status_code == 200


def test_the_executive_proposes_a_mandate(client, appointed):
    workshop = WorkshopFactory()
    client.force_login(appointed("executive"))

    response = client.post(
        url("workingmandate_add", workshop),
        {
            "sentence": "Proposer des bancs",
            "context": "Le carnet.",
            "expected_product": "Un vœu.",
            "deputy_mayor": "Adjointe",
            "directorate": "DVD",
        },
    )

    mandate = workshop.mandates.get()
    assertRedirects(response, mandate.get_absolute_url())
    assertContains(client.get(url("workingmandate_edit", mandate)), "Proposer des bancs")
    assert client.get(reverse("deliberations:workingmandate_list")).status_code == 200


def test_the_directorate_gives_its_return_in_its_own_account(client, appointed):
    measure = MeasureFactory(owner="DVD", overdue=True)
    client.force_login(appointed("department", organisation="dvd"))

    assertContains(client.get(measure.get_absolute_url()), url("measure_give_return", measure))
    client.post(url("measure_give_return", measure), {"state": "in_progress", "words": "Dix bancs."})

    measure.refresh_from_db()
    assert (measure.state, measure.is_overdue) == ("in_progress", False)


def test_another_directorate_does_not_answer(client, appointed):
    measure = MeasureFactory(owner="DVD")
    client.force_login(appointed("department", organisation="DAC"))

    assert client.get(url("measure_give_return", measure)).status_code == 403


def test_follow_up_names_a_directorate_for_each_measure(client, secretary):
    text = ProposalFactory(adopted=True)
    client.force_login(secretary)

    client.post(url("proposal_open_follow_up", text), {"owner_1": "DVD", "owner_2": "DAC"})

    assert list(text.measures.values_list("number", "owner")) == [(1, "DVD"), (2, "DAC")]


# what pages cost


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("proposal_list", lambda: ProposalFactory(transmitted=True)),
        ("proposal_board", lambda: ProposalFactory(settled=True)),
        ("measure_list", MeasureFactory),
        ("workingmandate_list", lambda: WorkingMandateFactory(adopted=True)),
    ],
)
def test_lists_cost_the_same_however_long(client, secretary, address, make):
    client.force_login(secretary)
    make()
    one = cost(client, reverse(f"deliberations:{address}"))
    for _ in range(24):
        make()

    assert one == cost(client, reverse(f"deliberations:{address}")) <= 10


def test_a_text_costs_the_same_whatever_became_of_it(client):
    workshop = a_workshop(1)
    client.force_login(member_of(workshop))
    short, long = (
        ProposalFactory(workshop=workshop, in_follow_up=True),
        ProposalFactory(workshop=workshop, in_follow_up=True),
    )
    for number in range(1, 20):
        MeasureFactory(proposal=long, number=number).give_return(
            by=None, state="in_progress", words="Encore."
        )
        VersionFactory(proposal=long)
        BallotFactory(proposal=long, closed=True)

    client.get(short.get_absolute_url())
    assert cost(client, short.get_absolute_url()) == cost(client, long.get_absolute_url()) <= 12
