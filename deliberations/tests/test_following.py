"""Following from outside: letters only to who said yes, each thing told once; feeds any reader understands."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from assembly import clock, jobs
from assembly.models import Document, Job, JournalEntry
from assembly.privacy import people
from assembly.privacy.keeping import CATEGORIES
from deliberations.factories import MeasureFactory, ProposalFactory
from deliberations.following import write_to_followers
from deliberations.models import Follower, News

pytestmark = pytest.mark.django_db
ADDRESS = "voisine@exemple.invalid"


@pytest.fixture
def text():
    return ProposalFactory(transmitted=True, title="Des bancs partout")


@pytest.fixture
def runs(django_capture_on_commit_callbacks):
    """Errands run at once, as with a worker."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def follower(**fields):
    return Follower.objects.create(email=ADDRESS, confirmed_at=clock.now(), **fields)


def address_in(letter, act):
    return re.search(rf"/(?:en/)?suivre/\S+/{act}/", letter.body).group()


def test_nothing_is_sent_before_a_button_is_pressed_and_one_click_ends_it(text, runs, secretary):
    page = Client(enforce_csrf_checks=False)
    assertContains(
        page.get(text.get_absolute_url()), reverse("deliberations:proposal_follow", args=[text.pk])
    )
    with runs():
        asked = page.post(
            reverse("deliberations:proposal_follow", args=[text.pk]),
            {"email": ADDRESS.upper(), "rhythm": "at_once"},
        )
    assert asked.url == reverse("deliberations:follow_asked")
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    link = address_in(letter, "confirmer")
    assert ADDRESS not in link + letter.subject + "".join(Job.objects.values_list("key", flat=True))

    seen = page.get(link)  # what a scanner of mail does
    assert (Follower.objects.confirmed().count(), seen["Referrer-Policy"]) == (0, "no-referrer")
    assert "no-store" in seen["Cache-Control"]
    assertContains(page.post(link), "Des bancs partout")

    with runs():
        text.carry(by=secretary, carrier="L’adjointe")
    news = mail.outbox[-1]
    assert (len(mail.outbox), news.subject.startswith("Des bancs partout")) == (2, True)
    assert news.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    out = news.extra_headers["List-Unsubscribe"].strip("<>").partition("/suivre/")[2]
    mailbox = Client(enforce_csrf_checks=True)
    assert mailbox.get(f"/suivre/{out}").status_code == 200
    assert Follower.objects.exists()
    assert mailbox.post(f"/suivre/{out}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()
    assert not News.objects.exists()
    assert mailbox.post(f"/suivre/{out}").status_code == 200
    assert page.post(link).status_code == 404


def test_an_address_nobody_confirms_is_forgotten_after_48_hours():
    waiting = Follower.objects.create(email=ADDRESS)
    with clock.at(timezone.now() + timedelta(hours=47)):
        call_command("purge_expired_data")
        assert Follower.objects.behind(waiting.token)
    with clock.at(timezone.now() + timedelta(hours=49)):
        assert Follower.objects.behind(waiting.token) is None
        call_command("purge_expired_data")
    assert not Follower.objects.exists()


def test_the_answer_is_the_same_for_an_address_known_or_not_and_three_letters_are_enough(
    client, runs, settings
):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"follow": "7/h/ip"}
    kept = follower()
    page = reverse("deliberations:follow")
    answers = set()
    for email in [ADDRESS, "autre@exemple.invalid", *[ADDRESS] * 4]:
        with runs():
            answer = client.post(page, {"what": "tout", "email": email, "rhythm": "weekly"})
        answers.add((answer.status_code, answer.url))
    assert len(answers) == 1
    assert [letter.to for letter in mail.outbox].count([ADDRESS]) == 3
    kept.refresh_from_db()
    assert kept.rhythm == "at_once"  # what others type changes nothing

    last = Follower.objects.filter(email=ADDRESS).last()
    last.confirm()
    assert Follower.objects.filter(email=ADDRESS).get() == last  # confirmed again: one row, the latest wish

    for _turn in range(2):
        answer = client.post(page, {"what": "cycle-99", "email": "pas une adresse", "rhythm": "weekly"})
    assert answer.status_code == 429
    assertContains(answer, "pas une adresse", status_code=429)


def test_a_thing_is_told_once_to_an_address_even_when_a_worker_is_killed(text, secretary, runs, monkeypatch):
    for subject in ({"text": text}, {"workshop": text.workshop}, {"cycle": text.cycle}, {}):
        follower(**subject)
    stranger = Follower.objects.create(
        email="autre@exemple.invalid", confirmed_at=clock.now(), text=ProposalFactory(transmitted=True)
    )
    text.carry(by=secretary, carrier="L’adjointe")
    entry = JournalEntry.objects.latest("pk")
    job = jobs.enqueue("tell_followers", key="k", about=entry.pk)

    class Killed(BaseException):
        pass

    def killed(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("deliberations.following.mail.send", killed)
        with pytest.raises(Killed):
            jobs.HANDLERS["tell_followers"](job)
    assert News.objects.unsent().get().follower.text == text  # the narrowest of the four
    write_to_followers()
    jobs.HANDLERS["tell_followers"](job)
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]
    assert not stranger.news.exists()


def test_a_return_reaches_the_weekly_reader_on_monday_in_their_language(secretary, runs):
    measure = MeasureFactory(text="Poser cent bancs")
    follower(text=measure.proposal, rhythm="weekly", language="en")
    wednesday = timezone.make_aware(timezone.datetime(2026, 11, 18, 12))
    with clock.at(wednesday), runs():
        measure.give_return(by=secretary, state="in_progress", words="Trente bancs posés.")
    News.objects.update(made_at=wednesday)
    with clock.at(wednesday + timedelta(days=4)):
        write_to_followers()
    assert mail.outbox == []
    with clock.at(wednesday + timedelta(days=5)):
        write_to_followers()
        write_to_followers()
    (letter,) = mail.outbox
    assert "Hello" in letter.body
    assert f"/en{measure.get_absolute_url()}" in letter.body


def test_everything_tells_of_documents_and_drafts_are_told_to_nobody(client, text, secretary, runs):
    follower()
    draft = ProposalFactory(workshop=text.workshop)
    assert client.get(reverse("deliberations:proposal_follow", args=[draft.pk])).status_code == 404
    sheet = {"kind": "minutes", "content": {}, "cycle": text.cycle}
    with runs():
        draft.send_to_review(by=secretary)
        Document.objects.create(title="Compte rendu du 3 mai", **sheet)
        Document.objects.create(title="Notes internes", audience="staff", **sheet)
    assert [row.title for row in News.objects.all()] == ["Compte rendu\u00a0: Compte rendu du 3 mai"]


def test_a_person_finds_and_erases_what_is_kept_on_their_address():
    row = follower()
    assert people.search("voisine") == []
    ((person, _words),) = people.search(ADDRESS)
    category = CATEGORIES["followers"]
    assert category.told(category.of(person).get())[str(row._meta.get_field("email").verbose_name)] == ADDRESS
