import json
import re

import pytest

from sortition import codes
from sortition.engine import publish, verify
from sortition.factories import InvitationFactory, RecruitingFactory
from sortition.models import Volunteer
from sortition.tests.test_draw import announced, frozen
from sortition.tests.test_verify_here import published

pytestmark = pytest.mark.django_db


def lettered():
    """The letter of a volunteer of the roll, one that was not answered, and one of another cycle."""
    volunteer = Volunteer.objects.filter(pool__key="roll").first()
    letter = InvitationFactory(sent=True, pool=volunteer.pool)
    Volunteer.objects.filter(pk=volunteer.pk).update(invitation=letter)
    return volunteer, letter


def opened(client, draw, letter):
    answer = client.post(f"/en/tirages/{draw.pk}/ma-place/", {"code": letter.code})
    assert answer.url == f"/en/tirages/{draw.pk}/ma-place/vue/"
    return client.get(answer.url)


def test_a_volunteer_sees_their_place_and_both_proof_and_files_agree(operators, appointed, client, tmp_path):
    draw = published(operators, appointed)
    volunteer, letter = lettered()

    page = opened(client, draw, letter).content.decode()
    proof = client.get(f"/en/tirages/{draw.pk}/ma-place/preuve.json")

    publish.write(
        tmp_path / "draw", {file.name: file.text.encode() for file in draw.exhibits.filter(is_public=True)}
    )
    (tmp_path / "my-proof.json").write_bytes(proof.content)
    holds, said = verify.verify(tmp_path / "draw", tmp_path / "my-proof.json")
    assert holds, said
    assert said[-1].startswith(f"{volunteer.pseudonym} is in the pool, once (")
    numbers = re.search(r"Panels: (.*)\.", said[-1])[1]
    assert volunteer.pseudonym in page
    assert "Femmes" in page
    assert f"<p>{numbers}</p>" in page
    assert f"You are on {len(numbers.split(', '))} panels of 20." in page
    assert volunteer.salt not in proof.content.decode()
    assert "no-store" in proof["Cache-Control"]


def test_before_the_lottery_the_values_are_shown_and_not_the_panels(operators, client):
    draw = frozen(operators)
    _, letter = lettered()

    page = opened(client, draw, letter).content.decode()

    assert "The panels are known once the lottery is published." in page
    assert json.loads(client.get(f"/tirages/{draw.pk}/ma-place/preuve.json").content)["path"]


def test_whatever_is_wrong_the_same_sentence_says_it(operators, client):
    draw = frozen(operators)
    _, letter = lettered()
    unanswered = InvitationFactory(sent=True, pool=letter.pool)
    late = InvitationFactory(sent=True, pool=letter.pool)
    Volunteer.objects.filter(pk=Volunteer.objects.filter(pool__key="minors").first().pk).update(
        invitation=late, pseudonym="not there"
    )
    tries = [codes.fresh(), unanswered.code, late.code]

    pages = [client.post(f"/en/tirages/{draw.pk}/ma-place/", {"code": code}) for code in tries]

    assert {str(page.context["form"].errors["code"]) for page in pages} == {
        '<ul class="errorlist" id="id_code_error"><li>This code is not known here. Check it against your letter.</li></ul>'
    }
    for page in ("vue/", "preuve.json"):
        assert client.get(f"/tirages/{draw.pk}/ma-place/{page}").url.endswith("/ma-place/")


def test_codes_cannot_be_tried_for_ever_here_either(operators, client):
    draw = frozen(operators)
    _, letter = lettered()
    for _ in range(30):
        client.post(f"/tirages/{draw.pk}/ma-place/", {"code": codes.fresh()})

    assert client.post(f"/tirages/{draw.pk}/ma-place/", {"code": letter.code}).status_code == 429


def test_a_place_opened_in_one_draw_does_not_open_another(operators, client):
    draw = frozen(operators)
    _, letter = lettered()
    opened(client, draw, letter)
    other = announced(operators, cycle=RecruitingFactory())

    assert client.get(f"/tirages/{other.pk}/ma-place/").status_code == 404
    assert client.get(f"/tirages/{other.pk}/ma-place/preuve.json").status_code == 404
