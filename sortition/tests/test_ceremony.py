"""What is typed before the witnesses, in which order, by whom; and what the room and the public see of it."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from assembly import clock, jobs
from sortition import ceremony
from sortition.engine import verify
from sortition.engine.lottery import pick
from sortition.models import Draw, SeatOffer
from sortition.publication import protocol
from sortition.tests.test_draw import SEED, composed, drawn, frozen

pytestmark = pytest.mark.django_db


def refusal(act, **facts):
    with pytest.raises(ValidationError) as refused:
        act(**facts)
    return " ".join(refused.value.messages)


def unpacked(client, draw, place):
    answer = client.get(f"/tirages/{draw.pk}/verifier.zip")
    zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).extractall(place)
    return place


@pytest.mark.parametrize("typed", ["", "31415", "3141599", "31415a", "000000", "31415\u0669"])
def test_dice_that_are_not_those_laid_down_are_refused_in_a_sentence(typed):
    assert refusal(ceremony.dice_of, text=typed, expected=6).endswith(".")


@pytest.mark.parametrize("typed", ["", "7", "0007", "7a", "020", "99", "-1"])
def test_a_number_that_is_no_panel_is_refused_in_a_sentence(typed):
    assert refusal(ceremony.number_of, text=typed, panels=20).endswith(".")


def test_digits_may_be_typed_with_spaces_and_keep_their_zeros():
    assert ceremony.dice_of("31 41 59", 6) == "314159"
    assert ceremony.number_of("0 0 7", 1000) == "007"
    assert [ceremony.width(panels) for panels in (10, 100, 1000, 10_000)] == [1, 2, 3, 4]


@pytest.mark.parametrize("source", ["", " – ", "000 000", "0-0"])
def test_a_public_source_of_nothing_is_refused(source):
    assert refusal(ceremony.source_of, text=source).endswith(".")


def test_the_seed_waits_for_its_public_source(operators):
    draw = frozen(operators)
    Draw.objects.filter(pk=draw.pk).update(beacon="loto", beacon_at=draw.announced_for + timedelta(hours=1))

    with clock.at(draw.announced_for):
        assert refusal(draw.enter_seed, by=operators[0], witnesses="Me Test", **SEED)


def test_the_seed_exists_only_once_another_operator_typed_the_same(operators):
    draw = frozen(operators)
    with clock.at(draw.announced_for):
        assert refusal(draw.confirm_seed, by=operators[0], **SEED)
        draw.enter_seed(by=operators[0], witnesses="Me Test", **SEED)
        assert refusal(draw.confirm_seed, by=operators[0], **SEED)
        assert "314158" in refusal(draw.confirm_seed, by=operators[1], **SEED | {"dice": "314158"})
        draw.refresh_from_db()
        assert (draw.seed, draw.job) == ("", None)
        draw.confirm_seed(by=operators[1], **SEED)

    assert draw.seed == "314159|Loto 1 2 3 4 5"


def test_a_seed_badly_typed_is_corrected_before_it_is_confirmed_and_the_record_says_so(operators):
    draw = frozen(operators)
    with clock.at(draw.announced_for):
        draw.enter_seed(by=operators[0], witnesses="Me Test", **SEED | {"dice": "314158"})
        draw.enter_seed(by=operators[0], witnesses="Me Test", **SEED)
        draw.confirm_seed(by=operators[1], **SEED)

    incidents = [step for step in protocol(draw, draw.entries) if step.get("kind") == "incident"]
    assert [step["words"] for step in incidents] == ["314159"]


def test_the_lottery_is_public_and_verified_before_any_number_is_thrown(operators, client, tmp_path):
    draw = composed(operators)

    folder = unpacked(client, draw, tmp_path)

    assert draw.state == Draw.State.COMPOSED
    assert SeatOffer.objects.count() == 0
    assert not {"selected.csv", "record.json", "number.txt", "people.csv"} & {
        path.name for path in folder.iterdir()
    }
    holds, said = verify.verify(folder)
    assert holds
    assert said[-1] == "The record tells the same, and no panel is drawn yet."


def test_the_number_thrown_designates_the_panel_and_is_verified_as_such(
    operators, appointed, client, tmp_path
):
    draw = drawn(operators, number="07")
    draw.certify(by=appointed("bailiff"), statement="Conforme.")
    draw.publish(by=operators[0])

    holds, said = verify.verify(unpacked(client, draw, tmp_path))

    assert holds, said
    assert "Panel 7, designated by hand, is the one selected." in said
    assert (tmp_path / "number.txt").read_text() == "7\n"
    (tmp_path / "number.txt").unlink()
    assert "laid down beforehand" in verify.verify(tmp_path)[1][-1]


def test_the_number_waits_for_the_end_of_the_objections(operators):
    draw = composed(operators, objection_hours=24)

    with clock.at(draw.composed_at + timedelta(hours=23)):
        assert refusal(draw.enter_number, by=operators[0], digits="07")
    with clock.at(draw.composed_at + timedelta(hours=24)):
        draw.enter_number(by=operators[0], digits="07")

    assert draw.number_entered == "07"


def test_who_typed_the_number_does_not_confirm_it_and_both_must_read_the_same(operators, appointed):
    draw = composed(operators)
    with clock.at(draw.announced_for + timedelta(hours=1)):
        assert refusal(draw.confirm_number, by=operators[1], digits="07")
        draw.enter_number(by=operators[0], digits="07")
        assert refusal(draw.confirm_number, by=operators[0], digits="07")
        assert refusal(draw.confirm_number, by=operators[1], digits="17")
        draw.confirm_number(by=appointed("bailiff"), digits="0 7")

    assert (draw.state, draw.number_label) == (Draw.State.DRAWN, "07")
    assert SeatOffer.objects.count() == 12


def test_without_dice_the_seed_says_the_number_and_nobody_may_throw_one(operators):
    draw = composed(operators, number_from="seed")
    with clock.at(draw.announced_for + timedelta(hours=1)):
        assert refusal(draw.enter_number, by=operators[0], digits="07")
        draw.derive_number(by=operators[0])

    assert draw.outcome["number"] == pick(20, draw.seed)
    assert not draw.exhibits.filter(name="number.txt").exists()


def test_a_lottery_objected_to_is_cancelled_and_the_next_draw_stands_beside_it(operators, client):
    draw = composed(operators)
    draw.cancel(by=operators[0], reason="Une réclamation était fondée.")
    after = Draw.objects.prepare(
        draw.cycle, by=operators[0], seed_sources="Dés", follow_reason="Deux réponses étaient la même."
    )
    after.announce(by=operators[0], announced_for=clock.now() + timedelta(days=12))

    old, new = (client.get(f"/tirages/{one.pk}/").content.decode() for one in (draw, after))

    assert f'href="/tirages/{after.pk}/"' in old
    assert f'href="/tirages/{draw.pk}/"' in new
    assert "Deux réponses étaient la même." in old
    assert "Deux réponses étaient la même." in new
    assert "Une réclamation était fondée." in new


def test_the_room_sees_each_scene_on_its_screen_and_no_name(operators, client):
    draw = frozen(operators)
    client.force_login(operators[0])

    def scene(query=""):
        page = client.get(f"/tirages/{draw.pk}/ecran/{query}").content.decode()
        assert "DUPONT" not in page
        return page

    assert 'data-scene="seed"' in scene()
    with clock.at(draw.announced_for):
        draw.enter_seed(by=operators[1], witnesses="Me Test", **SEED)
        assert "31415" in scene()
        draw.confirm_seed(by=operators[0], **SEED)
        assert 'data-scene="making"' in scene()
        jobs.run(draw.job.pk)
        assert 'data-scene="number"' in scene()
        refused = client.post(f"/tirages/{draw.pk}/ecran/", {"digits": "99"}).content.decode()
        assert 'value="99"' in refused
        client.post(f"/tirages/{draw.pk}/ecran/", {"digits": "13"})
        assert 'data-scene="entered"' in scene()
        draw.confirm_number(by=operators[1], digits="13")
    assert 'data-scene="drawn"' in scene()
    assert draw.outcome["selected"][0] in scene("?vue=1")
    assert "<progress" in scene("?vue=2")
    assert "/tirages/" in scene("?vue=999")


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("graine/confirmer/", {"secretariat", "operator"}),
        ("ecran/", {"secretariat", "operator"}),
        ("numero/confirmer/", {"secretariat", "operator", "guarantor", "bailiff"}),
        ("numero/graine/", {"secretariat", "operator"}),
    ],
)
def test_who_may_do_what_before_the_room(operators, appointed, client, path, roles):
    draw = frozen(operators)

    for role in ("secretariat", "operator", "guarantor", "bailiff", "facilitator", "department"):
        client.force_login(appointed(role))
        allowed = client.get(f"/tirages/{draw.pk}/{path}").status_code == 200
        assert allowed == (role in roles), role
