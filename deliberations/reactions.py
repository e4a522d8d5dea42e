"""When this happens, do that."""

from assembly import jobs
from assembly.journal import when
from deliberations.models import Ballot, Follower, Proposal

MOVES = [
    "send_to_review",
    "transmit",
    "carry",
    "refuse",
    "put_on_agenda",
    "adopt",
    "adopt_amended",
    "reject",
    "postpone",
    "withdraw",
    "counter_propose",
    "uphold",
]


@when(*[f"deliberations.proposal.{name}" for name in MOVES])
def tell_those_concerned(entry):
    jobs.enqueue("tell_of_text", key=f"tell_of_text:{entry.pk}", about=entry.pk, by=entry.by)


@when("deliberations.ballot.create")
def call_to_the_vote(entry):
    if entry.target.mode == Ballot.Mode.ONLINE:
        jobs.enqueue(
            "tell_of_vote", key=f"tell_of_vote:{entry.target_id}", about=entry.target_id, by=entry.by
        )


@when("deliberations.review.create", "deliberations.review.answer")
def tell_of_the_opinion(entry):
    jobs.enqueue("tell_of_review", key=f"tell_of_review:{entry.pk}", about=entry.pk, by=entry.by)


@when("deliberations.amendment.accept", "deliberations.amendment.refuse", "deliberations.amendment.merge")
def tell_its_author(entry):
    jobs.enqueue("tell_of_amendment", key=f"tell_of_amendment:{entry.pk}", about=entry.pk, by=entry.by)


@when("deliberations.measure.give_return")
def tell_the_authors(entry):
    jobs.enqueue("tell_of_return", key=f"tell_of_return:{entry.pk}", about=entry.pk, by=entry.by)


@when(*Proposal.moves(), "deliberations.measure.give_return")
def tell_the_followers(entry):
    """Those outside who follow the text, its workshop, its cycle or everything; no job when there is nobody."""
    text = entry.target if isinstance(entry.target, Proposal) else entry.target.proposal
    if Follower.objects.of_text(text).exists():
        jobs.enqueue("tell_followers", key=f"tell_followers:{entry.pk}", about=entry.pk, by=entry.by)
