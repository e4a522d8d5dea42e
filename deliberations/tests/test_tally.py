import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberations.tally import Tally, decide, needed, tally

VOICES = st.integers(min_value=0, max_value=300)
TALLIES = st.builds(Tally, VOICES, VOICES, VOICES, VOICES)
PERCENT = st.integers(min_value=0, max_value=100)
PAPERS = st.lists(st.sampled_from(["for", "against", "abstention", None]), max_size=200)


@given(PAPERS)
def test_every_paper_is_counted_once(papers):
    count = tally(papers)

    assert count.electorate == len(papers)
    assert count.not_voting == papers.count(None)


@given(PAPERS, st.randoms(use_true_random=False))
def test_the_order_of_papers_does_not_matter(papers, random):
    shuffled = list(papers)
    random.shuffle(shuffled)

    assert tally(papers) == tally(shuffled)


@given(TALLIES, PERCENT)
def test_adopted_means_a_quorum_and_more_voices_for(count, percent):
    result = decide(count, quorum_percent=percent)

    assert result.adopted == (result.quorum_reached and count.for_ > count.against)
    assert result.sentence


@given(TALLIES, PERCENT)
def test_one_more_voice_for_never_undoes_an_adoption(count, percent):
    if decide(count, quorum_percent=percent).adopted and count.not_voting:
        more = Tally(count.for_ + 1, count.against, count.abstention, count.not_voting - 1)

        assert decide(more, quorum_percent=percent).adopted


@given(TALLIES, PERCENT)
def test_taking_part_never_loses_the_quorum(count, percent):
    if decide(count, quorum_percent=percent).quorum_reached and count.not_voting:
        more = Tally(count.for_, count.against, count.abstention + 1, count.not_voting - 1)

        assert decide(more, quorum_percent=percent).quorum_reached


@given(st.integers(min_value=0, max_value=10_000), PERCENT)
def test_the_quorum_is_the_share_rounded_up(electorate, percent):
    assert 0 <= 100 * needed(electorate, percent) - electorate * percent < 100


@pytest.mark.parametrize(
    ("count", "quorum", "adopted"),
    [
        (Tally(51, 0, 0, 49), True, True),
        (Tally(49, 0, 0, 51), False, False),
        (Tally(10, 10, 40, 40), True, False),
        (Tally(1, 0, 49, 50), True, True),
        (Tally(0, 0, 100, 0), True, False),
        (Tally(0, 0, 0, 100), False, False),
        (Tally(0, 0, 0, 0), False, False),
    ],
)
def test_cases_one_can_check_by_hand(count, quorum, adopted):
    result = decide(count, quorum_percent=50)

    assert (result.quorum_reached, result.adopted) == (quorum, adopted)
