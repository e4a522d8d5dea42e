"""A text before the Paris Council: sessions, amendments moved there, positions of the groups, official record."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from deliberations.factories import ProposalFactory, wish
from deliberations.models import GroupPosition

pytestmark = pytest.mark.django_db

AMENDMENT = {"number": "1", "mover": "Groupe A", "text": "Douze rues.", "outcome": "adopted"}


def url(name, row):
    return reverse(f"deliberations:proposal_{name}", args=[row.pk])


def rows(*groups, of=8):
    """What the form of the positions sends: one row each, the rest blank."""
    sent = {}
    for place in range(of):
        group, position, voices = groups[place] if place < len(groups) else ("", "", "")
        sent |= {f"group_{place}": group, f"position_{place}": position, f"voices_{place}": voices}
    return sent


def test_a_text_is_filed_attached_to_a_draft_deliberation(client, secretary):
    text = ProposalFactory(carried=True)
    client.force_login(secretary)

    client.post(url("file", text), {"committee": "3e Commission", "attached_to": "2026 DVD 12"})

    assert text.council_item.attached_to == "2026 DVD 12"
    assertContains(client.get(text.get_absolute_url()), "2026 DVD 12")


def test_a_session_postponed_keeps_its_history(client, secretary):
    text = ProposalFactory(filed=True)
    text.put_on_agenda(by=secretary, session_on=date(2026, 3, 17), number="V. 12")
    text.decide(by=secretary, outcome="postponed", reason="L’ordre du jour était trop long.")
    text.put_on_agenda(by=secretary, session_on=date(2026, 5, 19))

    page = client.get(text.get_absolute_url())

    assertContains(page, "17\u00a0mars 2026")
    assertContains(page, "L’ordre du jour était trop long.")
    assertContains(page, "19\u00a0mai 2026")
    assert (text.council_item.session_on, text.council_item.number) == (date(2026, 5, 19), "V. 12")


def test_the_secretariat_enters_an_amendment_moved_in_session(client, secretary):
    text = ProposalFactory(on_agenda=True)
    client.force_login(secretary)

    client.post(url("move_in_session", text), AMENDMENT)
    again = client.post(url("move_in_session", text), AMENDMENT)

    assert again.status_code == 200
    assertContains(again, "Douze rues.")
    assert text.council_item.amendments.get().mover == "Groupe A"
    client.logout()
    assertContains(client.get(text.get_absolute_url()), "Douze rues.")


def test_a_text_that_was_amended_is_not_adopted_as_it_was(secretary):
    text = ProposalFactory(on_agenda=True)
    text.move_in_session(by=secretary, **AMENDMENT)

    with pytest.raises(ValidationError):
        text.decide(by=secretary, outcome="adopted")

    text.save_version(by=secretary, base=1, clauses=wish(3), author_kind="council")
    text.decide(by=secretary, outcome="adopted_amended", reference="2026, V. 12")
    assert text.council_item.adopted_version.author_kind == "council"


def test_what_the_council_changed_is_marked_in_the_third_column(client, secretary):
    text = ProposalFactory(on_agenda=True)
    text.carried_version = text.voted_version
    text.save()
    words = [row | {"text": row["text"].replace("2 rues", "deux places")} for row in wish()]
    text.save_version(by=secretary, base=1, clauses=words, author_kind="council")
    text.decide(by=secretary, outcome="adopted_amended")

    rows = client.get(url("texts", text)).context["rows"]

    changed = [[bool(set(dict(cell["segments"])) & {"+", "-"}) for cell in row] for row in rows]
    assert changed == [[False] * 3, [False] * 3, [False] * 3, [False, False, True]]


def test_the_positions_of_the_groups_are_entered_row_by_row(client, secretary):
    text = ProposalFactory(on_agenda=True)
    client.force_login(secretary)

    client.post(
        url("enter_positions", text),
        rows(("Groupe A", "for", "61"), ("Groupe B", "against", "12"), ("Groupe C", "shared", "")),
    )

    page = client.get(text.get_absolute_url())
    assert page.context["council"]["tally"] == {"for": 61, "against": 12, "abstention": 0, "absent": 0}
    assert page.context["council"]["in_voices"]
    assertContains(page, "Groupe C")


def test_positions_entered_again_replace_those_before(client, secretary):
    text = ProposalFactory(on_agenda=True)
    text.enter_positions(
        by=secretary,
        positions=[{"group": "Groupe A", "position": "for"}, {"group": "Grupe B", "position": "for"}],
    )
    client.force_login(secretary)

    assertContains(client.get(url("enter_positions", text)), "Grupe B")
    client.post(url("enter_positions", text), rows(("Groupe A", "abstention", ""), ("Groupe B", "for", "")))

    positions = dict(text.council_item.positions.values_list("group", "position"))
    assert positions == {"Groupe A": "abstention", "Groupe B": "for"}
    page = client.get(text.get_absolute_url())
    assert page.context["council"]["tally"]["for"] == 1
    assert not page.context["council"]["in_voices"]


@pytest.mark.parametrize(
    "wrong",
    [
        [("", "for", "12")],
        [("Groupe A", "", "12")],
        [("Groupe A", "for", "-1")],
        [("Groupe A", "for", ""), ("groupe a", "against", "")],
        [],
    ],
)
def test_a_wrong_row_loses_nothing(client, secretary, wrong):
    text = ProposalFactory(on_agenda=True)
    client.force_login(secretary)

    page = client.post(
        url("enter_positions", text), rows(*wrong, ("Groupe Z", "for", "7")) if wrong else rows()
    )

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not GroupPosition.objects.exists()
    if wrong:
        assertContains(page, "Groupe Z")


def test_the_names_of_the_groups_come_from_the_session_before(client, secretary):
    before, text = ProposalFactory(rejected=True), ProposalFactory(on_agenda=True)
    before.enter_positions(by=secretary, positions=[{"group": "Groupe A", "position": "for"}])
    client.force_login(secretary)

    page = client.get(url("enter_positions", text))
    assertContains(page, "Groupe A")
    client.post(url("enter_positions", text), rows(("Groupe A", "", ""), ("Groupe B", "for", "")))

    assert text.council_item.positions.get().group == "Groupe B"


def test_the_official_record_is_cited_once_it_is_out(client, secretary):
    text = ProposalFactory(in_follow_up=True)
    client.force_login(secretary)

    client.post(url("cite", text), {"reference": "2026, V. 12", "link": "https://conseil.exemple.invalid/12"})

    client.logout()
    assertContains(client.get(text.get_absolute_url()), "https://conseil.exemple.invalid/12")


def test_a_text_outside_the_council_says_nothing_of_it(client):
    text = ProposalFactory(transmitted=True)

    assertNotContains(client.get(text.get_absolute_url()), 'id="council"')
