from datetime import date

import factory

from assembly import clock
from assembly.factories import MemberFactory
from deliberations import clauses
from deliberations.models import (
    Ballot,
    BallotPaper,
    CouncilItem,
    Measure,
    Pledge,
    PledgeMilestone,
    Proposal,
    Recommendation,
    Return,
    Version,
    WorkingMandate,
)
from workshops.factories import EnrolmentFactory, WorkshopFactory


def wish(measures=2):
    """The clauses of a short wish."""
    return [
        clauses.clause("recital", "Considérant que la rue est le premier jardin des enfants ;", id="c1"),
        clauses.clause("operative", "Le Conseil de Paris émet le vœu que :", id="c2"),
        *[
            clauses.clause("measure", f"la Ville ouvre {number} rues aux enfants ;", id=f"m{number}")
            for number in range(1, measures + 1)
        ],
    ]


class WorkingMandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkingMandate

    class Params:
        adopted = factory.Trait(state=WorkingMandate.State.ADOPTED, voted_at=factory.LazyFunction(clock.now))
        rejected = factory.Trait(
            state=WorkingMandate.State.REJECTED, voted_at=factory.LazyFunction(clock.now)
        )
        closed = factory.Trait(state=WorkingMandate.State.CLOSED, voted_at=factory.LazyFunction(clock.now))

    workshop = factory.SubFactory(WorkshopFactory)
    sentence = factory.Sequence("Proposer {} façons de rendre la rue aux enfants".format)
    context = "Le carnet de synthèse pose quatre questions."
    expected_product = "Un vœu."
    deputy_mayor = "Adjointe à la Maire chargée de l’espace public"
    directorate = "DVD"


class ProposalFactory(factory.django.DjangoModelFactory):
    """A text with a first version, in the state given by its trait."""

    class Meta:
        model = Proposal
        skip_postgeneration_save = True

    class Params:
        in_review = factory.Trait(state=Proposal.State.IN_REVIEW)
        co_drafted = factory.Trait(state=Proposal.State.CO_DRAFTED)
        settled = factory.Trait(state=Proposal.State.SETTLED)
        voted = factory.Trait(state=Proposal.State.VOTED)
        endorsed = factory.Trait(state=Proposal.State.ENDORSED)
        abandoned = factory.Trait(state=Proposal.State.ABANDONED)
        handed_over = factory.Trait(transmitted_at=factory.LazyFunction(clock.now))
        transmitted = factory.Trait(handed_over=True, state=Proposal.State.TRANSMITTED)
        carried = factory.Trait(
            handed_over=True, state=Proposal.State.CARRIED, carrier="L’adjointe à la Maire"
        )
        refused = factory.Trait(
            handed_over=True, state=Proposal.State.REFUSED, refusal="La Ville n’est pas compétente."
        )
        countered = factory.Trait(
            handed_over=True, state=Proposal.State.COUNTERED, refusal="La Ville propose une autre voie."
        )
        filed = factory.Trait(handed_over=True, state=Proposal.State.FILED)
        on_agenda = factory.Trait(handed_over=True, state=Proposal.State.ON_AGENDA)
        postponed = factory.Trait(handed_over=True, state=Proposal.State.POSTPONED)
        adopted = factory.Trait(handed_over=True, state=Proposal.State.ADOPTED)
        adopted_amended = factory.Trait(handed_over=True, state=Proposal.State.ADOPTED_AMENDED)
        rejected = factory.Trait(handed_over=True, state=Proposal.State.REJECTED)
        withdrawn = factory.Trait(handed_over=True, state=Proposal.State.WITHDRAWN)
        in_follow_up = factory.Trait(handed_over=True, state=Proposal.State.IN_FOLLOW_UP)
        closed = factory.Trait(handed_over=True, state=Proposal.State.CLOSED)

    workshop = factory.SubFactory(WorkshopFactory)
    cycle = factory.SelfAttribute("workshop.cycle")
    title = factory.Sequence("Vœu relatif aux rues aux enfants, {}".format)
    plain_summary = "Ouvrir des rues aux enfants, une par quartier."

    @factory.post_generation
    def words(proposal, create, given):
        """`words=[]` leaves the text without a version."""
        if not create or given == []:
            return
        version = VersionFactory(proposal=proposal, clauses=given or wish())
        if proposal.state not in (*Proposal.editable_states, Proposal.State.SETTLED):
            proposal.voted_version = version
            proposal.save()
        if proposal.state in COUNCIL:
            CouncilItemFactory(proposal=proposal, adopted_version=version)


COUNCIL = (
    Proposal.State.FILED,
    Proposal.State.ON_AGENDA,
    Proposal.State.POSTPONED,
    Proposal.State.REJECTED,
    Proposal.State.ADOPTED,
    Proposal.State.ADOPTED_AMENDED,
    Proposal.State.IN_FOLLOW_UP,
    Proposal.State.CLOSED,
)


class VersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Version

    proposal = factory.SubFactory(ProposalFactory, words=[])
    number = factory.LazyAttribute(lambda version: version.proposal.versions.count() + 1)
    author_kind = Version.AuthorKind.MEMBERS
    clauses = factory.LazyFunction(wish)


class CouncilItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CouncilItem

    proposal = factory.SubFactory(ProposalFactory, words=[])
    committee = "3e Commission"
    filed_at = factory.LazyFunction(clock.now)
    session_on = date(2026, 3, 17)


class RecommendationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recommendation

    workshop = factory.SubFactory(WorkshopFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "Fermer une rue par école à la circulation."


class BallotFactory(factory.django.DjangoModelFactory):
    """An open show of hands; `voices=(for, against, abstention)` closes it."""

    class Meta:
        model = Ballot

    class Params:
        online = factory.Trait(mode=Ballot.Mode.ONLINE)
        closed = factory.Trait(
            state=Ballot.State.CLOSED,
            closed_at=factory.LazyFunction(clock.now),
            votes_for=20,
            votes_against=5,
            abstentions=3,
            not_voting=2,
            adopted=True,
        )

    proposal = factory.SubFactory(ProposalFactory, settled=True)
    question = "Adoptez-vous ce texte ?"
    electorate = 30
    quorum_percent = 50


class BallotPaperFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BallotPaper

    ballot = factory.SubFactory(BallotFactory, online=True)
    member = factory.SubFactory(MemberFactory, seated=True)


class MeasureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Measure

    class Params:
        overdue = factory.Trait(due_on=date(2020, 3, 17))
        done = factory.Trait(state=Measure.State.DONE, due_on=None)
        dropped = factory.Trait(state=Measure.State.DROPPED, due_on=None)

    proposal = factory.SubFactory(ProposalFactory, in_follow_up=True)
    number = factory.Sequence(lambda n: n + 1)
    text = "Ouvrir une rue aux enfants par quartier."
    owner = "DVD"
    due_on = date(2099, 3, 17)


class ReturnFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Return

    measure = factory.SubFactory(MeasureFactory)
    on = date(2026, 3, 17)
    state = Measure.State.IN_PROGRESS
    words = "Douze rues sont ouvertes."
    department = "DVD"


class PledgeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pledge

    reference = factory.Sequence("FRXX{:04}".format)
    title = "Rendre la rue aux enfants"
    problem = "Les enfants ne jouent plus dehors."
    action = "Ouvrir des rues."
    lead = "Ville de Paris"
    starts_on = date(2024, 1, 1)
    ends_on = date(2027, 12, 31)


class PledgeMilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PledgeMilestone

    pledge = factory.SubFactory(PledgeFactory)
    number = factory.LazyAttribute(lambda row: row.pledge.milestones.count() + 1)
    title = "Dix rues ouvertes"
    starts_on = date(2024, 1, 1)
    ends_on = date(2025, 6, 30)


def counted(ballot, voices, *, first=None, second=None):
    """A vote in the room, counted by two tellers and closed."""
    given = dict(zip(["votes_for", "votes_against", "abstentions"], voices, strict=True))
    ballot.count(by=first, **given)
    ballot.close(by=second, **given)
    return ballot


def a_workshop(people=4):
    """A workshop with members seated in it."""
    workshop = WorkshopFactory()
    EnrolmentFactory.create_batch(people, workshop=workshop)
    return workshop
