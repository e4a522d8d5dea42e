"""While answers come in: who answers, who does not, and whether a panel could be drawn."""

import pytest

from assembly.models import Category, Job
from sortition.factories import InvitationFactory, RecruitingFactory, VolunteerFactory, crowd
from sortition.models import Forecast, Invitation, Volunteer
from sortition.responses import Responses

pytestmark = pytest.mark.django_db
State = Invitation.State


@pytest.fixture
def cycle():
    return RecruitingFactory()


@pytest.fixture
def roll(cycle):
    return cycle.pools.get(key="roll")


def letters(pool, state, number=1, **stratum):
    return InvitationFactory.create_batch(number, pool=pool, state=state, **stratum)


def test_the_response_rate_of_a_stratum_leaves_out_what_the_post_returned(cycle, roll):
    letters(roll, State.SENT, 3, sex="F")
    letters(roll, State.UNDELIVERED, 2, sex="F")
    letters(roll, State.DECLINED, 1, sex="F", district="02")
    answered = letters(roll, State.VOLUNTEERED, 1, sex="M", district="02")[0]
    VolunteerFactory(pool=roll, invitation=answered, profile={"gender": "H", "district": "PC"})

    gender, district = Responses(cycle).criteria()

    women, men = gender["rows"]
    assert (women["letters"], women["delivered"], women["answers"], women["rate"]) == (6, 4, 1, 0.25)
    assert (men["rate"], men["volunteers"], men["eligible"]) == (1.0, 1, 1)
    assert [(row["key"], row["letters"]) for row in district["rows"]] == [("PC", 2), ("12", 5)]


def test_what_a_panel_still_needs_is_said_in_plain_words_and_again_when_an_answer_comes(
    cycle, roll, secretary, client, work
):
    crowd(cycle, roll=16, others=3, minors=4)
    Volunteer.objects.filter(pool=roll, profile__gender="F").delete()
    client.force_login(secretary)
    address = f"/en/cycles/{cycle.number}/recrutement/"

    client.get(address)
    work(Job.objects.get(kind="forecast").key)
    page = client.get(address)
    pools = {str(row["pool"]): row for row in page.context["forecast"]["pools"]}

    assert pools["Mineurs"]["possible"]
    assert pools["Listes électorales"]["sentences"] == ["4 more people are needed: Genre, Femmes."]
    VolunteerFactory(pool=roll, profile={"gender": "F", "district": "12"})
    client.get(address)
    work(Job.objects.filter(kind="forecast").latest("pk").key)
    again = client.get(address).content.decode()
    assert "3 more people are needed: Genre, Femmes." in again
    assert Forecast.objects.count() == 1


def test_the_page_of_rates_costs_the_same_however_many_answer(
    cycle, secretary, client, django_assert_max_num_queries
):
    crowd(cycle)
    client.force_login(secretary)

    with django_assert_max_num_queries(12):
        page = client.get(f"/cycles/{cycle.number}/recrutement/reponses/")

    assert page.context["volunteers"] == {"PC": 32, "12": 28}


def test_reminders_take_out_the_silent_letters_of_a_district_and_are_recorded(cycle, roll, secretary, client):
    wanted = letters(roll, State.SENT, 1, district="12", age_band="18_24")[0]
    letters(roll, State.SENT, 1, district="05", age_band="18_24")
    letters(roll, State.VOLUNTEERED, 1, district="12", age_band="18_24")
    client.force_login(secretary)
    address = f"/cycles/{cycle.number}/recrutement/relances/"

    seen = client.get(address)
    answer = client.post(address, {"districts": ["12"], "ages": ["18_24"]})
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert [row[0] for row in seen.context["rows"]] == ["05", "12"]
    assert len(lines) == 2
    assert wanted.code in lines[1]
    entry = cycle.entries.latest("pk")
    assert (entry.act, entry.facts) == (
        "assembly.cycle.remind",
        {"letters": 1, "districts": ["12"], "ages": ["18_24"]},
    )
    assert client.post(address, {}).status_code == 200


def test_a_category_without_any_stratum_of_letters_shows_volunteers_alone(cycle, roll):
    Category.objects.filter(criterion__cycle=cycle).update(population=0)
    VolunteerFactory(pool=roll)

    gender, _district = Responses(cycle, roll).criteria()

    assert not gender["by_letters"]
    assert gender["rows"][0]["share"] is None
