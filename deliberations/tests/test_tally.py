import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberations.tally import BASES, MAJORITIES, Rule, Tally, decide, needed, tally

VOICES = st.integers(min_value=0, max_value=300)
TALLIES = st.builds(Tally, VOICES, VOICES, VOICES, VOICES)
PERCENT = st.integers(min_value=0, max_value=100)
MAJORITY, BASE = st.sampled_from(MAJORITIES), st.sampled_from(BASES)
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
    result = decide(count, Rule(percent))

    assert result.adopted == (result.quorum_reached and count.for_ > count.against)
    assert result.sentence


@given(TALLIES, PERCENT)
def test_one_more_voice_for_never_undoes_an_adoption(count, percent):
    if decide(count, Rule(percent)).adopted and count.not_voting:
        more = Tally(count.for_ + 1, count.against, count.abstention, count.not_voting - 1)

        assert decide(more, Rule(percent)).adopted


@given(TALLIES, PERCENT)
def test_taking_part_never_loses_the_quorum(count, percent):
    if decide(count, Rule(percent)).quorum_reached and count.not_voting:
        more = Tally(count.for_, count.against, count.abstention + 1, count.not_voting - 1)

        assert decide(more, Rule(percent)).quorum_reached


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
    result = decide(count, Rule(50))

    assert (result.quorum_reached, result.adopted) == (quorum, adopted)


@pytest.mark.parametrize(
    ("voices", "majority", "base", "adopted"),
    [
        ((50, 50, 0, 0), "simple", "cast", False),
        ((51, 50, 0, 0), "simple", "cast", True),
        ((50, 50, 0, 0), "absolute", "cast", False),
        ((51, 49, 0, 0), "absolute", "cast", True),
        ((40, 30, 10, 20), "absolute", "cast", True),
        ((40, 30, 10, 20), "absolute", "taking_part", False),
        ((41, 29, 10, 20), "absolute", "taking_part", True),
        ((50, 0, 0, 50), "absolute", "electorate", False),
        ((51, 0, 0, 49), "absolute", "electorate", True),
        ((66, 33, 0, 1), "two_thirds", "cast", True),
        ((65, 34, 0, 1), "two_thirds", "cast", False),
        ((66, 33, 1, 0), "two_thirds", "taking_part", False),
        ((67, 33, 0, 0), "two_thirds", "electorate", True),
        ((0, 0, 60, 40), "two_thirds", "cast", False),
    ],
)
def test_a_majority_is_a_share_of_what_it_says(voices, majority, base, adopted):
    assert decide(Tally(*voices), Rule(50, majority, base)).adopted is adopted


@given(TALLIES, MAJORITY, BASE)
def test_a_stricter_majority_never_adopts_what_a_simple_one_rejects(count, majority, base):
    if decide(count, Rule(0, majority, base)).adopted:
        assert decide(count, Rule(0)).adopted


@given(TALLIES, MAJORITY, BASE)
def test_one_voice_less_than_needed_is_not_enough(count, majority, base):
    rule = Rule(0, majority, base)
    if majority != "simple" and count.cast:
        assert decide(count, rule).adopted == (count.for_ >= rule.voices_needed(count))
        whole = getattr(count, base)
        share = 1 / 2 if majority == "absolute" else 2 / 3
        assert (rule.voices_needed(count) - 1) / whole <= share <= rule.voices_needed(count) / whole + 1e-9
