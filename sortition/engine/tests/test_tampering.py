"""Whatever is altered in what is published, the verifier says so in a sentence."""

import hashlib

import pytest

from sortition.engine import canonical, publish, verify
from sortition.engine.profiles import Person
from sortition.engine.tests import folders


def verified(files, directory):
    publish.write(directory / "draw", files)
    return verify.verify(directory / "draw")


@pytest.mark.parametrize("name", folders.HONEST)
def test_honest_draws_hold_for_auditors_and_for_everybody(name, tmp_path):
    files = folders.honest(name)

    holds, said = verified(files, tmp_path / "auditors")
    assert holds, said
    holds, fewer = verified(folders.public(files), tmp_path / "public")
    assert (holds, fewer) == (True, said[: len(fewer)])
    assert len(fewer) < len(said)


@pytest.mark.parametrize("name", folders.BY_ANYBODY)
@pytest.mark.parametrize("tier", [dict, folders.public])
@pytest.mark.parametrize("care", [dict, folders.forged])
def test_anybody_sees_it(name, tier, care, tmp_path):
    holds, said = verified(tier(care(folders.BY_ANYBODY[name](folders.honest("plain")))), tmp_path)

    assert not holds
    assert said[-1].endswith((".", ")"))


@pytest.mark.parametrize("name", folders.OF_TWO_STEPS)
@pytest.mark.parametrize("tier", [dict, folders.public])
def test_a_number_that_is_not_the_throw_is_seen(name, tier, tmp_path):
    holds, said = verified(tier(folders.OF_TWO_STEPS[name](folders.honest("two steps"))), tmp_path)

    assert not holds
    assert said[-1].endswith((".", ")"))


@pytest.mark.parametrize("name", folders.BY_AUDITORS)
@pytest.mark.parametrize("care", [dict, folders.forged])
def test_auditors_see_it(name, care, tmp_path):
    holds, said = verified(care(folders.BY_AUDITORS[name](folders.honest("plain"))), tmp_path)

    assert not holds
    assert said[-1].endswith((".", ")"))


@pytest.mark.parametrize("number", [1, 2, 3, 7, 13])
def test_everybody_has_a_proof_of_their_own_that_is_nobody_else_s(number):
    people = [Person(f"p{n}", {"name, with comma": f"line\nfeed “{n}”"}) for n in range(number)]
    table, salts = canonical.people_csv(people), folders.salts_of(people)
    root = canonical.commitment_txt(table, b"", b"", salts).decode().split()[1]

    leaves = set()
    for person in people:
        proof = canonical.leaf_proof(table, salts, person.id)
        node = canonical.leaf(proof["heading"] + "\n", proof["row"] + "\n", proof["salt"])
        leaves.add(node.hex())
        for side, beside in proof["path"]:
            pair = [bytes.fromhex(beside), node] if side == "left" else [node, bytes.fromhex(beside)]
            node = hashlib.sha256(b"\1" + b"".join(pair)).digest()
        assert node.hex() == root == proof["root"]

    assert sorted(leaves) == canonical.leaves_txt(table, salts).decode().split()
    with pytest.raises(KeyError):
        canonical.leaf_proof(table, salts, "stranger")


def test_leaves_anybody_could_guess_are_not_published():
    assert "leaves.txt" not in folders.honest("without salts")
    assert "leaves.txt" in folders.public(folders.honest("plain"))
    assert "salts.csv" not in folders.public(folders.honest("plain"))
