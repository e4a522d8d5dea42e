import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from assembly import clock, jobs
from assembly.documents import to_html
from assembly.models import Job
from sortition.engine import verify
from sortition.factories import DrawFactory, RecruitingFactory, crowd
from sortition.models import Draw, SeatOffer, Volunteer

pytestmark = pytest.mark.django_db


SEED = {"dice": "314159", "source_text": "Loto 1 2 3 4 5"}


def announced(operators, *, panels=20, cycle=None, **more):
    cycle = cycle or RecruitingFactory()
    crowd(cycle)
    plan = {"seed_sources": "Dés, puis Loto.", "seed_dice": 6, **more}
    draw = Draw.objects.prepare(cycle, by=operators[0], panels=panels, **plan)
    draw.announce(by=operators[0], announced_for=clock.now() + timedelta(days=12))
    return draw


def frozen(operators, **more):
    draw = announced(operators, **more)
    draw.freeze(by=operators[1])
    return draw


def seeded(draw, operators):
    """The seed, typed by one and by the other."""
    draw.enter_seed(by=operators[1], witnesses="Me Test", **SEED)
    draw.confirm_seed(by=operators[0], **SEED)


def composed(operators, **more):
    draw = frozen(operators, **more)
    with clock.at(draw.announced_for):
        seeded(draw, operators)
        jobs.run(Job.objects.get(key=draw.job_key).pk)
    draw.refresh_from_db()
    return draw


def drawn(operators, *, number="07", **more):
    draw = composed(operators, **more)
    with clock.at(draw.announced_for + timedelta(hours=1)):
        draw.enter_number(by=operators[0], digits=number)
        draw.confirm_number(by=operators[1], digits=number)
    return draw


def test_a_whole_draw_is_reproduced_by_the_published_verifier(operators, appointed, client, tmp_path):
    draw = drawn(operators)
    draw.certify(by=appointed("bailiff"), statement="Conforme.")
    draw.publish(by=operators[0])

    archive = client.get(f"/tirages/{draw.pk}/verifier.zip")
    zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))).extractall(tmp_path)

    assert draw.state == Draw.State.PUBLISHED
    assert verify.main([str(tmp_path)]) == 0
    assert not (tmp_path / "people.csv").exists()
    assert SeatOffer.objects.count() == 12


def test_each_step_of_the_draw_is_in_the_journal_with_who_did_it(operators, appointed):
    draw = drawn(operators)
    bailiff = appointed("bailiff")
    draw.certify(by=bailiff, statement="Conforme.")
    draw.publish(by=operators[0])

    acts = [(entry.act.rpartition(".")[2], entry.by) for entry in draw.entries]
    first, second = operators
    assert acts == [
        ("create", first),
        ("announce", first),
        ("freeze", second),
        ("enter_seed", second),
        ("confirm_seed", first),
        ("compose", first),
        ("enter_number", first),
        ("confirm_number", second),
        ("certify", bailiff),
        ("publish", first),
    ]


def test_a_draw_is_announced_ten_clear_days_ahead(operators):
    draw = DrawFactory(prepared_by=operators[0])

    with pytest.raises(ValidationError):
        draw.announce(by=operators[0], announced_for=clock.now() + timedelta(days=10))
    draw.announce(by=operators[0], announced_for=clock.now() + timedelta(days=11))

    assert draw.state == Draw.State.ANNOUNCED


def test_four_eyes_freeze(operators):
    draw = announced(operators)

    with pytest.raises(ValidationError):
        draw.freeze(by=operators[0])

    draw.refresh_from_db()
    assert draw.state == Draw.State.ANNOUNCED


def test_quotas_that_cannot_be_kept_are_explained_and_nothing_is_frozen(operators):
    draw = announced(operators)
    Volunteer.objects.filter(pool__key="roll", profile__gender="F").update(state="withdrawn")

    with pytest.raises(ValidationError) as refusal:
        draw.freeze(by=operators[1])

    assert "Femmes" in " ".join(refusal.value.messages)
    draw.refresh_from_db()
    assert (draw.state, draw.exhibits.count()) == (Draw.State.ANNOUNCED, 0)


def test_the_seed_is_entered_at_the_hour_announced_and_never_changes(operators):
    draw = frozen(operators)

    with clock.at(draw.announced_for - timedelta(minutes=1)), pytest.raises(ValidationError):
        draw.enter_seed(by=operators[0], witnesses="Me Test", **SEED)
    with clock.at(draw.announced_for):
        seeded(draw, operators)
        with pytest.raises(ValidationError):
            draw.enter_seed(by=operators[0], witnesses="Me Test", **SEED)
        with pytest.raises(ValidationError):
            draw.confirm_seed(by=operators[1], **SEED)

    assert Job.objects.filter(kind="draw_panel").count() == 1


def test_the_same_seed_gives_the_same_panel_and_is_drawn_once(operators):
    draw = drawn(operators)
    selected = draw.exhibit("selected.csv").text

    jobs.run(Job.objects.get(key=draw.job_key).pk)

    assert SeatOffer.objects.count() == 12
    assert set(selected.split()[1:]) == set(draw.outcome["selected"])
    assert Volunteer.objects.filter(state="reserve").count() == 48


def test_a_killed_worker_draws_nothing_and_the_next_one_does(operators):
    draw = frozen(operators)
    with clock.at(draw.announced_for):
        seeded(draw, operators)
    job = Job.objects.get(key=draw.job_key)
    dead = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - jobs.LEASE)
    alive = jobs.claim(job.pk)

    with pytest.raises(jobs.LeaseLost):
        jobs.HANDLERS["draw_panel"](dead)
    assert not draw.exhibits.filter(name="panels.csv").exists()
    jobs.HANDLERS["draw_panel"](alive)

    assert draw.exhibits.filter(name="panels.csv").count() == 1


def test_a_suspended_draw_resumes_where_it_was_and_a_cancelled_one_opens_the_pool(operators):
    draw = frozen(operators)

    draw.suspend(by=operators[0], reason="Coupure de courant")
    draw.resume(by=operators[0], reason="Rétablie")
    assert draw.state == Draw.State.FROZEN
    draw.cancel(by=operators[0], reason="Salle fermée")

    assert not Draw.objects.closing(draw.cycle).exists()
    with pytest.raises(ValidationError):
        Draw.objects.prepare(draw.cycle, by=operators[0], seed_sources="Dés")
    another = Draw.objects.prepare(
        draw.cycle, by=operators[0], seed_sources="Dés", follow_reason="La salle avait fermé."
    )
    assert (another.follows, another.state) == (draw, Draw.State.PREPARED)


def test_a_drawn_panel_cannot_be_cancelled(operators):
    draw = drawn(operators)
    draw.suspend(by=operators[0], reason="Doute")

    with pytest.raises(ValidationError):
        draw.cancel(by=operators[0], reason="Déplaît")


def test_the_record_is_frozen_and_prints_without_a_name(operators, appointed):
    draw = drawn(operators)
    draw.certify(by=appointed("bailiff"), statement="Conforme.")
    draw.publish(by=operators[0])

    page = to_html(draw.document)

    assert draw.commitment in page
    assert draw.outcome["selected"][0] in page
    assert "DUPONT" not in page
    assert draw.document.content["pools"][0]["taken_part"] == 48


def test_the_public_sees_the_frozen_fingerprint_and_no_result_before_it_is_published(
    operators, appointed, client
):
    draw = drawn(operators)

    page = client.get(f"/tirages/{draw.pk}/")
    assert draw.commitment in page.content.decode()
    assert draw.outcome["selected"][0] not in page.content.decode()
    assert client.get(f"/tirages/{draw.pk}/fichiers/ids.csv").status_code == 200
    assert client.get(f"/tirages/{draw.pk}/fichiers/selected.csv").status_code == 404
    assert client.get(f"/tirages/{draw.pk}/fichiers/panels.csv").status_code == 200

    draw.certify(by=appointed("bailiff"), statement="Conforme.")
    draw.publish(by=operators[0])

    assert draw.outcome["selected"][0] in client.get(f"/tirages/{draw.pk}/").content.decode()
    assert client.get(f"/tirages/{draw.pk}/fichiers/selected.csv").status_code == 200
    assert client.get(f"/tirages/{draw.pk}/fichiers/people.csv").status_code == 404


def test_profiles_are_for_auditors_and_their_taking_is_recorded(operators, appointed, client):
    draw = frozen(operators)
    client.force_login(appointed("bailiff"))

    assert client.get(f"/tirages/{draw.pk}/fichiers/people.csv").status_code == 200
    assert draw.entries.latest("pk").act == "sortition.draw.audit"
    client.force_login(operators[0])
    assert client.get(f"/tirages/{draw.pk}/fichiers/people.csv").status_code == 404


def test_a_draw_being_prepared_is_nobody_elses_business(operators, client):
    draw = DrawFactory(prepared_by=operators[0])

    assert client.get(f"/tirages/{draw.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("act", "role"), [("geler", "secretariat"), ("certifier", "bailiff"), ("publier", "operator")]
)
def test_who_may_act_in_the_draw_room(operators, appointed, client, act, role):
    draw = announced(operators)

    for other in ("facilitator", "guarantor", "department"):
        client.force_login(appointed(other))
        assert client.get(f"/tirages/{draw.pk}/{act}/").status_code == 403
    client.force_login(appointed(role))
    assert client.get(f"/tirages/{draw.pk}/{act}/").status_code == 200


def test_the_whole_draw_is_done_in_the_browser(operators, appointed, client, work):
    cycle = RecruitingFactory()
    crowd(cycle)
    day = clock.today() + timedelta(days=12)
    client.force_login(operators[0])
    to = client.post(
        f"/cycles/{cycle.number}/tirage/",
        {
            "rule": "leximin",
            "panels": "100",
            "seed_sources": "Dés, puis Loto.",
            "seed_dice": "6",
            "number_from": "dice",
            "objection_hours": "0",
        },
    ).url.removesuffix("preparation/")
    client.post(f"{to}annoncer/", {"announced_for_0": f"{day:%Y-%m-%d}", "announced_for_1": "18:30"})
    client.force_login(operators[1])
    client.post(f"{to}geler/")
    draw = Draw.objects.get()
    with clock.at(draw.announced_for):
        seed = {"dice": "27 18 28", "source_text": "Loto  3 1 4"}
        client.post(f"{to}graine/", {**seed, "witnesses": "Me Test, huissier"})
        client.force_login(operators[0])
        client.post(f"{to}graine/confirmer/", seed)
        work(draw.job_key)
        client.post(f"{to}ecran/", {"digits": "41"})
        client.force_login(appointed("bailiff"))
        client.post(f"{to}numero/confirmer/", {"digits": "41"})
        client.post(f"{to}certifier/", {"statement": "Conforme."})
        client.force_login(operators[0])
        client.post(f"{to}publier/")

    draw.refresh_from_db()
    assert draw.state == Draw.State.PUBLISHED
    assert draw.seed == "271828|Loto 3 1 4"
    assert (draw.number_label, draw.exhibit("number.txt").text) == ("41", "41\n")
