"""What surrounds a meeting in the story: its papers, its tables, who leaves early, who drifts away."""

from datetime import timedelta
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from assembly import clock
from assembly.demo.telling import act, found, may_add
from workshops.models import AgendaItem, Meeting, Outreach, Paper, TablePlan

EARLY = timedelta(days=26)
LATELY = timedelta(weeks=16)
URGENCY = "La salle n’a été confirmée par la mairie d’arrondissement que cette semaine."


class Gathering:
    """Mixed into the chapter of the meetings; `chance` of its own, so that the rest of the story stays as it is."""

    def prepare_room(self, text, row, lead):
        """Put on the agenda before its notice; a paper for the first point."""
        self.on(max(row.starts_at - EARLY, clock.now() + timedelta(hours=1)), self.open, text, row.pk)
        if row.kind in (Meeting.Kind.PLENARY, Meeting.Kind.HEARING) or row.starts_at > self.calendar.end:
            item = AgendaItem.objects.filter(meeting=row).first()
            self.attach(row, item, "Plan de la salle et accès", lead)

    def open(self, text, pk):
        row = Meeting.objects.get(pk=pk)
        if row.state == Meeting.State.PLANNED:
            act(row, "open", by=self.lead(text))

    def attach(self, row, item, title, by):
        may_add(by, Paper, row)
        paper = Paper(meeting=row, item=item, title=title, file=ContentFile(a_sheet(title), "plan.pdf"))
        paper.public = row.kind == Meeting.Kind.PLENARY
        paper.clean()
        paper.save()
        paper.record("create", by=by)

    def after_notice(self, text, row):
        """A visit changes its meeting point; the tables of the next workshop are tried."""
        if row.kind == Meeting.Kind.VISIT:
            self.on(clock.now() + timedelta(days=2), self.move, text, row.pk)
        if row.kind == Meeting.Kind.WORKSHOP and row.starts_at > self.calendar.end:
            self.seat(row, self.lead(text), shown=False)

    def move(self, text, pk):
        row = Meeting.objects.get(pk=pk)
        place = f"{row.place}, entrée côté jardin"[:200]
        times = {"starts_at": row.starts_at, "ends_at": row.ends_at}
        act(row, "move", by=self.lead(text), place=place, urgency=urgency(row), **times)

    def seat(self, row, lead, *, shown):
        """Tables mixed by gender and age."""
        may_add(lead, TablePlan, row)
        plan = TablePlan(meeting=row, rounds=2, criteria=["gender", "age"])
        plan.compute()
        plan.save()
        plan.record("create", by=lead)
        if shown:
            act(plan, "show", by=lead)

    def leave_early(self, text, pk):
        """In the last half-day, a few have a train to catch."""
        row = Meeting.objects.get(pk=pk)
        present = sorted(row.attendances.present().values_list("member", flat=True))
        gone = Random(f"départs {pk}").sample(present, min(len(present) // 12, 4))
        if gone:
            marks = dict.fromkeys(gone, "left")
            act(row, "take_attendance", by=self.lead(text), marks=marks, half_day=len(row.sittings))

    def drifting(self, text, row):
        """Of the cycle under way: those whom their workshop has not seen for months."""
        if "key" not in text or row.starts_at < self.calendar.end - LATELY:
            return set()
        kept = [f"{login}@exemple.invalid" for login in self.places]
        people = row.attendances.exclude(member__user__email__in=kept).order_by("-member")
        return set(people.values_list("member", flat=True)[: 1 if self.small else 2])

    def contact(self, text, row, lead):
        """The facilitator calls one of them."""
        missing = sorted(self.drifting(text, row))
        if row.starts_at < self.calendar.end - timedelta(weeks=8) or not missing:
            return
        workshop = row.workshop
        contact = Outreach(
            workshop=workshop,
            member_id=missing[0],
            note="Horaires de travail changés ; souhaite revenir si les ateliers finissent plus tôt.",
            next_step="Lui proposer de venir à la seconde demi-journée.",
            by=lead,
        )
        found(contact, by=lead, of=workshop)


def urgency(row):
    return URGENCY if row.cycle.notice_days and row.notice_until < clock.today() else ""


def a_sheet(title):
    """A page with a few lines: enough to be opened."""
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    pen.text((40, 40), title, fill="black")
    pen.rectangle((40, 90, 580, 600), outline="black")
    for table in range(6):
        left, top = 80 + 170 * (table % 3), 140 + 220 * (table // 3)
        pen.ellipse((left, top, left + 110, top + 110), outline="black")
    packed = BytesIO()
    page.save(packed, "PDF")
    return packed.getvalue()
