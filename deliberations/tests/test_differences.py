from time import monotonic

from hypothesis import given
from hypothesis import strategies as st

from deliberations import clauses
from deliberations.differences import after, before, compare, compare_clauses, summary

TEXT = st.text(alphabet=st.sampled_from("ab é’ \n\t«»,.\u00a0\u2028\x1c"), max_size=80) | st.text(max_size=60)
NAMES = st.sampled_from([f"c{number}" for number in range(8)])
CLAUSES = st.lists(
    st.builds(clauses.clause, st.sampled_from(clauses.KINDS), TEXT, NAMES),
    max_size=8,
    unique_by=lambda row: row["id"],
)


@given(TEXT, TEXT)
def test_differences_give_both_texts_back_to_the_letter(old, new):
    segments = compare(old, new)

    assert before(segments) == old
    assert after(segments) == new


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text):
    assert compare(text, text) == ([("=", text)] if text else [])


@given(TEXT, TEXT)
def test_neighbours_never_say_the_same_thing(old, new):
    signs = [sign for sign, text in compare(old, new)]

    assert all(one != two for one, two in zip(signs, signs[1:], strict=False))


def test_long_texts_of_few_words_are_compared_in_no_time():
    old, new = "oui non " * 5000, "non oui oui " * 4000
    started = monotonic()

    segments = compare(old, new)

    assert (before(segments), after(segments)) == (old, new)
    assert monotonic() - started < 5


def test_only_the_words_that_changed_are_marked():
    assert compare("la Ville ouvre deux rues", "la Ville ouvre dix rues") == [
        ("=", "la Ville ouvre "),
        ("-", "deux "),
        ("+", "dix "),
        ("=", "rues"),
    ]


@given(CLAUSES, CLAUSES)
def test_a_text_in_clauses_is_found_again_after_and_before(old, new):
    rows = compare_clauses(old, new)

    assert [row.new for row in rows if row.new] == new
    assert sorted(row.old["id"] for row in rows if row.old) == sorted(row["id"] for row in old)
    for row in rows:
        assert before(row.segments) == (row.old["text"] if row.old else "")
        assert after(row.segments) == (row.new["text"] if row.new else "")


EDITS = {
    "add": lambda rows, place: clauses.add(rows, "recital", min(place, len(rows))),
    "up": lambda rows, place: clauses.move(rows, place, -1),
    "down": lambda rows, place: clauses.move(rows, place, 1),
    "delete": clauses.delete,
    "split": lambda rows, place: clauses.split(rows, place, 3) if place < len(rows) else rows,
    "merge": clauses.merge,
    "replace": lambda rows, place: clauses.replace(rows, f"c{place}", "autre chose"),
    "insert": lambda rows, place: clauses.insert(rows, f"c{place}", clauses.clause("measure", "de plus")),
}


@given(CLAUSES, st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 9)), max_size=12))
def test_any_edits_can_be_replayed_to_the_same_text(old, edits):
    new = old
    for name, place in edits:
        new = EDITS[name](new, place)

    rows = compare_clauses(old, new)

    assert [row.new for row in rows if row.new] == new
    assert sorted(row.old["id"] for row in rows if row.old) == sorted(row["id"] for row in old)


@given(CLAUSES.filter(bool), st.integers(0, 7), st.integers(0, 90))
def test_splitting_and_joining_lose_no_word(rows, place, at):
    place = min(place, len(rows) - 1)

    split = clauses.split(rows, place, at)
    joined = clauses.merge(rows, place)

    for changed in (split, joined):
        assert "".join(clauses.plain(changed).split()) == "".join(clauses.plain(rows).split())


def test_a_clause_that_went_elsewhere_is_moved_not_rewritten():
    one, two, three = (clauses.clause("recital", name, name) for name in ["a", "b", "c"])

    assert summary(compare_clauses([one, two, three], [three, one, two])) == {
        "added": 0,
        "removed": 0,
        "changed": 0,
        "moved": 1,
    }


def test_a_removed_clause_stands_where_it_stood():
    one, two, three = (clauses.clause("recital", name, name) for name in ["a", "b", "c"])

    assert [row.sort for row in compare_clauses([one, two, three], [one, three])] == [
        "kept",
        "removed",
        "kept",
    ]


@given(st.lists(st.fixed_dictionaries({"kind": st.sampled_from(clauses.KINDS), "text": TEXT, "id": NAMES})))
def test_tidied_clauses_have_each_a_name_and_words(rows):
    kept = clauses.tidy(rows)

    assert len({row["id"] for row in kept}) == len(kept)
    assert all(row["text"].strip() for row in kept)
    assert clauses.tidy(kept) == kept
