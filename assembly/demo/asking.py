"""What members are asked: the survey of the entry, closed and published; that of mid-term, open."""

from datetime import timedelta

from assembly import clock
from assembly.composition import freezing
from assembly.demo import reading
from assembly.demo.telling import Teller, act, may_add
from assembly.models import Cycle, Member, Snapshot
from workshops.models import Survey


class Asking(Teller):
    """The cycle under way; `turnout`: the share of members who answer at each moment."""

    turnout = (("entry", 0.87), ("mid_term", 0.46))

    def __init__(self, calendar, *, number, season):
        super().__init__(calendar, f"enquêtes {number}")
        self.number, self.season = number, season
        self.words = reading.words("now_survey")

    @property
    def cycle(self):
        return Cycle.objects.get(number=self.number)

    def tell(self):
        self.on(self.season.founded, self.freeze, Snapshot.Moment.OPENING)
        self.on(self.season.wished, self.freeze, Snapshot.Moment.FIRST_SESSION)
        self.on(self.season.wished, self.prepare, "entry")
        self.on(self.when(self.season.allotted) + timedelta(days=12), self.count, "entry")
        self.on(self.calendar.end - timedelta(days=3), self.prepare, "mid_term")

    def freeze(self, moment):
        """By hand, where the phases did not do it."""
        may_add(self.who("secretariat"), Snapshot, self.cycle)
        freezing.take_once(self.cycle, moment)

    def prepare(self, moment):
        secretary, cycle = self.who("secretariat"), self.cycle
        may_add(secretary, Survey, cycle)
        until = clock.today() + timedelta(days=17)
        survey = Survey.objects.prepare(cycle, moment=moment, closes_on=until, by=secretary)
        act(survey, "open", by=secretary)
        self.on(clock.now() + timedelta(days=2), self.answer, moment)

    def survey(self, moment):
        return Survey.objects.get(cycle__number=self.number, moment=moment)

    def answer(self, moment):
        survey, words = self.survey(moment), list(self.words["words"])
        leanings, share = self.words[moment], dict(self.turnout)[moment]
        members = Member.objects.seated().filter(cycle=self.cycle).select_related("user").order_by("pk")
        known = {f"{login}@exemple.invalid" for login in ("membre", "mineure")}
        for member in members:
            if member.user.email in known or self.chance.random() > share:
                continue
            said = {key: self.mark(leaning) for key, leaning in leanings.items()}
            said["hardest"] = self.chance.choice("1112345")
            if words and self.chance.random() < 0.2:
                said["words"] = words.pop(0)["said"]
            act(survey, "answer", by=member.user, answers=said, finished=True)

    def mark(self, leaning):
        return str(min(5, max(1, round(self.chance.gauss(leaning, 0.95)))))

    def count(self, moment):
        secretary, survey = self.who("secretariat"), self.survey(moment)
        act(survey, "close", by=secretary)
        for said in self.words["words"]:
            for written in survey.free_answers.filter(text=said["said"]):
                if "published" in said:
                    act(written, "publish", by=secretary, text=said["published"])
        act(survey, "publish", by=secretary)
