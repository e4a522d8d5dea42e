import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assembly import clock
from assembly.demo import cast, reading, story
from assembly.models import Appointment, Cycle, Document, JournalEntry, Member, Observation, User
from deliberations.models import (
    Amendment,
    Ballot,
    BallotPaper,
    ClauseRemark,
    CouncilItem,
    Measure,
    Proposal,
    Recommendation,
    RecommendationSource,
    Request,
    Return,
    Review,
    Version,
    Wording,
    WorkingMandate,
)
from sortition.models import Contact, Draw, Exhibit, Invitation, Register, SeatOffer, Volunteer
from workshops.models import (
    AgendaItem,
    Allotment,
    Attendance,
    Decision,
    Enrolment,
    Meeting,
    Minutes,
    Notebook,
    NotebookQuestion,
    NotebookSection,
    PersonHeard,
    Preference,
    Question,
    Workshop,
)

EVERY_KIND = [
    Appointment, Document, Member, Observation,
    Contact, Draw, Exhibit, Invitation, Register, SeatOffer, Volunteer,
    AgendaItem, Allotment, Attendance, Decision, Enrolment, Meeting, Minutes, Notebook, NotebookQuestion,
    NotebookSection, PersonHeard, Preference, Question, Workshop,
    Amendment, ClauseRemark, RecommendationSource, Request, Review, Wording,
    Ballot, BallotPaper, CouncilItem, Measure, Proposal, Recommendation, Return, Version, WorkingMandate,
]  # fmt: skip


@pytest.fixture(scope="class")
def told(django_db_setup, django_db_blocker):
    """The small story, told once for all the questions asked of it."""
    from django.db import transaction

    with django_db_blocker.unblock():
        undo = transaction.atomic()
        undo.__enter__()
        story.tell(small=True)
        yield
        transaction.set_rollback(True)
        undo.__exit__(None, None, None)


@pytest.fixture
def the_story(told, db):
    """Readable by one test, unchanged for the next."""


@pytest.mark.usefixtures("the_story")
class TestTheSmallStory:
    def test_holds_every_kind_of_thing(self):
        missing = [model.__name__ for model in EVERY_KIND if not model.objects.exists()]

        assert missing == []

    def test_tells_a_cycle_that_is_over_and_one_under_way(self):
        assert list(Cycle.objects.values_list("number", "state")) == [(4, "deepening"), (1, "follow_up")]

    def test_the_journal_never_goes_back_nor_ahead(self):
        dates = list(JournalEntry.objects.order_by("pk").values_list("at", flat=True))

        assert dates == sorted(dates)
        assert dates[-1] <= clock.now()

    def test_nobody_has_an_address_that_could_exist(self):
        emails = [
            *User.objects.values_list("email", flat=True),
            *Contact.objects.values_list("email", flat=True),
        ]

        assert [email for email in emails if email and not email.endswith(".invalid")] == []

    def test_every_act_has_its_author_but_those_of_letters_of_the_clock_and_the_first_appointment(self):
        unsigned = set(JournalEntry.objects.filter(by=None).values_list("act", flat=True))

        assert unsigned <= {
            "assembly.appointment.create", "sortition.invitation.volunteer", "sortition.invitation.decline",
            "assembly.snapshot.create",
        }  # fmt: skip

    def test_every_kind_of_meeting_was_held_and_one_is_to_come(self):
        assert set(Meeting.objects.held().values_list("kind", flat=True)) == set(Meeting.Kind.values)
        assert Meeting.objects.upcoming().exists()

    def test_something_waits_for_everybody(self):
        assert Question.objects.overdue().exists()
        assert Measure.objects.overdue().exists()
        assert Ballot.objects.open().filter(mode=Ballot.Mode.ONLINE).exists()
        assert set(Notebook.objects.values_list("state", flat=True)) == {"draft", "deposited"}
        written = Proposal.objects.get(state=Proposal.State.IN_REVIEW)
        assert written.versions.count() == 4
        assert set(written.amendments.values_list("state", flat=True)) == {"open", "accepted", "refused"}
        assert set(written.reviews.values_list("state", flat=True)) == {"asked", "answered"}

    def test_a_wish_was_adopted_and_its_measures_followed(self):
        wish = Proposal.objects.get(state=Proposal.State.IN_FOLLOW_UP)

        assert wish.council_item.outcome == Proposal.State.ADOPTED
        assert wish.measures.filter(state=Measure.State.DONE).exists()

    def test_without_demo_nobody_has_a_password(self):
        assert not any(user.has_usable_password() for user in User.objects.all())

    def test_every_door_leads_to_somebody(self, settings):
        assert len(cast.doors()) == len(cast.DOORS)

        cast.open_the_doors()

        assert User.objects.get(email="membre@exemple.invalid").check_password(cast.PHRASE)


@pytest.mark.django_db
def test_the_demonstration_is_refused_without_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")


@pytest.mark.django_db
def test_the_demonstration_leaves_a_house_in_use_alone(settings):
    settings.DEMO = True
    Cycle.objects.create(number=1, title="La nôtre", starts_on="2026-01-01", ends_on="2027-01-01")
    said = StringIO()

    call_command("load_demo", stdout=said)

    assert "empty house" in said.getvalue()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2022-05-14 09:30", "2022-05-14 09:30"),
        ("-1 sat 14:00", "2026-11-14 14:00"),
        ("+0 mon", "2026-11-16 09:00"),
    ],
)
def test_dates_are_said_in_full_or_in_weeks_from_today(text, told):
    moment = reading.moment(text, datetime.date(2026, 11, 22))

    assert f"{moment:%Y-%m-%d %H:%M}" == told


@pytest.mark.parametrize(
    ("number", "told"), [(8, "huit"), (21, "vingt et un"), (33, "trente-trois"), (40, "quarante")]
)
def test_numbers_of_people_are_written_in_words(number, told):
    assert reading.in_words(number) == told


def test_every_text_can_be_read_and_has_no_straight_apostrophe():
    for path in reading.TEXTS.glob("*.toml"):
        assert reading.words(path.stem)
        assert "'" not in path.read_text(encoding="utf-8")
