"""Minutes: corrected by those who were there, approved by a plenary, sealed, followed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.documents import to_html
from assembly.factories import UserFactory
from assembly.lifecycle import TransitionRefused
from assembly.models import Document
from workshops.factories import (
    AttendanceFactory,
    DecisionFactory,
    EnrolmentFactory,
    MeetingFactory,
    MinutesFactory,
    PersonHeardFactory,
)
from workshops.models import Commitment, Correction, Minutes

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


@pytest.fixture
def minutes(secretary):
    """In review; one member was there, another was not."""
    meeting = MeetingFactory(held=True, title="Audition des jardiniers")
    AttendanceFactory(meeting=meeting, status="present")
    AttendanceFactory(meeting=meeting, status="absent")
    found = MinutesFactory(meeting=meeting, narrative="# Accueil\n\nOn a planté douze arbres.")
    found.submit(by=secretary)
    return found


@pytest.fixture
def witness(minutes):
    return minutes.meeting.attendances.get(status="present").member.user


def proposed(minutes, witness, passage="douze arbres", wording="treize arbres"):
    return Correction.objects.create(minutes=minutes, author=witness, passage=passage, wording=wording)


# Corrections -----------------------------------------------------------------


def test_who_was_there_proposes_a_correction(client, minutes, witness):
    client.force_login(witness)

    client.post(address("correction_add", minutes.pk), {"passage": "douze", "wording": "treize"})

    assert minutes.corrections.get().author == witness
    assertContains(client.get(minutes.get_absolute_url()), "treize")


def test_who_was_away_proposes_nothing(client, minutes):
    client.force_login(minutes.meeting.attendances.get(status="absent").member.user)

    assert client.get(address("correction_add", minutes.pk)).status_code == 403


def test_nothing_is_proposed_once_the_minutes_are_approved(client, secretary, minutes, witness):
    minutes.approve(by=secretary)
    client.force_login(witness)

    response = client.post(address("correction_add", minutes.pk), {"wording": "Trop tard."})

    assertContains(response, "Trop tard.")
    assert not minutes.corrections.exists()


def test_an_accepted_correction_takes_its_place_in_the_text(secretary, minutes, witness):
    proposed(minutes, witness).accept(by=secretary)

    minutes.refresh_from_db()
    assert minutes.narrative == "# Accueil\n\nOn a planté treize arbres."
    assert minutes.version == 2


@pytest.mark.parametrize("passage", ["", "vingt arbres", "a"])
def test_words_without_one_plain_place_are_left_to_the_writer(secretary, minutes, witness, passage):
    correction = proposed(minutes, witness, passage=passage)
    correction.accept(by=secretary)

    minutes.refresh_from_db()
    assert (minutes.narrative, correction.state) == ("# Accueil\n\nOn a planté douze arbres.", "accepted")


def test_a_refused_correction_says_why(secretary, minutes, witness):
    correction = proposed(minutes, witness)
    correction.refuse(by=secretary, reason="Le registre en compte douze.")

    assert correction.reason
    with pytest.raises(TransitionRefused):
        correction.accept(by=secretary)


def test_the_page_costs_the_same_however_many_corrections(client, secretary, minutes, witness):
    client.force_login(secretary)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(minutes.get_absolute_url())
        return len(captured)

    proposed(minutes, witness)
    cost()
    one = cost()
    for number in range(4):
        proposed(minutes, witness, wording=f"{number} arbres")
    assert cost() == one


def test_minutes_wait_for_the_answer_to_each_correction(secretary, minutes, witness):
    correction = proposed(minutes, witness)
    with pytest.raises(ValidationError, match="1 "):
        minutes.approve(by=secretary)

    correction.accept(by=secretary)
    minutes.approve(by=secretary)
    assert minutes.state == Minutes.State.APPROVED


def test_corrections_are_never_public(client, secretary, minutes, witness):
    correction = proposed(minutes, witness)
    correction.refuse(by=secretary, reason="Non.")
    for act in ("approve", "publish"):
        getattr(minutes, act)(by=secretary)

    assertNotContains(client.get(minutes.get_absolute_url()), "treize")
    assert not Correction.objects.visible_to(EnrolmentFactory().member.user).exists()
    assert Correction.objects.visible_to(witness).exists()


# Approval, and what comes after ----------------------------------------------


def test_the_next_plenary_approves_them_as_its_first_item(secretary, minutes):
    plenary = MeetingFactory(plenary=True, cycle=minutes.cycle, called=True, title="Plénière de juin")
    assert minutes.next_plenary == plenary
    with pytest.raises(ValidationError, match="Plénière de juin"):
        minutes.approve(by=secretary)

    with clock.at(plenary.starts_at + timedelta(minutes=5)):
        minutes.approve(by=secretary)

    assert minutes.approved_in == plenary
    assert minutes.content["approved_in"] == "Plénière de juin"


def test_a_corrected_version_stands_beside_the_old_one(client, secretary, minutes):
    for act in ("approve", "publish"):
        getattr(minutes, act)(by=secretary)
    first = minutes.document
    client.force_login(secretary)

    client.post(
        address("minutes_correct", minutes.pk),
        {"narrative": "Treize arbres.", "reason": "Une erreur de compte."},
    )

    minutes.refresh_from_db()
    client.logout()
    page = client.get(minutes.get_absolute_url())
    assert minutes.document != first
    assert minutes.earlier.get().document == first
    assertContains(page, "Treize arbres.")
    assertContains(page, "Une erreur de compte.")
    assertContains(client.get(first.get_absolute_url()), "douze arbres")
    assert "Une erreur de compte." in to_html(minutes.document)


def test_nothing_changed_is_nothing_published(secretary, minutes):
    for act in ("approve", "publish"):
        getattr(minutes, act)(by=secretary)

    with pytest.raises(ValidationError):
        minutes.correct(by=secretary, narrative=minutes.narrative, reason="Pour rien.")

    assert Document.objects.count() == 1


def test_a_preview_keeps_nothing(client, secretary, minutes):
    client.force_login(secretary)

    response = client.post(
        address("minutes_edit", minutes.pk), {"narrative": "**Vu**", "version": 1, "preview": "1"}
    )

    assertContains(response, "<strong>Vu</strong>")
    minutes.refresh_from_db()
    assert "douze" in minutes.narrative


# What is followed ------------------------------------------------------------


def test_a_commitment_is_followed_until_it_is_kept(client, secretary, minutes):
    person = PersonHeardFactory(meeting=minutes.meeting)
    client.force_login(secretary)
    client.post(
        address("commitment_add", minutes.meeting.pk),
        {"text": "Envoyer le plan.", "who": "DEVE", "due_on": "2020-01-01", "person": person.pk},
    )
    commitment = Commitment.objects.get()
    assert commitment.is_overdue
    assert list(Commitment.objects.overdue()) == [commitment]

    commitment.postpone(by=secretary, due_on=clock.today() + timedelta(days=9), reason="Un mois d’étude.")
    assert not commitment.is_overdue
    client.post(address("commitment_keep", commitment.pk), {"outcome": "Plan reçu le 3 mai."})

    commitment.refresh_from_db()
    assert (commitment.state, commitment.outcome) == ("kept", "Plan reçu le 3 mai.")
    with pytest.raises(TransitionRefused):
        commitment.drop(by=secretary, outcome="Non.")


def test_a_commitment_belongs_to_its_meeting(secretary, minutes):
    stranger = DecisionFactory()
    with pytest.raises(ValidationError):
        Commitment(meeting=minutes.meeting, decision=stranger, who="x", text="y").clean()


def test_commitments_are_public_with_the_minutes(client, secretary, minutes):
    person = PersonHeardFactory(meeting=minutes.meeting, name="Ulysse Nanterre", agrees=False)
    Commitment.objects.create(
        meeting=minutes.meeting, person=person, who="Ulysse Nanterre", text="Rendre les clés."
    )
    assertNotContains(client.get(address("commitment_list")), "Rendre les clés.")

    for act in ("approve", "publish"):
        getattr(minutes, act)(by=secretary)

    assertContains(client.get(address("commitment_list")), "Rendre les clés.")
    sheet = to_html(minutes.document)
    assert "Rendre les clés." in sheet
    assert "Ulysse Nanterre" not in sheet


def test_only_who_runs_the_workshop_follows(client, minutes, witness):
    for user in (witness, UserFactory()):
        client.force_login(user)
        assert client.get(address("commitment_add", minutes.meeting.pk)).status_code in (403, 404)
