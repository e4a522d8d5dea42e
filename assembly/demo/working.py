"""Second chapter of a cycle: workshops, meetings of every kind, minutes, notebooks."""

from dataclasses import dataclass
from datetime import timedelta

from assembly import clock
from assembly.demo import reading
from assembly.demo.gathering import Gathering, urgency
from assembly.demo.recording import Recording
from assembly.demo.recruiting import CHARTER, reached_at, shown
from assembly.demo.telling import Teller, act, edit, found, may_add
from assembly.models import Cycle, Member
from sortition.models import SeatOffer
from workshops.models import (
    AgendaItem,
    Allotment,
    Attendance,
    Decision,
    Enrolment,
    Hearing,
    Meeting,
    Notebook,
    NotebookQuestion,
    PersonHeard,
    Question,
    Workshop,
)

EXCUSES = ("Travaille ce jour-là.", "Enfant malade.", "Absent de Paris.", "Rendez-vous médical.", "Examen.")
NOTICE = timedelta(days=16)
HALF_DAY = timedelta(hours=5)


@dataclass(frozen=True)
class Season:
    """The days of a cycle’s work that its texts do not give."""

    founded: str
    wished: str
    allotted: str
    notebooks: str
    answered: dict
    departure: str
    leave: str
    late_departure: str = ""


class Working(Recording, Gathering, Teller):
    """`texts`: the words of each workshop; `facilitators`: their logins, in the same order."""

    def __init__(self, calendar, *, number, text, texts, facilitators, season, places=()):
        super().__init__(calendar, f"travaux {number}")
        self.number, self.text, self.texts, self.season = number, text, texts, season
        self.seen = set()
        self.facilitators, self.places = (
            dict(zip([text["key"] for text in texts], facilitators, strict=True)),
            dict(places),
        )

    @property
    def cycle(self):
        return Cycle.objects.get(number=self.number)

    def workshop(self, text):
        return Workshop.objects.get(cycle__number=self.number, title=text["name"])

    def lead(self, text):
        """Who prepares: the facilitator of the workshop, the secretariat for everybody’s meetings."""
        return self.who(self.facilitators[text["key"]] if "key" in text else "secretariat")

    def rapporteur(self, text):
        return type(self.workshop(text).rapporteur).objects.get(pk=self.workshop(text).rapporteur_id)

    def people(self, text):
        rows = Member.objects.seated().filter(cycle__number=self.number).order_by("pk")
        return list(rows.filter(enrolment__workshop=self.workshop(text)) if "key" in text else rows)

    def somebody(self, text):
        """A member of the workshop, as they are today."""
        return self.chance.choice(self.people(text)).user

    def tell(self):
        season = self.season
        self.on(season.founded, self.found_the_workshops)
        self.on(season.wished, self.wish)
        self.on(season.allotted, self.allot)
        self.on(season.departure, self.depart)
        self.on(season.leave, self.go_on_leave)
        if season.late_departure and not self.small:
            self.on(season.late_departure, self.leave_lately)
        for text in [self.text, *self.texts]:
            for meeting in self.kept(text["meetings"]):
                self.plan(text, meeting)
        for text in self.texts:
            if "notebook" in text:
                self.write_notebook(text)

    def kept(self, meetings):
        """A small story holds one meeting of each kind, those the rest hangs on, and those to come."""
        for meeting in meetings:
            over = self.when(meeting["at"]) < self.calendar.end
            if not self.small or not over or meeting["kind"] not in self.seen or is_needed(meeting):
                yield meeting
            self.seen.add(meeting["kind"] if over else "")

    # workshops

    def found_the_workshops(self):
        secretary = self.who("secretariat")
        for position, text in enumerate(self.texts, 1):
            workshop = Workshop(
                cycle=self.cycle, title=text["name"], purpose=text["summary"], position=position
            )
            found(workshop, by=secretary, of=self.cycle)
            act(workshop, "name_facilitator", by=secretary, user=self.lead(text))
        self.calendar.known.clear()

    def wish(self):
        """Most people rank the workshops; a few never answer."""
        self.say(f"{self.text['title']}: workshops, meetings, notebooks")
        workshops = [self.workshop(text) for text in self.texts]
        for member in Member.objects.seated().filter(cycle=self.cycle).order_by("pk"):
            wanted = self.chance.sample(workshops, len(workshops))
            place = self.places.get(member.user.email.partition("@")[0])
            if place:
                wanted.sort(key=lambda workshop: workshop.title != place)
            elif self.chance.random() < 0.06:
                continue
            enrolment, _new = Enrolment.objects.get_or_create(member=member)
            act(enrolment, "choose", by=member.user, workshops=wanted)

    def allot(self):
        secretary = self.who("secretariat")
        may_add(secretary, Allotment, self.cycle)
        allotment = Allotment.objects.prepare(self.cycle, f"Ateliers {self.number}", by=secretary)
        act(allotment, "publish", by=secretary)
        for login, title in self.places.items():
            self.place(login, title, secretary)
        for text in self.texts:
            self.name_rapporteur(text)

    def place(self, login, title, secretary):
        enrolment = Enrolment.objects.filter(member__user__email=f"{login}@exemple.invalid").first()
        if enrolment and enrolment.workshop.title != title:
            workshop = Workshop.objects.get(cycle=self.cycle, title=title)
            act(
                enrolment,
                "move",
                by=secretary,
                workshop=workshop,
                reason="Échange demandé et accepté par les deux membres.",
            )

    def name_rapporteur(self, text):
        people = [member for member in self.people(text) if not member.is_minor]
        chosen = next(
            (one for one in people if one.user.email.startswith("rapporteur@")), self.chance.choice(people)
        )
        act(self.workshop(text), "name_rapporteur", by=self.lead(text), user=chosen.user)

    # comings and goings

    def somebody_free(self):
        """An adult nobody counts on for the rest of the story."""
        kept = [f"{login}@exemple.invalid" for login in self.places]
        kept += [workshop.rapporteur.email for workshop in self.cycle.workshops.all()]
        rows = Member.objects.filter(cycle=self.cycle, state=Member.State.SITTING, is_minor=False).exclude(
            user__email__in=kept
        )
        return self.chance.choice(list(rows.order_by("pk")))

    def depart(self):
        """Somebody resigns; the next of the reserve takes the seat, and the place in the workshop."""
        secretary, member = self.who("secretariat"), self.somebody_free()
        act(member, "resign", by=secretary, reason="Déménagement hors de Paris.")
        act(member.offer, "vacate", by=secretary, reason="Démission.")
        successor = SeatOffer.objects.filter(replaces=member.offer).first()
        if successor:
            self.on(clock.now() + timedelta(days=6), self.welcome, successor.pk, member.enrolment.workshop_id)

    def welcome(self, pk, workshop):
        secretary, offer = self.who("secretariat"), SeatOffer.objects.get(pk=pk)
        contact = offer.volunteer.contact
        act(
            offer,
            "confirm",
            by=secretary,
            email=reached_at(contact),
            name=shown(contact, False),
            charter_on=clock.today(),
            charter=CHARTER,
        )
        enrolment, _new = Enrolment.objects.get_or_create(member=offer.member)
        reason = "La place laissée par un membre qui a démissionné."
        act(enrolment, "move", by=secretary, workshop=Workshop.objects.get(pk=workshop), reason=reason)

    def go_on_leave(self):
        """Five weeks away, and back."""
        member, back_on = self.somebody_free(), clock.today() + timedelta(days=35)
        act(member, "leave", by=self.who("secretariat"), reason="Naissance d’un enfant.", back_on=back_on)
        self.on(clock.now() + timedelta(days=35), self.come_back, member.pk)

    def come_back(self, pk):
        member = Member.objects.get(pk=pk)
        act(member, "return_", by=self.who("secretariat"), reason="Fin du congé, comme prévu.")

    def leave_lately(self):
        """Somebody left a few days ago: the seat is offered again, and the answer awaited."""
        secretary, member = self.who("secretariat"), self.somebody_free()
        act(member, "resign", by=secretary, reason="Mutation professionnelle hors d’Île-de-France.")
        act(member.offer, "vacate", by=secretary, reason="Démission.")
        if successor := SeatOffer.objects.filter(replaces=member.offer).first():
            note = "Doit en parler à son employeur. Rappeler lundi."
            act(successor, "log_call", by=secretary, outcome="thinking", note=note)

    # meetings

    def plan(self, text, meeting):
        starts, ends = (
            self.when(meeting["at"]),
            self.when(f"{meeting['at'].rsplit(' ', 1)[0]} {meeting['until']}"),
        )
        ready = self.when(self.season.allotted if "key" in text else self.season.founded)
        self.on(
            max(starts - timedelta(days=30), ready + timedelta(hours=1)),
            self.prepare,
            text,
            meeting,
            starts,
            ends,
        )

    def prepare(self, text, meeting, starts, ends):
        lead, cycle = self.lead(text), self.cycle
        row = found(
            Meeting(
                cycle=cycle,
                workshop=self.workshop(text) if "key" in text else None,
                kind=meeting["kind"],
                title=meeting["title"],
                purpose=meeting.get("purpose", ""),
                starts_at=starts,
                ends_at=ends,
                place=meeting["place"],
                half_days=2 if ends - starts > HALF_DAY else 1,
            ),
            by=lead,
            of=cycle,
        )
        for position, title in enumerate(meeting["agenda"], 1):
            length = max(15, int((ends - starts).total_seconds() / 60 / len(meeting["agenda"])) // 5 * 5)
            found(AgendaItem(meeting=row, position=position, title=title, minutes=length), by=lead, of=row)
        for person in meeting.get("people", []):
            fields = {name: person[name] for name in ("name", "capacity", "organisation", "interests")}
            found(PersonHeard(meeting=row, **fields), by=lead, of=row)
        self.prepare_room(text, row, lead)
        if row.kind == Meeting.Kind.HEARING:
            found(Hearing(meeting=row, brief=meeting.get("purpose", "")), by=lead, of=row)
        called = max(starts - NOTICE, clock.now() + timedelta(hours=2), self.first_notice())
        self.on(called, self.call, text, row.pk)
        for question in meeting.get("questions", []):
            self.on(
                max(starts - timedelta(days=6), called + timedelta(hours=1)), self.ask, text, row.pk, question
            )
        self.on(starts + timedelta(minutes=25), self.take_attendance, text, row.pk, meeting)
        self.on(ends - timedelta(minutes=20), self.leave_early, text, row.pk)
        self.on(ends - timedelta(minutes=5), self.hold, text, row.pk, meeting)

    def first_notice(self):
        """Nobody is called before somebody sits."""
        cycle = self.cycle
        seated = cycle.members.seated().exists()
        return clock.now() if seated else self.when(self.text["first_notice"])

    def call(self, text, pk):
        row = Meeting.objects.get(pk=pk)
        act(row, "call", by=self.lead(text), urgency=urgency(row))
        self.after_notice(text, row)

    def ask(self, text, pk, question):
        meeting, by = Meeting.objects.get(pk=pk), self.somebody(text)
        due = meeting.starts_at.date() + timedelta(days=question.get("due_days", 30))
        row = Question(
            cycle=meeting.cycle,
            workshop=meeting.workshop,
            meeting=meeting,
            text=question["text"],
            asked_by=next(seat for seat in by.seats if seat.cycle_id == meeting.cycle_id),
            addressed_to=question.get("department", ""),
        )
        found(row, by=by, of=meeting)
        for other in self.chance.sample(self.people(text), 1 if self.small else 3):
            act(row, "support", by=other.user)
        lead = self.lead(text)
        if "department" in question:
            act(row, "forward", by=lead, department=question["department"], due_on=due)
        else:
            self.on(meeting.starts_at - timedelta(hours=20), self.put, row, meeting, lead)
        if "answer" in question:
            after = meeting.ends_at + timedelta(hours=2, days=9 if "department" in question else 0)
            self.on(after, self.answer, text, row.pk, question)

    def put(self, row, meeting, lead):
        act(row, "put", by=lead, person=meeting.people_heard.first())

    def answer(self, text, pk, question):
        department = question.get("department", "").lower()
        by = self.who(department) if department else self.lead(text)
        act(Question.objects.get(pk=pk), "reply", by=by, answer=question["answer"])

    def take_attendance(self, text, pk, meeting):
        row = Meeting.objects.get(pk=pk)
        invited = list(row.attendances.order_by("pk").values_list("member_id", flat=True))
        size = min(meeting.get("present", round(len(invited) * self.chance.uniform(0.76, 0.9))), len(invited))
        present = set(self.chance.sample(invited, size)) - self.drifting(text, row)
        missing = [member for member in invited if member not in present]
        excused = missing[: len(missing) * 2 // 3 + 1]
        Status = Attendance.Status
        marks = dict.fromkeys(present, Status.PRESENT) | dict.fromkeys(excused, Status.EXCUSED)
        reasons = {member: self.chance.choice(EXCUSES) for member in excused}
        lead = self.lead(text)
        act(row, "take_attendance", by=lead, marks=marks, reasons=reasons)
        if row.kind == Meeting.Kind.PLENARY:
            self.seat(row, lead, shown=True)

    def hold(self, text, pk, meeting):
        row, lead = Meeting.objects.get(pk=pk), self.lead(text)
        act(row, "hold", by=lead)
        self.contact(text, row, lead)
        size = row.counts["present"]
        for line in meeting.get("decisions", []):
            sentence, voices = reading.counted(line)
            found(Decision(meeting=row, text=sentence, **hands(voices, size)), by=lead, of=row)
        self.follow(row, meeting, lead)
        if row.kind == Meeting.Kind.HEARING:
            self.on(row.ends_at + timedelta(days=12), self.publish_hearing, row, meeting, lead)
        if "minutes" in meeting:
            self.on(row.ends_at + timedelta(days=1, hours=2), self.write_minutes, text, pk, meeting)

    def publish_hearing(self, row, meeting, lead):
        """The sheet; somebody heard may withdraw their consent later on."""
        said = {person["name"]: person for person in meeting.get("people", [])}
        for person in row.people_heard.all():
            edit(person, by=lead, account=said[person.name].get("account", ""))
            if "withdraws" in said[person.name]:
                self.on(clock.now() + timedelta(days=9), self.withdraw, person, lead)
        edit(row.hearing, by=lead, summary=meeting.get("minutes", ""))
        act(row.hearing, "publish", by=lead)

    def withdraw(self, person, lead):
        act(person, "withdraw", by=lead)

    def write_minutes(self, text, pk, meeting):
        lead = self.lead(text)
        minutes = act(Meeting.objects.get(pk=pk), "write_minutes", by=lead)
        edit(minutes, by=lead, narrative=narrative(meeting))
        if meeting.get("draft_minutes") is True or (self.small and meeting["kind"] == "training"):
            return
        now = clock.now()
        self.on(now + timedelta(days=3), lambda: act(minutes, "submit", by=self.lead(text)))
        if self.small and meeting["kind"] == "visit":
            return
        self.on(now + timedelta(days=8), self.read_again, minutes, lead)
        if meeting.get("draft_minutes"):
            return
        self.on(now + timedelta(days=15), self.approve_minutes, minutes.pk)

    # notebooks

    def write_notebook(self, text):
        handed = self.when(text["notebook"]["at"])
        opened = max(handed - timedelta(days=40), self.when(self.season.notebooks))
        self.on(opened, self.open_notebook, text)
        for rank, section in enumerate(text["notebook"]["sections"][: 2 if self.small else None]):
            self.on(opened + timedelta(days=1 + rank, hours=rank), self.write_section, text, section)
        for question in text["notebook"].get("questions", []):
            self.on(opened + timedelta(days=9), self.ask_the_executive, text, question)
        self.on(max(opened + timedelta(days=11), handed - timedelta(days=5)), self.gather_findings, text)
        if "votes" in text["notebook"]:
            self.on(handed - timedelta(days=4), self.submit_notebook, text)
            self.on(handed - timedelta(days=2), self.approve_notebook, text)
            self.on(handed, self.deposit_notebook, text)
            self.on(self.season.answered[text["key"]], self.answer_notebook, text)

    def notebook(self, text):
        return Notebook.objects.get(workshop=self.workshop(text))

    def open_notebook(self, text):
        act(self.workshop(text), "open_notebook", by=self.lead(text))

    def write_section(self, text, section):
        row = self.notebook(text).sections.get(kind=section["key"])
        size = reading.in_words(min(59, len(self.people(text))))
        act(row, "write", by=self.somebody(text), body=section["text"].replace("{effectif}", size))

    def ask_the_executive(self, text, question):
        notebook = self.notebook(text)
        found_numbered(
            NotebookQuestion(notebook=notebook, text=question["text"]), by=self.somebody(text), of=notebook
        )

    def submit_notebook(self, text):
        act(self.notebook(text), "submit", by=self.rapporteur(text))

    def approve_notebook(self, text):
        voices = hands(text["notebook"]["votes"], self.workshop(text).enrolments.count())
        act(self.notebook(text), "approve", by=self.lead(text), **voices)

    def deposit_notebook(self, text):
        act(self.notebook(text), "deposit", by=self.rapporteur(text))

    def answer_notebook(self, text):
        answers = [question["answer"] for question in text["notebook"]["questions"]]
        for question, answer in zip(self.notebook(text).questions.all(), answers, strict=True):
            act(question, "reply", by=self.who("executif"), answer=answer)


def found_numbered(question, *, by, of):
    """A question takes its number when it is kept."""
    may_add(by, type(question), of)
    question.save()
    question.record("create", by=by)


def is_needed(meeting):
    """A plenary that votes on mandates, a hearing that waits for its answer."""
    votes = meeting["kind"] == "plenary" and any(" | " in line for line in meeting.get("decisions", []))
    return votes or any(question.get("overdue") for question in meeting.get("questions", []))


def hands(voices, size):
    """A show of hands; in a small story there are fewer of them."""
    if not voices:
        return {}
    if sum(voices) > size:
        voices = [size, 0, 0]
    return dict(zip(("votes_for", "votes_against", "abstentions"), voices, strict=True))


def narrative(meeting):
    actions = "\n".join(f"- {line}" for line in meeting.get("actions", []))
    return meeting["minutes"] + (f"\n\n# Suites à donner\n\n{actions}" if actions else "")
