"""Answers that came twice: nothing is overwritten before a person decides."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from assembly import clock
from assembly.factories import CategoryFactory, CriterionFactory
from assembly.models import Cycle, JournalEntry
from sortition import typing_in
from sortition.factories import (
    ContactFactory,
    DrawFactory,
    InvitationFactory,
    RecruitingFactory,
)
from sortition.models import Draft, SecondAnswer, TrialAnswer, Volunteer
from sortition.reactions import purge_drafts, wipe_trials
from sortition.tests.test_respond import YES, opened

pytestmark = pytest.mark.django_db

FACTS = {
    "gender": "F",
    "birth_date": date(1980, 3, 12),
    "district": "12",
    "diploma": "CAP",
    "email": "anne@exemple.invalid",
    "phone": "+33639980000",
    "needs": "",
    "availability": "yes",
}
PAPER = {
    "source": "paper",
    "received_on": str(clock.today()),
    "will": "yes",
    "gender": "F",
    "birth_date": "1980-03-12",
    "district": "12",
    "diploma": "BAC",
    "phone": "06 39 98 00 00",
    "consent": "on",
}


@pytest.fixture
def cycle():
    cycle = RecruitingFactory(response_until=clock.today() + timedelta(days=10))
    diploma = CriterionFactory(cycle=cycle, key="diploma", title="Diplôme", position=2)
    for key, title in (("CAP", "CAP ou BEP"), ("BAC", "Baccalauréat")):
        CategoryFactory(criterion=diploma, key=key, title=title)
    return cycle


@pytest.fixture
def letter(cycle):
    return InvitationFactory(sent=True, pool=cycle.pools.get(key="roll"))


@pytest.fixture
def staff(client, secretary):
    client.force_login(secretary)
    return client


def page(cycle, what):
    return f"/cycles/{cycle.number}/volontaires/{what}/"


# ---- interrupted


def test_what_was_typed_waits_for_its_code_and_is_forgotten_once_sent(client, letter):
    opened(client, letter).post(
        "/repondre/formulaire/", {"will": "yes", "district": "05", "email": "a@b.fr", "later": "1"}
    )
    client.post("/repondre/fin/")
    neighbour = opened(client, letter).get("/repondre/formulaire/")

    assert (neighbour.context["form"]["district"].value(), neighbour.context["form"]["email"].value()) == (
        "05",
        None,
    )
    client.post("/repondre/formulaire/", YES | {"diploma": "BAC"})
    assert not Draft.objects.exists()


def test_a_draft_is_kept_as_one_types_and_leaves_on_its_day(client, letter):
    assert (
        opened(client, letter).post("/repondre/brouillon/", {"will": "yes", "diploma": "BAC"}).status_code
        == 204
    )
    assert Draft.objects.get().kept == {"will": "yes", "diploma": "BAC"}
    with clock.at(clock.now() + timedelta(days=15)):
        purge_drafts()

    assert not Draft.objects.exists()


# ---- before the opening


def test_trials_count_nowhere_and_are_wiped_at_the_opening(
    staff, secretary, django_capture_on_commit_callbacks
):
    cycle = RecruitingFactory(state=Cycle.State.PREPARATION)
    address = f"/cycles/{cycle.number}/recrutement/essai/"

    staff.post(address, YES | {"pool": cycle.pools.get(key="roll").pk, "birth_date": "2015-01-01"})
    assert staff.get(address).context["trials"][0].obstacle == "age"
    cycle.open_recruitment(by=secretary)
    wipe_trials(cycle.entries.get(act="assembly.cycle.open_recruitment"))

    assert not TrialAnswer.objects.exists()
    assert not Volunteer.objects.exists()
    assert JournalEntry.objects.latest("pk").facts == {"deleted": 1}
    assert staff.post(address, YES | {"pool": cycle.pools.get(key="roll").pk}).status_code == 403


# ---- paper and telephone


def test_a_paper_answer_is_marked_with_its_source_and_who_typed_it(staff, letter, secretary):
    answer = staff.post(page(letter.cycle, "saisir"), PAPER | {"code": f" {letter.code.lower()} "})

    row = Volunteer.objects.get()
    assert (answer.status_code, row.source, row.typed_by, row.invitation) == (302, "paper", secretary, letter)
    assert row.contact.phone == "+33639980000"


def test_somebody_of_a_list_is_typed_without_a_letter_and_once(staff, cycle):
    young = {**PAPER, "birth_date": str(clock.today() - timedelta(days=17 * 365)), "diploma": "BAC"}
    young |= {"pool": cycle.pools.get(key="minors").pk, "last_name": "Petit", "first_name": "Lou"}

    for _ in range(2):
        staff.post(page(cycle, "saisir"), young)

    assert [(row.pool.key, row.is_minor) for row in Volunteer.objects.all()] == [("minors", True)]
    assert not SecondAnswer.objects.exists()


def test_paper_has_the_checks_of_the_page_and_may_be_typed_after_the_last_day(staff, letter):
    late = clock.now() + timedelta(days=12)
    with clock.at(late):
        refused = staff.post(
            page(letter.cycle, "saisir"), PAPER | {"code": letter.code, "received_on": str(clock.today())}
        )
        wrong = staff.post(
            page(letter.cycle, "saisir"), {**PAPER, "code": letter.code, "consent": "", "gender": ""}
        )
        staff.post(page(letter.cycle, "saisir"), PAPER | {"code": letter.code})

    assert "received_on" in refused.context["form"].errors
    assert {"consent", "gender"} <= set(wrong.context["form"].errors)
    assert Volunteer.objects.count() == 1


@pytest.mark.parametrize("stands", ["keep", "take"])
def test_paper_and_page_that_differ_are_shown_side_by_side_and_one_stands(staff, letter, secretary, stands):
    letter.volunteer(by=None, **FACTS)
    staff.post(page(letter.cycle, "saisir"), PAPER | {"code": letter.code})

    second, row = SecondAnswer.objects.get(), Volunteer.objects.get()
    shown = staff.get(page(letter.cycle, "a-decider")).content.decode()
    assert (second.differs, row.profile["diploma"]) == (["diploma"], "CAP")
    assert "CAP ou BEP" in shown
    assert "Baccalauréat" in shown
    staff.post(
        f"/reponses/{second.pk}/{ {'keep': 'garder', 'take': 'prendre'}[stands] }/", {"reason": "Rappelée."}
    )

    row.refresh_from_db()
    second.refresh_from_db()
    assert (row.profile["diploma"], second.facts) == ({"keep": "CAP", "take": "BAC"}[stands], {})
    assert not any(
        value in str(list(JournalEntry.objects.values_list("facts")))
        for value in ("BAC", "CAP", "1980", "anne@")
    )


def test_a_page_that_contradicts_paper_waits_and_tells_so(client, letter, secretary):
    letter.volunteer(by=secretary, **FACTS, source="paper")
    opened(client, letter).post("/repondre/formulaire/", YES | {"diploma": "BAC"})

    assert "secr" in client.get("/repondre/merci/").content.decode()
    assert Volunteer.objects.get().profile["diploma"] == "CAP"


def test_a_no_on_paper_after_a_yes_waits_and_frees_the_person_once_taken(letter, secretary):
    letter.volunteer(by=None, **FACTS)
    second = typing_in.for_letter(letter, None, by=secretary, source="paper", received_on=clock.today())
    letter.refresh_from_db()
    assert (letter.state, Volunteer.objects.get().state) == ("volunteered", "eligible")

    second.take(by=secretary, reason="Confirmé au téléphone.")

    letter.refresh_from_db()
    assert (letter.state, Volunteer.objects.get().state) == ("declined", "withdrawn")


def test_who_moves_is_corrected_before_the_freeze_and_not_after(letter, secretary):
    letter.volunteer(by=None, **FACTS)
    row = Volunteer.objects.get()

    row.correct(by=secretary, reason="A déménagé.", district="03")
    row.refresh_from_db()
    assert row.profile == {"gender": "F", "district": "PC", "diploma": "CAP"}
    assert not {"district", "diploma"} & set(JournalEntry.objects.latest("pk").facts)
    DrawFactory(cycle=letter.cycle, state="frozen", frozen_at=clock.now(), commitment="0" * 64)
    with pytest.raises(ValidationError):
        row.correct(by=secretary, reason="Encore.", district="12")


def test_age_counts_on_the_day_of_the_draw_and_eighteen_afterwards_changes_nothing(cycle, secretary):
    announced = clock.now() + timedelta(days=20)
    DrawFactory(cycle=cycle, state="announced", announced_for=announced)
    minors = cycle.pools.get(key="minors")
    day = announced.date().replace(year=announced.year - 18)

    for name, born in (("Avant", day - timedelta(days=1)), ("Apres", day + timedelta(days=2))):
        facts = FACTS | {"birth_date": born}
        contact = ContactFactory.build(cycle=None, last_name=name)
        typing_in.without_letter(
            minors, contact, facts, by=secretary, source="phone", received_on=clock.today()
        )

    assert list(Volunteer.objects.order_by("pk").values_list("obstacle", "is_minor")) == [
        ("age", False),
        ("", True),
    ]
