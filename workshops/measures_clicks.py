"""From the click to the sheet: a house of its own (VAR, DATABASE_URL), a worker of its own, real requests.

Run by `manage.py measure notebook`; prints [seconds for one page, for thirty, for a hundred notices].
"""

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django

SHORT, LONG, MEMBERS = 10, 5, 100
PATIENCE = 120


def main(content):
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with worker():
        house = House(json.loads(Path(content).read_text())["content"])
        house.one_page()  # the first job of a worker imports the printer
        short = max(house.one_page() for _click in range(SHORT))
        long = max(house.thirty_pages() for _click in range(LONG))
        print(json.dumps([short, long, house.notices()]))


@contextmanager
def worker():
    command = [sys.executable, "-m", "celery", "-A", "assembly", "worker", "--concurrency", "1"]
    process = subprocess.Popen([*command, "--loglevel", "error"], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def seconds_until(holds, started):
    while not holds():
        if time.perf_counter() - started > PATIENCE:
            raise SystemExit("The worker did not do it.")
        time.sleep(0.01)
    return time.perf_counter() - started


class House:
    """A secretary, a workshop of a hundred, and what they click on."""

    def __init__(self, long_content):
        from django.test import Client

        from assembly import clock
        from assembly.models import Appointment, Cycle, Member, Pool, User
        from workshops.models import Enrolment, Workshop

        self.long, self.now = long_content, clock.now()
        day = clock.today()
        self.cycle = Cycle.objects.create(
            number=1,
            title="Promotion de mesure",
            starts_on=day,
            ends_on=day + timedelta(days=300),
            state="discovery",
        )
        pool = Pool.objects.create(cycle=self.cycle, key="roll", title="Listes", source="roll", seats=MEMBERS)
        self.workshop = Workshop.objects.create(cycle=self.cycle, title="Fraîcheur en ville")
        self.secretary = User.objects.create(email="secretariat@exemple.invalid", name="Secrétariat")
        Appointment.objects.create(user=self.secretary, role="secretariat", since=day)
        for number in range(MEMBERS):
            user = User.objects.create(email=f"membre{number}@exemple.invalid", name=f"Membre {number}")
            member = Member.objects.create(cycle=self.cycle, pool=pool, user=user, state="sitting", since=day)
            Enrolment.objects.create(member=member, workshop=self.workshop, rank=1)
        self.client = Client(HTTP_HOST="localhost")
        self.client.force_login(self.secretary)

    def meeting(self, **fields):
        from workshops.models import Meeting

        starts = fields.pop("starts_at", self.now - timedelta(days=2))
        return Meeting.objects.create(
            cycle=self.cycle,
            workshop=self.workshop,
            title="Séance de mesure",
            starts_at=starts,
            ends_at=starts + timedelta(hours=3),
            place="Hôtel de Ville",
            **fields,
        )

    def one_page(self):
        """Minutes published by their button."""
        from workshops.models import Minutes

        minutes = Minutes.objects.create(
            meeting=self.meeting(state="held", called_at=self.now),
            narrative="# Accueil\n\nTour de table.",
            state="approved",
            approved_at=self.now,
        )
        return self.click(f"/comptes-rendus/{minutes.pk}/publier/", Minutes, minutes.pk)

    def thirty_pages(self):
        """A notebook deposited by its button."""
        from workshops.models import Finding, Notebook, NotebookSection, Workshop

        workshop = Workshop.objects.create(
            cycle=self.cycle, title=f"Atelier {Workshop.objects.count()}", position=9
        )
        notebook = Notebook.objects.create(
            workshop=workshop, title="Carnet", state="approved", approved_at=self.now, votes_for=9
        )
        for position, section in enumerate(self.long["sections"]):
            body = "\n\n".join(block.get("text", "[[figure carte]]") for block in section["blocks"])
            NotebookSection.objects.create(
                notebook=notebook, kind="findings", title=section["title"], body=body, position=position
            )
        for finding in self.long["findings"]:
            Finding.objects.create(notebook=notebook, text=finding["text"])
        return self.click(f"/carnets/{notebook.pk}/deposer/", Notebook, notebook.pk)

    def click(self, address, model, pk):
        started = time.perf_counter()
        response = self.client.post(address)
        assert response.status_code == 302, response.content.decode()
        return seconds_until(lambda: model.objects.filter(pk=pk, document__file__gt="").exists(), started)

    def notices(self):
        """The notice of a meeting to a hundred members."""
        meeting = self.meeting(starts_at=self.now + timedelta(days=20))
        started = time.perf_counter()
        response = self.client.post(f"/rencontres/{meeting.pk}/convoquer/")
        assert response.status_code == 302, response.content.decode()
        told = meeting.attendances.filter(notified_at__isnull=False)
        return seconds_until(lambda: told.count() == MEMBERS, started)


if __name__ == "__main__":
    main(sys.argv[1])
