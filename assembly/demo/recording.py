"""What is written in the story: corrections of the minutes, what is followed, findings, allowances paid."""

import re
from datetime import timedelta
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from django.utils.timezone import localdate
from PIL import Image, ImageDraw

from assembly import clock, pictures
from assembly.demo.telling import Teller, act, found, may_add
from assembly.models import Cycle
from workshops.models import AllowanceRun, Commitment, Correction, Evidence, Finding, Minutes, Picture, Remark

WHO = re.compile(r"^(?:Le |La |L’)?([A-Z]{3,}|secrétariat|animatrice|garante)\b")
DONE = "Fait, et vérifié à la séance suivante."
WITHDRAWN = "Abandonné : la question a été posée par écrit à la direction."
LATE_ADDITION = "Ajouter : une membre demande que le bruit soit mesuré aussi."
REFUSAL = "Cela n’a pas été dit en séance ; le sujet est inscrit à la prochaine."


class Recording:
    """Mixed into the chapter of the meetings; `chance` of its own, so that the rest of the story stays as it is."""

    luck = Random("écrits")

    def follow(self, row, meeting, lead):
        """What the meeting said would be done; most of it is."""
        for line in meeting.get("actions", [])[: 1 if self.small else None]:
            who = WHO.match(line)
            due = localdate(row.starts_at) + timedelta(days=self.luck.choice((21, 35, 60)))
            commitment = Commitment(
                meeting=row,
                text=line,
                who=who[1] if who else "l’ensemble des membres",
                due_on=due,
                decision=None,
            )
            found(commitment, by=lead, of=row)
            end = self.luck.random()
            if end < 0.8:
                name, outcome = ("keep", DONE) if end < 0.74 else ("drop", WITHDRAWN)
                after = row.ends_at + timedelta(days=self.luck.choice((12, 20, 30)))
                self.on(after, answered, commitment, name, lead, outcome)

    # minutes

    def read_again(self, minutes, lead):
        """Somebody who was there asks for a correction; it is answered, one way or the other."""
        minutes.refresh_from_db()
        there = minutes.meeting.attendances.came().select_related("member__user").order_by("pk").last()
        if there is None or self.luck.random() > (1 if self.small else 0.4):
            return
        user = there.member.user
        may_add(user, Correction, minutes)
        correction = Correction(minutes=minutes, author=user, wording=LATE_ADDITION)
        correction.save()
        correction.record("create", by=user)
        if self.luck.random() < 0.5:
            self.on(clock.now() + timedelta(days=2), answer, correction, "refuse", lead, {"reason": REFUSAL})
        elif minutes.meeting.starts_at < self.calendar.end - timedelta(days=30):
            self.on(clock.now() + timedelta(days=2), answer, correction, "accept", lead, {})

    def approve_minutes(self, pk):
        """By the next plenary, as its first item; then they are published."""
        minutes, secretary = Minutes.objects.get(pk=pk), self.who("secretariat")
        plenary = minutes.next_plenary
        if plenary and plenary.starts_at > clock.now():
            self.on(plenary.starts_at + timedelta(minutes=20), self.approve_minutes, pk)
            return
        for correction in minutes.corrections.waiting():
            act(correction, "refuse", by=secretary, reason=REFUSAL)
        act(minutes, "approve", by=secretary, plenary=plenary)
        self.on(clock.now() + timedelta(hours=20), lambda: act(minutes, "publish", by=secretary))

    # notebooks

    def gather_findings(self, text):
        """Each finding with the meetings it rests on, a remark in a margin, a picture and two figures."""
        notebook = self.notebook(text)
        held = {meeting.title: meeting for meeting in notebook.workshop.meetings.held()}
        for line in text["notebook"].get("findings", []):
            by = self.luck.choice(self.people(text)).user
            other = line.get("other_view", "")
            finding = Finding(
                notebook=notebook,
                text=line["text"],
                other_view=other,
                stance="disputed" if other else "shared",
            )
            kept(finding, by, notebook)
            for title in line.get("rests_on", []):
                if title in held:
                    kept(
                        Evidence(finding=finding, source=held[title], note=line.get("note", "")), by, finding
                    )
            for source in line.get("outside", []):
                kept(Evidence(finding=finding, title=source), by, finding)
        section = notebook.sections.first()
        for remark in text["notebook"].get("remarks", []):
            author = self.luck.choice(self.people(text)).user
            kept(Remark(section=section, author=author, text=remark), author, section)
        self.illustrate(notebook, text)

    def illustrate(self, notebook, text):
        by = self.luck.choice(self.people(text)).user
        picture = Picture(
            notebook=notebook,
            file=pictures.cleaned(thermometers()),
            alternative="Croquis : douze thermomètres alignés, le septième monte plus haut que les autres.",
            caption="Nos douze relevés du soir, dessinés par l’atelier.",
        )
        kept(picture, by, notebook)
        section = notebook.sections.get(kind="method")
        calls = f"[[figure presence]]\n\n[[figure carte]]\n\n[[image {picture.number}]]"
        act(section, "write", by=by, body=f"{section.body.rstrip()}\n\n{calls}")


def answered(commitment, name, lead, outcome):
    act(commitment, name, by=lead, outcome=outcome)


def kept(part, by, of):
    may_add(by, type(part), of)
    part.save()
    part.record("create", by=by)


def answer(correction, name, lead, facts):
    if correction.minutes.state == Minutes.State.IN_REVIEW:
        act(correction, name, by=lead, **facts)


def thermometers():
    """A drawing of our own, made of a few strokes."""
    sheet = Image.new("RGB", (1200, 620), "#fdfaf4")
    pen = ImageDraw.Draw(sheet)
    for column, height in enumerate((180, 210, 190, 240, 230, 260, 430, 300, 250, 220, 240, 200)):
        left = 60 + column * 92
        pen.rounded_rectangle((left, 90, left + 44, 560), 22, outline="#1b2631", width=4)
        pen.rounded_rectangle((left + 8, 550 - height, left + 36, 552), 14, fill="#a03b20")
    written = BytesIO()
    sheet.save(written, "PNG")
    return ContentFile(written.getvalue(), name="thermometres.png")


class Paying(Teller):
    """The allowances of a cycle under way: one run closed and a mistake found since, one in preparation."""

    def __init__(self, calendar, *, number):
        super().__init__(calendar, f"indemnités {number}")
        self.number = number

    def tell(self):
        self.on("-11 tue 10:00", self.prepare, "-12 sun")
        self.on("-11 tue 11:30", self.act_on_last, "check_over", "secretariat")
        self.on("-11 wed 09:00", self.act_on_last, "close", "gestion")
        self.on("-9 thu 15:00", self.find_a_mistake)
        self.on("-1 tue 10:00", self.prepare, "-2 sun")

    def prepare(self, until):
        secretary, cycle = self.who("secretariat"), Cycle.objects.get(number=self.number)
        run = AllowanceRun(cycle=cycle, until=localdate(self.when(f"{until} 12:00")))
        found(run, by=secretary, of=cycle)
        act(run, "reckon", by=secretary)

    def act_on_last(self, name, who):
        run = AllowanceRun.objects.filter(cycle__number=self.number).latest("number")
        act(run, name, by=self.who(who))

    def find_a_mistake(self):
        """Somebody was ticked present who had gone home: the next run takes it back."""
        line = AllowanceRun.objects.filter(cycle__number=self.number).latest("number").lines.last()
        act(
            line.meeting,
            "take_attendance",
            by=self.who("secretariat"),
            marks={line.member_id: "absent"},
        )
