"""The watch, priorities, visits and training, partners."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from assembly import clock
from assembly.documents import to_html
from assembly.factories import UserFactory
from workshops import choosing
from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory, WorkshopFactory
from workshops.letters import send_due
from workshops.models import (
    Outing,
    Partner,
    PartnerInvitation,
    PressReview,
    PrioritySubject,
    PriorityVote,
    Referral,
    Registration,
    Reminder,
    WatchItem,
)

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def workshop():
    return WorkshopFactory(title="Fraîcheur", facilitator=UserFactory())


@pytest.fixture
def lead(workshop):
    return workshop.facilitators.get()


def members(workshop, number):
    return [EnrolmentFactory(workshop=workshop).member for _one in range(number)]


# The watch -----------------------------------------------------------------------


ARTICLE = {
    "link": "https://journal.invalid/ombre",
    "title": "De l’ombre",
    "source": "Journal",
    "comment": "À lire.",
}


def test_a_member_shares_an_article_once(workshop):
    (member,) = members(workshop, 1)
    client, page = as_(member.user), address("article_add", workshop.pk)
    client.post(page, ARTICLE | {"happened_on": clock.today().isoformat()})
    again = client.post(page, ARTICLE | {"happened_on": clock.today().isoformat()})
    assert WatchItem.objects.get().shared_by == member
    assert "link" in again.context["form"].errors


def test_a_link_that_runs_and_a_day_to_come_are_refused(workshop):
    (member,) = members(workshop, 1)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    wrong = ARTICLE | {"link": "javascript:alert(1)", "happened_on": tomorrow}
    page = as_(member.user).post(address("article_add", workshop.pk), wrong)
    assert set(page.context["form"].errors) == {"link", "happened_on"}
    assert "De l’ombre" in page.content.decode()


def observed(workshop, user, picture, shows="Un banc"):
    return as_(user).post(
        address("observation_add", workshop.pk),
        {
            "title": "Un banc au soleil",
            "district": "19",
            "happened_on": clock.today().isoformat(),
            "comment": "Personne ne s’assoit.",
            "picture": picture,
            "shows": shows,
        },
    )


def test_a_picture_is_made_smaller_and_served_to_those_inside_only(client, workshop):
    (member,) = members(workshop, 1)
    kept = BytesIO()
    Image.new("RGB", (2400, 1800), "green").save(kept, "JPEG")
    observed(workshop, member.user, SimpleUploadedFile("photo.jpg", kept.getvalue()))
    item = WatchItem.objects.get()
    with item.picture.open() as file, Image.open(file) as small:
        assert max(small.size) <= 1600
    picture = address("watchitem_picture", item.pk)
    shown = as_(member.user).get(picture)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content)
    assert as_(UserFactory()).get(picture).status_code == 404
    assert client.get(picture).status_code == 302


def test_what_is_no_picture_gets_a_sentence_and_nothing_is_lost(workshop):
    (member,) = members(workshop, 1)
    page = observed(workshop, member.user, SimpleUploadedFile("photo.jpg", b"<svg onload=alert(1)>"))
    assert "picture" in page.context["form"].errors
    assert "Personne ne s’assoit." in page.content.decode()


def test_what_is_removed_is_no_longer_shared(workshop, lead):
    item = watched(workshop)
    item.remove(by=lead, reason="Un visage reconnaissable.")
    section = address("workshop_section", workshop.pk, "veille")
    assert "De l’ombre" not in as_(lead).get(section).content.decode()


def watched(workshop, **fields):
    return WatchItem.objects.create(
        cycle=workshop.cycle, workshop=workshop, kind="article", **(ARTICLE | fields)
    )


def test_a_press_review_holds_the_period_and_says_the_same_on_paper(client, workshop, lead):
    inside = watched(workshop)
    watched(workshop, title="Trop vieux", happened_on=clock.today() - timedelta(days=90))
    since = (clock.today() - timedelta(days=7)).isoformat()
    fields = {"title": "Revue d’été", "since": since, "until": clock.today().isoformat()}
    as_(lead).post(address("pressreview_add", workshop.pk), fields)
    review = PressReview.objects.get()
    assert list(review.items.all()) == [inside]
    assert client.get(review.get_absolute_url()).status_code == 404
    as_(lead).post(address("pressreview_publish", review.pk))
    review.refresh_from_db()
    page = client.get(review.get_absolute_url()).content.decode()
    for text in (page, to_html(review.document)):
        assert "De l’ombre" in text
        assert "Trop vieux" not in text


def test_an_empty_review_is_not_published(workshop, lead):
    review = PressReview.objects.create(
        cycle=workshop.cycle, workshop=workshop, title="Vide", since=clock.today()
    )
    with pytest.raises(ValidationError):
        review.publish(by=lead)


# Priorities ----------------------------------------------------------------------


def subjects(workshop, *titles):
    return [
        PrioritySubject.objects.create(cycle=workshop.cycle, workshop=workshop, title=title, why="…")
        for title in titles
    ]


def opened(workshop, lead, rows, **fields):
    given = {"mode": "online", "voices": 2, "keeps": 1, "closes_at": clock.now() + timedelta(days=2)} | fields
    vote = PriorityVote.objects.create(cycle=workshop.cycle, workshop=workshop, title="Quoi ?", **given)
    vote.subjects.set(rows)
    vote.open(by=lead)
    return vote


def test_members_vote_online_and_the_result_is_fixed(client, workshop, lead):
    people, rows = members(workshop, 3), subjects(workshop, "Bancs", "Arbres", "Eau")
    vote = opened(workshop, lead, rows)
    for member in people:
        sent = {"choice_1": rows[1].pk, "choice_2": rows[people.index(member)].pk}
        as_(member.user).post(address("priorityvote_cast", vote.pk), sent)
    as_(people[1].user).post(address("priorityvote_cast", vote.pk), {"choice_1": rows[1].pk})
    assert vote.ballots.count() == 3
    as_(lead).post(address("priorityvote_close", vote.pk))
    vote.refresh_from_db()
    assert [line["score"] for line in vote.result["lines"]] == [3, 1, 1]
    assert PrioritySubject.objects.get(state="retained").title == "Arbres"
    page = client.get(vote.get_absolute_url()).content.decode()
    assert people[0].user.name not in page
    assert people[0].user.name in as_(people[2].user).get(vote.get_absolute_url()).content.decode()


def test_no_vote_after_the_end_nor_result_before_it(workshop, lead):
    people, rows = members(workshop, 2), subjects(workshop, "Bancs", "Arbres")
    vote = opened(workshop, lead, rows)
    vote.cast(by=people[0].user, choices=rows[:1])
    with pytest.raises(ValidationError):
        vote.close(by=lead)
    with clock.at(vote.closes_at):
        with pytest.raises(ValidationError):
            vote.cast(by=people[1].user, choices=rows[:1])
        vote.close(by=lead)
    assert vote.result["voters"] == 1


@pytest.mark.parametrize("wrong", ["none", "too many", "twice", "foreign"])
def test_a_vote_is_within_its_rule(workshop, lead, wrong):
    (member,), rows = members(workshop, 1), subjects(workshop, "Bancs", "Arbres", "Eau")
    vote = opened(workshop, lead, rows)
    foreign = subjects(WorkshopFactory(cycle=workshop.cycle), "Nuit")
    choices = {"none": [], "too many": rows, "twice": [rows[0], rows[0]], "foreign": foreign}[wrong]
    with pytest.raises(ValidationError):
        vote.cast(by=member.user, choices=choices)


def test_without_quorum_nothing_becomes_a_priority(workshop, lead):
    people, rows = members(workshop, 4), subjects(workshop, "Bancs", "Arbres")
    vote = opened(workshop, lead, rows, quorum_percent=50)
    vote.cast(by=people[0].user, choices=rows[:1])
    with clock.at(vote.closes_at):
        vote.close(by=lead)
    assert vote.result["reached"] is False
    assert not PrioritySubject.objects.filter(state="retained").exists()


def test_hands_are_counted_at_a_meeting_and_never_exceed_the_room(workshop, lead):
    members(workshop, 4)
    rows = subjects(workshop, "Bancs", "Arbres")
    meeting = MeetingFactory(workshop=workshop)
    vote = opened(workshop, lead, rows, mode="room", meeting=meeting, closes_at=None)
    page = address("priorityvote_count_hands", vote.pk)
    sent = {f"hands_{rows[0].pk}": 5, f"hands_{rows[1].pk}": 1}
    refused = as_(lead).post(page, sent | {"present": 4})
    assert refused.context["form"].non_field_errors()
    as_(lead).post(page, sent | {"present": 4, f"hands_{rows[0].pk}": 3})
    vote.refresh_from_db()
    assert vote.result["lines"][0] == {"subject": rows[0].pk, "title": "Bancs", "score": 3, "kept": True}


def test_whoever_is_level_with_the_last_kept_is_kept_too():
    titles = {1: "a", 2: "b", 3: "c"}
    result = choosing.result(titles, {1: 5, 2: 2, 3: 2}, keeps=2, voters=5, eligible=5, quorum=50)
    assert [line["kept"] for line in result["lines"]] == [True, True, True]
    assert choosing.scores([[1, 2], [2, 1, 3]], 3) == {1: 5, 2: 5, 3: 1}


# Visits and training -------------------------------------------------------------


def outing(workshop, lead, places=2, **fields):
    meeting = MeetingFactory(workshop=workshop, kind="visit", title="Le canal", **fields)
    row = Outing.objects.create(meeting=meeting, places=places)
    row.open(by=lead)
    return row


def states(row):
    return list(row.registrations.order_by("pk").values_list("state", flat=True))


def test_the_waiting_list_moves_up_by_itself(workshop, lead, django_capture_on_commit_callbacks):
    people, row = members(workshop, 4), outing(workshop, lead)
    for member in people:
        as_(member.user).post(address("outing_register", row.pk))
    assert states(row) == ["placed", "placed", "waiting", "waiting"]
    with django_capture_on_commit_callbacks(execute=True):
        as_(people[0].user).post(address("outing_give_up", row.pk))
    assert states(row) == ["cancelled", "placed", "placed", "waiting"]
    assert Reminder.objects.filter(user=people[2].user, key__startswith="place:").count() == 1
    as_(people[0].user).post(address("outing_register", row.pk))
    assert states(row) == ["waiting", "placed", "placed", "waiting"]
    row.resize(by=lead, places=3)
    assert states(row) == ["waiting", "placed", "placed", "placed"]
    with pytest.raises(ValidationError):
        row.resize(by=lead, places=2)


def test_registering_twice_takes_one_place(workshop, lead):
    (member,), row = members(workshop, 1), outing(workshop, lead)
    for _twice in range(2):
        row.register(by=member.user)
    assert row.registrations.count() == 1


def test_nobody_registers_too_late_or_from_elsewhere(workshop, lead):
    (member,), row = members(workshop, 1), outing(workshop, lead)
    stranger = members(WorkshopFactory(cycle=workshop.cycle), 1)[0]
    assert as_(stranger.user).post(address("outing_register", row.pk)).status_code == 404
    with clock.at(row.until), pytest.raises(ValidationError):
        row.register(by=member.user)


def test_only_those_who_have_a_place_are_invited(workshop, lead):
    people, row = members(workshop, 3), outing(workshop, lead, places=1)
    for member in people:
        row.register(by=member.user)
    assert list(row.meeting.invited()) == people[:1]


def test_a_place_is_reminded_once(workshop, lead, mailoutbox):
    (member,), row = members(workshop, 1), outing(workshop, lead)
    row.register(by=member.user)
    Registration.objects.update(told_at=clock.now())
    with clock.at(row.meeting.starts_at - timedelta(days=1)):
        for _stroke in range(3):
            send_due()
    assert len(mailoutbox) == 1


def test_a_member_reads_their_own_record(workshop):
    (member,) = members(workshop, 1)
    meeting = MeetingFactory(workshop=workshop, held=True, kind="training", title="Parler en public")
    AttendanceFactory(meeting=meeting, member=member, status="present")
    page = address("own_record")
    assert "Parler en public" in as_(member.user).get(page).content.decode()
    assert "Parler en public" not in as_(UserFactory()).get(page).content.decode()


# Partners ------------------------------------------------------------------------


@pytest.fixture
def partner():
    return Partner.objects.create(
        name="Conseil de la jeunesse", mission="Donne son avis.", contact="a@b.invalid"
    )


def test_the_contact_of_a_partner_is_for_those_who_prepare(client, partner, lead):
    page = partner.get_absolute_url()
    assert "a@b.invalid" not in client.get(page).content.decode()
    assert "a@b.invalid" in as_(lead).get(page).content.decode()


def test_a_joint_meeting_names_its_partner_once(client, workshop, lead, partner):
    meeting = MeetingFactory(workshop=workshop, called=True)
    page = address("partnerinvitation_add", meeting.pk)
    as_(lead).post(page, {"partner": partner.pk, "people": 3})
    again = as_(lead).post(page, {"partner": partner.pk, "people": 3})
    assert again.context["form"].errors
    assert PartnerInvitation.objects.count() == 1
    assert partner.name in client.get(meeting.get_absolute_url()).content.decode()


def referral(workshop, partner, **fields):
    given = {"title": "Vos relevés ?", "text": "…", "due_on": clock.today() - timedelta(days=4)} | fields
    return Referral.objects.create(
        cycle=workshop.cycle, workshop=workshop, partner=partner, sent_on=clock.today() - timedelta(days=30), **given
    )  # fmt: skip


def test_an_overdue_referral_says_so_to_those_inside_only(client, workshop, partner):
    (member,), row = members(workshop, 1), referral(workshop, partner)
    assert row.days_late == 4
    assert "4 jours de retard" in as_(member.user).get(row.get_absolute_url()).content.decode()
    assert client.get(row.get_absolute_url()).status_code == 302
    assert as_(UserFactory()).get(row.get_absolute_url()).status_code == 404


def test_an_answer_comes_after_the_referral_and_not_tomorrow(workshop, lead, partner):
    row = referral(workshop, partner)
    for day in (clock.today() + timedelta(days=1), row.sent_on - timedelta(days=1)):
        with pytest.raises(ValidationError):
            row.reply(by=lead, answer="Oui.", answered_on=day)
    row.reply(by=lead, answer="Oui.", answered_on=clock.today())
    with pytest.raises(ValidationError):
        row.close(by=lead, reason="Trop tard.")


def test_lists_ask_as_much_whatever_their_length(workshop, partner, lead, django_assert_max_num_queries):
    (member,) = members(workshop, 1)
    client = as_(member.user)
    pages = [address("workshop_section", workshop.pk, slug) for slug in
             ("auditions", "questions", "veille", "sujets", "sorties", "partenaires")]  # fmt: skip
    pages += [address("outing_list"), address("referral_list"), address("partner_list")]

    def fill(number):
        for _row in range(number):
            watched(workshop, link=f"https://journal.invalid/{WatchItem.objects.count()}")
            subjects(workshop, f"Sujet {PrioritySubject.objects.count()}")
            referral(workshop, partner)
            outing(workshop, lead)

    fill(2)
    before = {}
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(20) as few:
            assert client.get(page).status_code == 200
        before[page] = len(few)
    fill(6)
    for page in pages:
        with django_assert_max_num_queries(before[page]):
            client.get(page)
