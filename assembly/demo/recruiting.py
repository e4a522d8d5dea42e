"""First chapter of a cycle: from its preparation to a hundred people who said yes."""

import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from PIL import Image

from assembly import clock, jobs
from assembly.demo.answering import Answering
from assembly.demo.telling import act, found, may_add
from assembly.models import Cycle, Job, Member, Observation
from assembly.preparation import proposed
from sortition import weighing
from sortition.engine.plain import bare
from sortition.engine.sample_roll import write_roll
from sortition.engine.sample_volunteers import answers as sample_answers
from sortition.models import Draw, LetterBatch, Register, SeatOffer
from sortition.wording import first_words

CHARTER = "Charte de l’Assemblée citoyenne"
FIRST_CALLS = (
    ("no_answer", ""),
    ("message", "Rappeler après 18 h."),
    ("thinking", "Demande si les samedis sont tous pris. Rappeler jeudi."),
)
WITNESSES = (
    "Me Colombe Astier-Vanel, commissaire de justice",
    "Deux membres du comité de garantie",
    "Deux témoins du public, tirés au sort dans la salle",
)


@dataclass(frozen=True)
class Size:
    """How big a cycle is told."""

    lines: int = 60_000
    letters: int = 10_000
    answers: int = 748
    cards: tuple = (("non_eu", 120), ("minors", 45))
    pools: tuple = ()
    panels: int = 1000


@dataclass(frozen=True)
class Dates:
    """The days of a recruitment, as `reading.moment` reads them."""

    prepared: str
    opened: str
    read: str
    sent: str
    until: str
    online: str
    taken: str
    announced: str
    drawn: str
    confirmed: str
    begun: str


PATIENCE = 120  # seconds another worker is waited for


class Recruiting(Answering):
    def __init__(self, calendar, *, number, text, starts, ends, size, dates, logins=(), casting=None):
        super().__init__(calendar, f"recrutement {number}")
        self.number, self.text, self.size, self.dates = number, text, size, dates
        self.starts, self.ends, self.casting = starts, ends, casting
        self.logins = dict(logins)

    @property
    def cycle(self):
        return Cycle.objects.get(number=self.number)

    @property
    def draw(self):
        return Draw.objects.get(cycle__number=self.number)

    def tell(self):
        days = self.dates
        self.on(days.prepared, self.prepare)
        self.on(days.opened, self.open)
        self.on(days.read, self.hand_over_the_roll, atomic=False)
        if self.logins:
            self.on(self.when(days.sent) - timedelta(days=1), self.try_the_letters, atomic=False)
        self.on(days.sent, self.send)
        self.on(days.online, self.answer_by_hand)
        self.on(self.when(days.online) + timedelta(days=1), self.type_answers)
        self.on(days.taken, self.take_in)
        self.on(self.when(days.announced) + timedelta(days=1), self.decide)
        self.on(days.announced, self.announce)
        day = self.when(days.drawn)
        self.on(day - timedelta(days=1), self.freeze)
        self.on(day, self.enter_seed, atomic=False)
        self.on(day + timedelta(minutes=50), self.draw_the_number)
        self.on(day + timedelta(hours=1, minutes=30), self.certify)
        self.on(day + timedelta(hours=3), self.publish)
        self.on(days.confirmed, self.offers)
        self.on(days.begun, self.begin)
        for observation in self.text["observations"]:
            self.on(observation["at"], self.observe, observation)

    # preparing

    def prepare(self):
        self.say(f"{self.text['title']}: preparation, roll and letters")
        secretary, day = self.who("secretariat"), self.day
        cycle = found(
            Cycle(
                number=self.number,
                title=self.text["title"],
                summary=self.text["summary"],
                starts_on=day(self.starts),
                ends_on=day(self.ends),
                letters=self.size.letters,
                response_until=day(self.dates.until),
            ),
            by=secretary,
        )
        phases = [
            {"title": phase["title"], "starts_on": day(phase["starts"]), "ends_on": day(phase["ends"])}
            for phase in self.text["phases"]
        ]
        act(cycle, "set_phases", by=secretary, phases=phases)
        if self.size.pools:
            keys = ("key", "title", "source", "seats")
            act(
                cycle,
                "set_pools",
                by=secretary,
                pools=[dict(zip(keys, pool, strict=True)) for pool in self.size.pools],
            )
        act(cycle, "propose_targets", by=secretary, parity=True)
        if self.small:
            self.loosen(cycle, secretary)

    def loosen(self, cycle, secretary):
        """Thirty volunteers cannot fill the finer minima."""
        for pool in cycle.pools.all():
            loose = {
                key: (least if key.startswith("gender") else 0, most)
                for key, (least, most) in proposed(pool, parity=True).items()
            }
            act(cycle, "set_targets", by=secretary, pool=pool, targets=loose)

    def day(self, text):
        return self.when(text).date()

    def open(self):
        act(self.cycle, "open_recruitment", by=self.who("secretariat"))

    # the first draw

    def hand_over_the_roll(self):
        secretary, pool = self.who("secretariat"), self.cycle.pools.get(key="roll")
        may_add(secretary, Register, pool)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "roll.csv"
            write_roll(path, self.size.lines, seed=2000 + self.number, today=clock.today())
            name = f"com75056-LP-{clock.today():%d-%m-%Y}.csv"
            seed = f"Loto du {clock.today():%d/%m/%Y} : 7 12 23 31 40 – 4"
            Register.objects.hand_over(pool, path, name=name, seed=seed, by=secretary)
        self.run("draw_letters")

    def run(self, kind):
        """The worker's errand, done here unless a worker was quicker: what comes next needs it."""
        job = Job.objects.filter(kind=kind).latest("pk")
        jobs.run(job.pk)
        job.refresh_from_db()
        until = time.monotonic() + PATIENCE
        while job.state == Job.State.RUNNING and time.monotonic() < until:
            time.sleep(0.1)
            job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise RuntimeError(f"{kind}: {job.message}")

    def try_the_letters(self):
        """A first part is printed for the printer's trial; the rest leaves as a file for its own merge."""
        secretary, register = self.who("secretariat"), Register.objects.get(cycle=self.cycle)
        words = first_words(register) | {"last_day": register.cycle.response_until}
        batch = LetterBatch(
            **words,
            register=register,
            signatory="Dominique Laurier",
            phone="01 00 00 00 00",
            email="assemblee@exemple.invalid",
            officer="protection-des-donnees@exemple.invalid",
        )
        act(found(batch, by=secretary, of=register), "prove", by=secretary)
        self.run("print_letters")

    def send(self):
        secretary, register = self.who("secretariat"), Register.objects.get(cycle=self.cycle)
        act(register, "export", by=secretary)
        act(register, "send", by=secretary)

    # the answers

    def answer_by_hand(self):
        """Some answer online, some refuse, some letters come back."""
        secretary, letters = self.who("secretariat"), self.letters()
        lost, sorry, online = (1, 1, 1) if self.small else (70, 20, 12)
        numbers = self.chance.sample(list(letters.values_list("pk", flat=True)), lost + sorry + online)
        chosen = list(letters.filter(pk__in=numbers).select_related("contact", "pool__cycle"))
        for letter in chosen[:lost]:
            act(letter, "come_back", by=secretary)
        for letter in chosen[lost : lost + sorry]:
            act(letter, "decline", by=None)
        answering = {letter.code: letter for letter in chosen[lost + sorry :]}
        for answer in sample_answers(map(self.invited, answering.values()), online, f"{self.number}"):
            letter = answering[answer.invited.code]
            act(
                letter,
                "volunteer",
                by=None,
                gender=letter.sex,
                birth_date=letter.contact.birth_date,
                district=letter.district,
                diploma=answer.diploma,
                email=answer.email or address(letter.contact),
                phone=answer.phone,
            )

    # the panel draw

    def announce(self):
        self.say(f"{self.text['title']}: panel draw and seats")
        operator = self.who("operateur")
        may_add(operator, Draw, self.cycle)
        sources = "Vingt dés à dix faces lancés devant témoins et lus dans l’ordre, puis les numéros du Loto de la veille."
        draw = Draw.objects.prepare(self.cycle, by=operator, panels=self.size.panels, seed_sources=sources)
        settings = {
            "beacon": Draw.Beacon.LOTO,
            "households": True,
            "sacred": {"gender": "never", "age": "last"},
        }
        act(draw, "adjust", by=operator, **settings)
        act(draw, "announce", by=operator, announced_for=self.when(self.dates.drawn), beacon_at=self.loto)

    @property
    def loto(self):
        """The Loto of the evening before, once the pool is frozen."""
        return (self.when(self.dates.drawn) - timedelta(days=1)).replace(hour=20, minute=20)

    def freeze(self):
        """What the draw will give is looked at first, and remains beside it."""
        self.casting.call_the_bailiff(self.number, 3650 if self.number > 1 else 60)
        weighing.weighed(self.draw, by=self.who("operatrice"))
        self.run("weigh_draw")
        act(self.draw, "freeze", by=self.who("operatrice"))

    def enter_seed(self):
        """Typed by one operator and by the other; the number is thrown once the lottery is published."""
        seed = {
            "dice": "36142 50978 13366 20417",
            "source_text": f"Loto du {self.loto:%d/%m/%Y} : 3 17 22 38 45 – 9",
        }
        witnesses = "\n".join(WITNESSES)
        act(self.draw, "enter_seed", by=self.who("operatrice"), witnesses=witnesses, **seed)
        act(self.draw, "confirm_seed", by=self.who("operateur"), **seed)
        self.run("draw_panel")

    def draw_the_number(self):
        digits = "417"[: self.draw.dice_for_the_number]
        act(self.draw, "enter_number", by=self.who("operatrice"), digits=digits)
        act(self.draw, "confirm_number", by=self.who("commissaire"), digits=digits)

    def certify(self):
        statement = "L’empreinte affichée avant la graine est celle des fichiers publiés ; le tirage s’est déroulé sans incident."
        act(self.draw, "certify", by=self.who("commissaire"), statement=statement)

    def publish(self):
        act(self.draw, "publish", by=self.who("operateur"))

    # the seats

    def offers(self):
        """One answer after the other, a few minutes apart; a few say no and the next of the reserve is called."""
        offers = SeatOffer.objects.filter(draw=self.draw).waiting().order_by("pool", "pk")
        refused = {3} if self.small else {3, 11, 24, 38, 52, 67, 79, 88}
        for rank, offer in enumerate(offers):
            moment = clock.now() + timedelta(days=rank // 25, minutes=18 * (rank % 25))
            self.on(
                moment,
                self.refuse if rank in refused and not offer.volunteer.is_minor else self.confirm,
                offer.pk,
            )
            if rank % 9 == 3:
                self.on(moment - timedelta(minutes=9), self.ring, offer.pk, *FIRST_CALLS[rank // 9 % 3])

    def ring(self, pk, outcome, note):
        offer = SeatOffer.objects.get(pk=pk)
        act(offer, "log_call", by=self.who("secretariat"), outcome=outcome, note=note)

    def confirm(self, pk):
        offer = SeatOffer.objects.select_related("pool", "volunteer__contact").get(pk=pk)
        contact = offer.volunteer.contact
        key = "mineure" if offer.volunteer.is_minor else "adulte"
        login = self.logins[key].pop(0) if self.logins.get(key) else ""
        email = f"{login}@exemple.invalid" if login else reached_at(contact)
        if offer.is_minor:
            self.authorise(offer)
        act(
            offer,
            "confirm",
            by=self.who("secretariat"),
            email=email,
            name=shown(contact, offer.volunteer.is_minor),
            charter_on=clock.today(),
            charter=CHARTER,
        )

    def authorise(self, offer):
        """What the parents signed, received and looked at."""
        act(offer, "receive", by=self.who("secretariat"), file=signed_page())
        act(offer.authorisations.get(), "accept", by=self.who("secretariat"))

    def refuse(self, pk):
        offer = SeatOffer.objects.get(pk=pk)
        reasons = (
            "Vient d’accepter un emploi à Lyon.",
            "Ne peut pas être libre le samedi.",
            "Raison de santé.",
        )
        act(offer, "decline", by=self.who("secretariat"), reason=self.chance.choice(reasons))
        successor = SeatOffer.objects.filter(replaces=offer).first()
        if successor:
            self.on(
                clock.now() + timedelta(days=1), self.ring, successor.pk, "yes", "Très heureuse nouvelle !"
            )
            self.on(clock.now() + timedelta(days=2, minutes=20), self.confirm, successor.pk)

    def begin(self):
        act(self.cycle, "begin", by=self.who("secretariat"))

    def observe(self, text):
        guarantor = self.who("garante")
        observation = found(
            Observation(cycle=self.cycle, title=text["title"], text=text["text"]), by=guarantor, of=self.cycle
        )
        act(observation, "publish", by=guarantor)


def signed_page():
    """A page without words: nobody's signature is imitated."""
    page = BytesIO()
    Image.new("L", (210, 297), 255).save(page, "PNG")
    return ContentFile(page.getvalue(), name="page.png")


def reached_at(contact):
    """Their own address, or one made for them: a household may share one, and a seat needs its own."""
    taken = Member.objects.filter(cycle=contact.cycle_id, user__email__iexact=contact.email).exists()
    return contact.email if contact.email and not taken else address(contact)


def address(contact):
    parts = [
        bare(part).decode().lower() or "x" for part in (contact.first_name.split(" ")[0], contact.last_name)
    ]
    return f"{'.'.join(parts)}.{contact.pk}@exemple.invalid"


def shown(contact, is_minor):
    """Names as people write them; the surname of a minor is never shown."""
    first = contact.first_name.split(" ")[0].title()
    return first if is_minor else f"{first} {contact.last_name.title()}"
