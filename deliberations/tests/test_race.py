"""Several hands at once: each voice is counted once, whatever the database."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from assembly.factories import AppointmentFactory
from assembly.lifecycle import TransitionRefused
from deliberations.factories import ProposalFactory, a_workshop
from deliberations.models import Ballot, BallotPaper, Proposal

pytestmark = pytest.mark.django_db(transaction=True)


def an_online_vote(people):
    text = ProposalFactory(workshop=a_workshop(people), settled=True)
    return text.open_ballot(by=None, mode="online")


def all_at_once(errands):
    """Run them together, each on a connection of its own; what each raised, in order."""
    barrier, outcomes = threading.Barrier(len(errands)), [None] * len(errands)

    def run(place, errand):
        barrier.wait()
        try:
            errand()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(errands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def vote(ballot, user, choice="for", times=1):
    def errand():
        for _ in range(times):
            Ballot.objects.get(pk=ballot.pk).cast(by=user, choice=choice)

    return errand


def electors(ballot):
    return [paper.member.user for paper in ballot.papers.select_related("member__user")]


def test_concurrent_and_repeated_votes_count_each_member_once():
    ballot = an_online_vote(people=5)
    errands = [vote(ballot, user, times=10) for user in electors(ballot) for _ in range(4)]

    assert all_at_once(errands) == [None] * 20
    ballot.close(by=None)

    assert (ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.not_voting) == (5, 0, 0, 0)


def test_no_vote_slips_in_behind_the_count():
    ballot = an_online_vote(people=8)
    outcomes = all_at_once(
        [vote(ballot, user) for user in electors(ballot)]
        + [lambda: Ballot.objects.get(pk=ballot.pk).close(by=None)]
    )

    ballot.refresh_from_db()
    refused = [error for error in outcomes if error is not None]
    cast = BallotPaper.objects.filter(ballot=ballot, choice="for").count()
    assert all(isinstance(error, ValidationError) for error in refused)
    assert ballot.votes_for == cast == 8 - len(refused)


def test_a_vote_is_closed_once():
    ballot = an_online_vote(people=2)
    for user in electors(ballot):
        ballot.cast(by=user, choice="for")
    closings = [lambda: Ballot.objects.get(pk=ballot.pk).close(by=None) for _ in range(2)]

    outcomes = all_at_once(closings)

    assert sorted(type(error) for error in outcomes if error) == [TransitionRefused]
    assert Proposal.objects.get().state == Proposal.State.VOTED


def test_of_two_versions_saved_at_once_one_is_refused():
    from deliberations.factories import wish
    from deliberations.models import VersionConflict

    text = ProposalFactory()
    secretary = AppointmentFactory().user
    saves = [
        lambda number=number: Proposal.objects.get(pk=text.pk).save_version(
            by=secretary, base=1, clauses=wish(number)
        )
        for number in (3, 4)
    ]

    outcomes = all_at_once(saves)

    assert [type(error) for error in outcomes if error] == [VersionConflict]
    assert text.versions.count() == 2


def test_a_hundred_clicks_one_after_the_other_are_one_vote():
    ballot = an_online_vote(people=2)
    user = electors(ballot)[0]

    for _ in range(100):
        Ballot.objects.get(pk=ballot.pk).cast(by=user, choice="for")
    ballot.close(by=None)

    assert (ballot.votes_for, ballot.not_voting) == (1, 1)
