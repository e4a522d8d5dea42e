import io
import zipfile
from datetime import timedelta

import pytest

from assembly import clock, jobs
from assembly.models import Job
from sortition.engine import verify
from sortition.factories import RecruitingFactory, crowd
from sortition.models import Draw, SeatOffer

pytestmark = pytest.mark.django_db


@pytest.fixture
def operators(appointed):
    return appointed("operator"), appointed("operator")


def announced(operators, *, panels=20, cycle=None):
    cycle = cycle or RecruitingFactory()
    crowd(cycle)
    draw = Draw.objects.prepare(cycle, by=operators[0], panels=panels, seed_sources="Dés, puis Loto.")
    draw.announce(by=operators[0], announced_for=clock.now() + timedelta(days=12))
    return draw


def frozen(operators, **more):
    draw = announced(operators, **more)
    draw.freeze(by=operators[1])
    return draw


def drawn(operators, **more):
    draw = frozen(operators, **more)
    with clock.at(draw.announced_for):
        draw.enter_seed(by=operators[1], dice="314159", source_text="Loto 1 2 3 4 5", witnesses="Me Test")
        jobs.run(Job.objects.get(key=draw.job_key).pk)
    draw.refresh_from_db()
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
