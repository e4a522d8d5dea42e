"""Between the meetings: what members need, what they tell each other, how they want to be told."""

from datetime import timedelta

from assembly import clock
from assembly.demo import reading
from assembly.demo.telling import Teller, act, may_add
from assembly.models import Appointment, Cycle, Member
from workshops import letters
from workshops.models import Enrolment, Meeting, Message, Need, NeedsSheet, Subscription, Thread, Workshop

ANSWERING = 0.7
NEEDING = 0.3


class Belonging(Teller):
    """The cycle under way only: needs and talk of a cycle that is over are gone or closed."""

    def __init__(self, calendar, *, number, season):
        super().__init__(calendar, f"vie commune {number}")
        self.number, self.season = number, season
        self.words = reading.words("now_talk")

    @property
    def cycle(self):
        return Cycle.objects.get(number=self.number)

    def tell(self):
        self.on(self.season.wished, self.tell_needs)
        self.on(self.when(self.season.allotted) - timedelta(hours=1), self.place_by_hand)
        self.on(self.season.allotted, self.choose_rhythms)
        subjects = self.words["subjects"]
        for subject in subjects[2:] if self.small else subjects:
            self.on(subject["at"], self.discuss, subject)
        self.on(self.calendar.end - timedelta(hours=3), self.provide)

    def members(self):
        return Member.objects.seated().filter(cycle=self.cycle).select_related("user").order_by("pk")

    def tell_needs(self):
        kinds = list(self.words["needs"])
        known = {f"{login}@exemple.invalid" for login in ("membre", "mineure")}
        for place, member in enumerate(self.members()):
            if member.user.email in known or self.chance.random() > ANSWERING:
                continue
            needing = place < len(kinds) or self.chance.random() < NEEDING
            chosen = [kinds[place % len(kinds)]] if needing else []
            sheet, _new = NeedsSheet.objects.get_or_create(member=member)
            act(sheet, "tell", by=member.user, needs={kind: self.words["needs"][kind] for kind in chosen})

    def place_by_hand(self):
        """Two members of one household, each in their own workshop."""
        enrolment = Enrolment.objects.filter(member__in=self.members()).order_by("-pk").first()
        workshop = self.cycle.workshops.order_by("position").last()
        reason = "Deux membres d’un même foyer, chacun dans son atelier."
        act(enrolment, "pin", by=self.who("secretariat"), workshop=workshop, reason=reason)

    def choose_rhythms(self):
        for member in self.members()[::4]:
            choice, _new = Subscription.objects.get_or_create(user=member.user)
            act(choice, "choose", by=member.user, rhythm=Subscription.Rhythm.WEEKLY)

    def discuss(self, subject):
        workshop = Workshop.objects.get(cycle=self.cycle, title=subject["workshop"])
        people = [seat.user for seat in self.members().filter(enrolment__workshop=workshop)]
        authors = self.chance.sample(people, min(len(people), len(subject["messages"])))
        may_add(authors[0], Thread, workshop)
        first, *others = subject["messages"]
        thread = Thread.objects.open(workshop, by=authors[0], title=subject["title"], text=first)
        for place, text in enumerate(others, 1):
            later = clock.now() + timedelta(hours=5 * place)
            self.on(later, self.speak, thread.pk, authors[place % len(authors)], text)
        over = clock.now() + timedelta(hours=5 * len(others) + 9)
        self.on(over, self.moderate, thread.pk, subject)

    def speak(self, pk, author, text):
        thread = Thread.objects.get(pk=pk)
        may_add(author, Message, thread)
        thread.say(by=author, text=text)

    def moderate(self, pk, subject):
        thread = Thread.objects.get(pk=pk)
        lead = thread.workshop.facilitators.first()
        if "hidden" in subject:
            message = list(thread.messages.all())[subject["hidden"]]
            self.flag(message, "Cela vise une personne, pas une idée.")
            act(message, "hide", by=lead, reason=subject["because"])
        if "closed" in subject:
            act(thread, "close", by=lead, reason=subject["closed"])
        elif "hidden" not in subject:
            self.flag(thread.messages.last())

    def flag(self, message, reason=""):
        """One member finds that the facilitator should read it again."""
        readers = self.members().filter(enrolment__workshop=message.workshop).exclude(user=message.author)
        if reader := readers.first():
            act(message, "flag", by=reader.user, reason=reason)

    def provide(self):
        """The next meeting where somebody needs something is half arranged."""
        team = Appointment.objects.current().filter(role=Appointment.Role.SUPPORT).first().user
        for meeting in Meeting.objects.filter(cycle=self.cycle).upcoming():
            if needs := list(Need.objects.at(meeting)):
                marks = {need.pk: ("provided", "") for need in needs[::2]}
                act(meeting, "provide", by=team, marks=marks, seen={})
                break
        letters.send_due()
