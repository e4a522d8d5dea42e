"""What is public is there, in each format; what is not is in none."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
import rdflib
from django.conf import settings
from django.core import signals
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as pace

from assembly import clock, jobs
from assembly.factories import CycleFactory, UserFactory
from assembly.models import Cycle, Document, Phase, Release, Snapshot
from assembly.open_data import release
from assembly.open_data.registry import REGISTRY
from assembly.wsgi import application
from deliberations.factories import (
    BallotFactory,
    BallotPaperFactory,
    MeasureFactory,
    PledgeMilestoneFactory,
    ProposalFactory,
    RecommendationFactory,
    ReturnFactory,
    VersionFactory,
    WorkingMandateFactory,
)
from deliberations.models import Milestone, Request, YearlyReport
from workshops.factories import AgendaItemFactory, MeetingFactory, WorkshopFactory

pytestmark = pytest.mark.django_db
SECRET = "Nadège Quiberon"
API = "/api/v1/"


def snapshot_of(cycle):
    """Two women, said to be one or two; the true figures stay in `figures`."""
    criterion = {
        "key": "gender",
        "title": "Genre",
        "personal": True,
        "source": "Insee",
        "aim": "seats",
        "categories": [{"key": "F", "title": "Femmes", "population": 1000, "minimum": 1, "maximum": 2}],
        "origins": {},
    }
    day = {"day": "2026-02-01", "seats": 2, "stages": [{"key": "sitting", "half_days": False, "number": 2}]}
    return Snapshot.objects.create(
        cycle=cycle,
        moment=Snapshot.Moment.DRAW,
        day=date(2026, 2, 1),
        figures={**day, "criteria": [{**criterion, "cells": {"sitting": {"F": [4242, 4242]}}}]},
        public={
            **day,
            "criteria": [{**criterion, "cells": {"sitting": {"F": [1, 2], "": [0, 3]}}}],
        },
    )


def public_things():
    """One of each thing the public may know; returns the text."""
    measure = MeasureFactory()
    text, workshop, cycle = measure.proposal, measure.proposal.workshop, measure.proposal.cycle
    person = UserFactory(name=SECRET, email=f"nadege.quiberon{text.pk}@exemple.invalid")
    ReturnFactory(measure=measure, words="Deux rues ouvertes.", by=person)
    Milestone.objects.create(measure=measure, label="Dix rues", due_on=date(2027, 1, 1))
    BallotFactory(proposal=text, closed=True)
    WorkingMandateFactory(workshop=workshop, adopted=True)
    RecommendationFactory(workshop=workshop, handed_over_at=clock.now(), carried_by=text)
    AgendaItemFactory(meeting=MeetingFactory(workshop=workshop, held=True))
    Phase.objects.create(cycle=cycle, title="Découverte", starts_on="2026-01-01", ends_on="2026-03-01")
    Document.objects.create(kind="minutes", title="Compte rendu", cycle=cycle, content={"who": SECRET})
    Request.objects.create(cycle=cycle, kind="agenda", title="Les berges", text="…", state="sent")
    PledgeMilestoneFactory()
    snapshot_of(cycle)
    return text


def private_things(text):
    """The same, none of it public; all of it says the name of somebody."""
    cycle, workshop = text.cycle, text.workshop
    hidden = CycleFactory(state=Cycle.State.PREPARATION, title=SECRET)
    WorkshopFactory(cycle=hidden, title=SECRET)
    Phase.objects.create(cycle=hidden, title=SECRET, starts_on="2026-01-01", ends_on="2026-03-01")
    draft = ProposalFactory(workshop=workshop, title=SECRET)
    VersionFactory(proposal=draft, number=2, clauses=[{"id": "x", "kind": "measure", "text": SECRET}])
    BallotPaperFactory(
        ballot=BallotFactory(proposal=draft, online=True, question=SECRET), choice="for", cast_at=clock.now()
    )
    WorkingMandateFactory(workshop=workshop, sentence=SECRET)
    RecommendationFactory(workshop=workshop, text=SECRET)
    MeetingFactory(workshop=workshop, title=SECRET)
    Document.objects.create(kind="notice", title=SECRET, cycle=cycle, audience="members", content={})
    Request.objects.create(cycle=cycle, kind="agenda", title=SECRET, text=SECRET)
    YearlyReport.objects.create(year=2025, foreword=SECRET)
    return draft


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return b"".join(response)


def lines(client, name, **asked):
    response = client.get(f"{API}{name}/", asked)
    assert response.status_code == 200, response.content
    return response.json()["data"]


def test_what_is_public_is_in_every_format_and_nothing_else_in_any(client):
    private_things(public_things())

    lists = {name: read(client, f"{API}{name}/").decode() for name in REGISTRY}
    tables = {name: read(client, f"{API}{name}.csv").decode() for name in REGISTRY}
    counts = {name: len(json.loads(said)["data"]) for name, said in lists.items()}

    public = dict.fromkeys(REGISTRY, 1) | {"cycles": 2, "cycle-sheets": 2, "compositions": 2, "clauses": 4}
    public |= dict.fromkeys(["draws", "draw-files", "council-positions", "reports"], 0)
    assert counts == public
    assert {name: len(list(csv.DictReader(io.StringIO(said)))) for name, said in tables.items()} == counts
    everything = "".join([*lists.values(), *tables.values()])
    assert not [secret for secret in (SECRET, "quiberon", "4242") if secret in everything]


def test_a_reference_to_what_is_not_public_is_empty(client):
    draft = ProposalFactory()
    RecommendationFactory(workshop=draft.workshop, handed_over_at=clock.now(), carried_by=draft)

    said = lines(client, "recommendations")[0]

    assert (said["carriedBy"], said["workshop"]) == (
        None,
        f"{settings.SITE_URL}{API}workshops/{draft.workshop_id}/",
    )


def test_each_line_opens_at_its_own_address_and_says_the_same(client):
    public_things()

    said = [line for name in REGISTRY for line in lines(client, name)]

    for line in said:
        assert client.get(line["id"].removeprefix(settings.SITE_URL)).json() == line
    for page in {line["web"].removeprefix(settings.SITE_URL).partition("#")[0] for line in said}:
        assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    "missing", ["zut/", "texts/999999/", "texts/x/", "texts/1.2/", "clauses/1.zut/", "zut.csv"]
)
def test_what_is_not_there_is_said_in_a_sentence(client, missing):
    response = client.get(f"{API}{missing}")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("name", ["measures", "clauses"])
def test_pages_follow_each_other_without_losing_or_repeating_a_line(client, name):
    text = ProposalFactory(in_follow_up=True)
    MeasureFactory.create_batch(5, proposal=text)
    ProposalFactory.create_batch(2, transmitted=True)

    found, address = [], f"{API}{name}/?limit=3"
    while address:
        page = client.get(address.removeprefix(settings.SITE_URL)).json()
        found += [said["id"] for said in page["data"]]
        address = page["links"].get("next")

    assert found == [said["id"] for said in lines(client, name)]
    assert len(set(found)) == len(found) == page["pagination"]["totalElements"]


def test_a_list_is_narrowed_by_cycle_and_by_what_moved(client, secretary):
    still, moved = MeasureFactory.create_batch(2)
    with clock.at(datetime(2026, 3, 1, tzinfo=UTC)):
        still.entrust(by=secretary, owner="DEVE")
    with clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
        moved.entrust(by=secretary, owner="DVD")

    def numbers(**asked):
        return [said["number"] for said in lines(client, "measures", **asked)]

    assert numbers(cycle=still.cycle.number) == [still.number]
    assert numbers(modified_since="2026-05-01") == [moved.number]
    assert numbers(modified_since="2026-02-01T00:00:00Z", cycle=moved.cycle.number) == [moved.number]


@pytest.mark.parametrize(
    "asked",
    [
        "page=0",
        "page=x",
        "limit=501",
        "cycle=-1",
        "modified_since=hier",
        "modified_since=2026-13-45",
        "mois=3",
    ],
)
def test_a_wrong_question_is_refused_with_a_sentence(client, asked):
    response = client.get(f"{API}texts/?{asked}")

    assert response.status_code == 400
    assert response.json()["title"]


def test_a_page_costs_the_same_for_one_line_as_for_ten(client):
    def costs():
        found = {}
        for name in REGISTRY:
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{API}{name}/")
            found[name] = len(queries)
        return found

    public_things()
    first = costs()
    for _time in range(4):
        public_things()

    assert costs() == first
    assert max(first.values()) <= 9


def test_asking_again_costs_a_304_until_something_changes(client, secretary):
    measure = MeasureFactory()
    known = client.get(f"{API}measures/")["ETag"]

    again = client.get(f"{API}measures/", headers={"If-None-Match": known})
    measure.entrust(by=secretary, owner="DEVE")
    changed = client.get(f"{API}measures/", headers={"If-None-Match": known})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert again["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_through_the_api(client, method):
    response = getattr(client, method)(f"{API}texts/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


# The archive


def build():
    jobs.run(release.ask(None).pk)


def test_the_archive_moves_no_byte_when_nothing_changed_and_says_what_did(client):
    measure = MeasureFactory()
    with clock.at(datetime(2026, 3, 1, tzinfo=UTC)):
        build()
    first = read(client, reverse("open_data:archive"))
    with clock.at(datetime(2026, 3, 2, tzinfo=UTC)):
        build()
    assert read(client, reverse("open_data:archive")) == first
    assert Release.objects.get().checked_at == datetime(2026, 3, 2, tzinfo=UTC)

    ReturnFactory(measure=measure, words="Trois rues ouvertes.")
    with clock.at(datetime(2026, 3, 3, tzinfo=UTC)):
        build()

    last = Release.objects.first()
    changed = {name for name, said in last.datasets.items() if said["changed"].startswith("2026-03-03")}
    assert (Release.objects.count(), changed, last.datasets["returns"]["count"]) == (2, {"returns"}, 1)
    known = f'"{last.fingerprint}"'
    assert client.get(reverse("open_data:archive"), headers={"If-None-Match": known}).status_code == 304


def test_the_archive_of_a_night_is_asked_for_once(client):
    assert client.get(reverse("open_data:archive")).status_code == 404
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        first = release.ask_for_the_night()
    with clock.at(datetime(2026, 3, 2, 1, tzinfo=UTC)):
        before_dawn = release.ask_for_the_night()
    with clock.at(datetime(2026, 3, 2, 3, tzinfo=UTC)):
        next_night = release.ask_for_the_night()

    assert (before_dawn, next_night == first) == (first, False)


@pytest.mark.once
@pytest.mark.filterwarnings("default")
def test_another_program_reads_the_archive_and_finds_nothing_to_say(tmp_path):
    from frictionless import validate

    private_things(public_things())
    with (tmp_path / "all.zip").open("w+b") as file:
        found = release.write(file)

    report = validate(str(tmp_path / "all.zip"), type="package")

    assert report.flatten(["place", "type", "message"]) == []
    assert {task.name for task in report.tasks} == set(REGISTRY)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {"LISEZMOI.md", "README.md", "licences/etalab-2.0.txt", "licences/odbl-1.0.txt"} <= set(
            archive.namelist()
        )
        assert not any(SECRET in archive.read(name).decode() for name in archive.namelist())
        assert len(json.loads(archive.read("json/clauses.json"))["data"]) == found["clauses"]["count"]


def test_the_secretariat_alone_makes_the_archive_before_the_night(
    client, secretary, appointed, django_capture_on_commit_callbacks
):
    MeasureFactory()
    address = reverse("open_data_rebuild")
    client.force_login(appointed("guarantor"))
    assert client.post(address).status_code == 403
    client.force_login(secretary)

    with django_capture_on_commit_callbacks(execute=True):
        job = client.post(address).url

    assert client.get(job).status_code == 200
    page = client.get(reverse("open_data")).content.decode()
    assert Release.objects.get().fingerprint[:8] in page


# The descriptions


@pytest.mark.once
@pytest.mark.filterwarnings("default")
def test_the_catalogue_says_the_same_in_both_languages_of_portals(client):
    MeasureFactory()
    build()
    json_ld = rdflib.Graph().parse(data=read(client, f"{API}catalogue.jsonld"), format="json-ld")
    xml = rdflib.Graph().parse(data=read(client, f"{API}catalogue.rdf"), format="xml")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")

    assert set(json_ld) == set(xml)
    assert len(list(json_ld.subjects(rdflib.RDF.type, dcat.Dataset))) == len(REGISTRY)
    for address in (*json_ld.objects(None, dcat.downloadURL), *json_ld.objects(None, dcat.landingPage)):
        assert client.get(str(address).removeprefix(settings.SITE_URL)).status_code == 200


@pytest.fixture
def one_connection():
    """Requests through WSGI stay in the transaction of the test."""
    moments = (signals.request_started, signals.request_finished)
    for moment in moments:
        moment.disconnect(close_old_connections)
    yield
    for moment in moments:
        moment.connect(close_old_connections)


@pytest.mark.once
@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("one_connection")
def test_a_client_made_from_the_description_finds_no_fault():
    """Schemathesis asks good and bad questions to every kind of address, and holds the answers to the description."""
    import schemathesis

    public_things()
    plain = {"Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi(f"{API}openapi.json", application)
    calm = {
        "deadline": None,
        "database": None,
        "derandomize": True,
        "suppress_health_check": list(HealthCheck),
    }
    kinds = schemathesis.GenerationMode

    def ask(path, mode, examples):
        @pace(max_examples=examples, **calm)
        @given(case=schema[path]["GET"].as_strategy(generation_mode=mode))
        def asked(case):
            case.call_and_validate(headers=plain)

        asked()

    for name in list(REGISTRY)[::3]:
        ask(f"{API}{name}/", kinds.POSITIVE, 2)
    ask(f"{API}texts/", kinds.NEGATIVE, 8)
    for path in (
        API,
        f"{API}catalogue.jsonld",
        f"{API}clauses.csv",
        f"{API}votes.json",
        f"{API}clauses/{{key}}/",
    ):
        ask(path, kinds.POSITIVE, 2)
