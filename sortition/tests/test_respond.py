from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from assembly import clock
from assembly.factories import CategoryFactory, CriterionFactory
from assembly.models import JournalEntry
from sortition import codes
from sortition.factories import DrawFactory, InvitationFactory, RecruitingFactory
from sortition.models import Contact, Invitation, Volunteer

pytestmark = pytest.mark.django_db

YES = {
    "will": "yes",
    "gender": "F",
    "birth_date": "1980-03-12",
    "district": "12",
    "email": "anne@exemple.invalid",
    "phone": "06 39 98 00 00",
    "needs": "rampe",
    "consent": "on",
}


@pytest.fixture
def letter():
    cycle = RecruitingFactory(response_until=clock.today() + timedelta(days=10))
    return InvitationFactory(sent=True, pool=cycle.pools.get(key="roll"))


def opened(client, letter):
    answer = client.post("/repondre/", {"code": letter.code})
    assert answer.url == "/repondre/formulaire/"
    return client


@pytest.mark.parametrize("typed", ["{}", " {} ", "ACP-{}"])
def test_the_code_is_forgiven_its_spelling(client, letter, typed):
    text = typed.format(letter.code).lower().replace("-", " ")

    assert client.post("/repondre/", {"code": text}).url == "/repondre/formulaire/"


def test_a_wrong_code_and_a_letter_not_sent_get_the_same_sentence(client, letter):
    drawn = InvitationFactory(pool=letter.pool)

    pages = [client.post("/repondre/", {"code": code}) for code in (codes.fresh(), drawn.code, "zz")]

    assert len({str(page.context["form"].errors["code"]) for page in pages}) == 1
    assert client.get("/repondre/formulaire/").url == "/repondre/"


def test_codes_cannot_be_tried_for_ever(client, letter):
    for _ in range(30):
        client.post("/repondre/", {"code": codes.fresh()})

    assert client.post("/repondre/", {"code": letter.code}).status_code == 429


def test_saying_yes_makes_an_eligible_volunteer_whose_name_stays_out_of_the_journal(client, letter):
    answer = opened(client, letter).post("/repondre/formulaire/", YES)

    volunteer = Volunteer.objects.get()
    assert answer.url == "/repondre/merci/"
    assert (volunteer.state, volunteer.profile) == ("eligible", {"gender": "F", "district": "12"})
    assert (volunteer.contact.email, volunteer.contact.phone) == ("anne@exemple.invalid", "+33639980000")
    assert volunteer.pseudonym in client.get("/repondre/merci/").content.decode()
    entry = JournalEntry.objects.about(letter).get()
    assert entry.facts == {"was": "sent", "now": "volunteered"}
    assert letter.code not in entry.label


def test_an_answer_can_be_changed_and_stays_one_answer(client, letter):
    opened(client, letter)
    for change in ({}, {}, {"district": "03", "gender": "M"}):
        client.post("/repondre/formulaire/", YES | change)

    assert Volunteer.objects.get().profile == {"gender": "H", "district": "PC"}
    assert Contact.objects.count() == 1


def test_saying_no_after_yes_forgets_the_answer(client, letter):
    opened(client, letter).post("/repondre/formulaire/", YES)
    client.post("/repondre/formulaire/", {"will": "no"})

    letter.refresh_from_db()
    assert letter.state == Invitation.State.DECLINED
    assert not Volunteer.objects.exists()
    assert letter.contact.email == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"birth_date": str(clock.today() - timedelta(days=365 * 15))}, "age"),
        ({"district": "07"}, "incomplete"),
    ],
)
def test_who_may_not_be_drawn_is_told_why(client, letter, change, reason):
    opened(client, letter).post("/repondre/formulaire/", YES | change)

    volunteer = Volunteer.objects.get()
    assert (volunteer.state, volunteer.obstacle) == ("ineligible", reason)
    assert str(volunteer.obstacle_sentence) in client.get("/repondre/merci/").content.decode()


@pytest.mark.parametrize("missing", ["gender", "birth_date", "district", "email", "consent"])
def test_yes_needs_every_answer(client, letter, missing):
    page = opened(client, letter).post(
        "/repondre/formulaire/", YES | {missing: ""} if missing != "consent" else {**YES, "consent": ""}
    )

    assert missing in page.context["form"].errors
    assert not Volunteer.objects.exists()


def test_the_diploma_is_asked_when_the_cycle_counts_it(client, letter):
    criterion = CriterionFactory(cycle=letter.cycle, key="diploma", title="Diplôme")
    CategoryFactory(criterion=criterion, key="BAC", title="Baccalauréat")

    opened(client, letter).post("/repondre/formulaire/", YES | {"diploma": "BAC"})

    assert Volunteer.objects.get().profile["diploma"] == "BAC"


def test_answers_close_on_their_day(client, letter):
    opened(client, letter)
    with clock.at(clock.now() + timedelta(days=11)):
        page = client.post("/repondre/formulaire/", YES)

    assert page.context["form"].non_field_errors()
    assert not Volunteer.objects.exists()


def test_nobody_enters_a_frozen_pool(letter):
    DrawFactory(cycle=letter.cycle, state="frozen", frozen_at=clock.now(), commitment="0" * 64)

    with pytest.raises(ValidationError):
        letter.volunteer(
            by=None,
            gender="F",
            birth_date=date(1980, 1, 1),
            district="12",
            diploma="",
            email="a@exemple.invalid",
        )


def test_the_same_person_does_not_volunteer_by_two_letters(letter):
    other = InvitationFactory(sent=True, pool=letter.pool, contact__last_name=letter.contact.last_name)
    facts = {
        "gender": "F",
        "birth_date": date(1980, 3, 12),
        "district": "12",
        "diploma": "",
        "email": "a@exemple.invalid",
    }
    letter.volunteer(by=None, **facts)

    with pytest.raises(ValidationError):
        other.volunteer(by=None, **facts)


def test_codes_are_readable_aloud():
    made = codes.several(500)

    assert len(set(made)) == 500
    assert not set("".join(made)) & set("OILU")
    assert all(codes.normalised(code.lower()) == code for code in made)


def test_returned_letters_are_marked_by_their_code(client, letter, secretary):
    client.force_login(secretary)

    client.post(
        f"/cycles/{letter.cycle.number}/recrutement/retours/",
        {"what": "come_back", "codes": f"{letter.code}\n{letter.code}\n"},
    )

    letter.refresh_from_db()
    assert letter.state == Invitation.State.UNDELIVERED


def test_when_codes_are_guessed_from_everywhere_each_address_is_heard_less(client, letter):
    cache.set("respond:everywhere", 2000)
    for _ in range(3):
        client.post("/repondre/", {"code": codes.fresh()})

    assert client.post("/repondre/", {"code": letter.code}).status_code == 429
    assert client.post("/repondre/", {"code": letter.code}, REMOTE_ADDR="10.0.0.9").status_code == 302
