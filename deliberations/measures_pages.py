"""Figures of the pages: `manage.py measure pages`.

A house of its own under gunicorn as the README advises, a bare "hello" under the same server, and four readers.
Each page is asked for between two hellos, several times, and its ratio is the median: a busy machine slows both
alike. The promises of requests a second (200, 150, 120) and of milliseconds (20) were made where a hello was
answered 6,400 times a second to four readers and in 0.25 ms to one: they are kept here as ratios to the hello.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles

from django.conf import settings

from assembly.measuring import Figure, measure
from deliberations.measures_load import Asked, ask_once, header, read

READERS, TURNS, SECONDS, PATIENCE = 4, 3, 1, 60
SERVER = ("--workers", "4", "--threads", "4", "--log-level", "error")
HELLO = 6_400
PAGES = {
    "home": ("home page, kept", 0.5),
    "kept": ("list of texts, kept", 0.5),
    "known": ("list of texts, kept and read already", 0.5),
    "texts": ("list of texts, made for a member", 200 / HELLO),
    "space": ("a member’s own page", 150 / HELLO),
    "members": ("748 members, listed", 120 / HELLO),
    "volunteers": ("748 volunteers, listed", 120 / HELLO),
}
ALONE = {"text": "text with its journey", "remarks": "thirty amendments of a text"}
HELLO_ALONE, LONGEST = 0.25, 20  # milliseconds


@measure("pages")
def pages_figures(cycles="50"):
    """The pages of a house of one cycle, then of the same grown to `cycles`."""
    with tempfile.TemporaryDirectory() as folder:
        house, courses = House(Path(folder)), {}
        house.collect()
        for count in sorted({1, int(cycles)}):
            with Course(house, house.grown_to(count)) as course:
                yield from course.figures(f"{count} cycle{'s' if count > 1 else ''}")
                courses[count] = course
        first, *_, last = courses.values()
        for name in PAGES if last is not first else ():
            yield Figure(
                f"{PAGES[name][0]}, {cycles} cycles to 1", last.ratios[name] / first.ratios[name], "×"
            )


class House:
    """A place to write in, a database and servers."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "vendor").symlink_to(settings.VENDOR)
        said = {"VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/pages.sqlite3", "EMBEDDED": "1"}
        said |= {
            "DJANGO_SETTINGS_MODULE": "assembly.settings",
            "SECOND_FACTOR": "0",
            "DEBUG": "",
            "REDIS_URL": "",
        }
        self.env = {**os.environ, **{name: str(value) for name, value in said.items()}}

    def run(self, *words):
        command = [sys.executable, "-W", "ignore", *words]
        done = subprocess.run(command, env=self.env, cwd=settings.BASE_DIR, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def collect(self):
        self.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")

    def grown_to(self, count):
        return json.loads(self.run("-m", "deliberations.measures_growing", str(count)))

    @contextmanager
    def serving(self, application):
        """The port on which gunicorn answers."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *SERVER]
        server = subprocess.Popen(command, env=self.env, cwd=settings.BASE_DIR)
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(PATIENCE)


class Course:
    """Every page asked for between two hellos, turn after turn; medians of the turns."""

    def __init__(self, house, pages):
        self.house, self.pages = house, pages

    def __enter__(self):
        with ExitStack() as stack:
            self.pool = stack.enter_context(ProcessPoolExecutor(READERS, get_context("spawn")))
            self.hello = Asked(
                stack.enter_context(self.house.serving("deliberations.measures_hello:application")), "/"
            )
            self.site = stack.enter_context(self.house.serving("assembly.wsgi"))
            self.asked = {name: Asked(self.site, *said) for name, said in self.pages.items()}
            head, _body = ask_once(self.asked["kept"])
            self.asked["known"] = Asked(
                self.site, self.asked["kept"].address, etag=header(head, b"etag").decode()
            )
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *trouble):
        return self.stack.__exit__(*trouble)

    def figures(self, size):
        self.ratios = {}
        self.warm()
        for name, (words, bar) in PAGES.items():
            turns = [(self.rate(self.hello), self.rate(self.asked[name])) for _ in range(TURNS)]
            self.ratios[name] = median(page[0] / hello[0] for hello, page in turns)
            yield Figure(f"{size}: {words}", median(page[0] for _, page in turns), "requests a second")
            yield Figure(f"{size}: {words}, p95", median(page[1] for _, page in turns), "ms")
            yield Figure(f"{size}: {words}, to a hello", self.ratios[name], "×", bar)
        for name, words in ALONE.items():
            turns = [(self.alone(self.hello), self.alone(self.asked[name])) for _ in range(TURNS)]
            yield Figure(f"{size}: {words}, one reader, p50", median(page for _, page in turns), "ms")
            slower = median(page / hello for hello, page in turns)
            yield Figure(f"{size}: {words}, to a hello", slower, "×", LONGEST / HELLO_ALONE, at_least=False)

    def warm(self):
        """Every process of the server has made every page."""
        for asked in (self.hello, *self.asked.values()):
            self.together(asked, 0.7)

    def together(self, asked, seconds, readers=READERS):
        begins = time.time() + 0.05
        found = [self.pool.submit(read, asked, begins, seconds) for _ in range(readers)]
        took, statuses = zip(*(one.result() for one in found), strict=True)
        expected = {304} if asked.etag else {200}
        if set().union(*statuses) != expected:
            raise RuntimeError(f"{asked.address}: {set().union(*statuses)}")
        return sum(took, [])

    def rate(self, asked):
        """(answers a second, 95th hundredth in milliseconds)."""
        took = self.together(asked, SECONDS)
        return len(took) / SECONDS, quantiles(took, n=20)[-1] * 1000

    def alone(self, asked):
        return median(self.together(asked, SECONDS, readers=1)) * 1000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")
