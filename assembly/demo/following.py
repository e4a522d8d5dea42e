"""Last chapter of a cycle: its texts in the Council, and what became of their measures, year after year."""

from datetime import date, timedelta

from assembly.demo.deciding import Deciding
from assembly.demo.telling import act, may_add
from deliberations.models import Measure, YearlyReport

NOTHING_NEW = (
    "Le suivi continue : rien de nouveau depuis le dernier retour, la mesure reste inscrite au programme."
)
FOREWORD = """
Chaque année, la Ville dit ce qu’elle a fait de chacune des mesures nées de l’Assemblée citoyenne et adoptées par le
Conseil de Paris : ce qui avance, ce qui tarde, ce qui est abandonné et pourquoi.

Les réponses sont celles des directions, telles qu’elles ont été publiées. Le secrétariat général n’y a rien changé.
"""


class Following(Deciding):
    """The first promotion: the session of March 2023, a return every spring, a report every January."""

    OVERDUE = "Résultats du plan de lecture"

    def tell(self):
        for rank, text in enumerate(self.texts):
            after = timedelta(minutes=20 * rank)
            for moment, tell in [
                ("2023-03-02 10:00", self.put_on_agenda),
                ("2023-03-16 17:00", self.decide),
                ("2023-03-17 10:00", self.follow),
                ("2023-04-11 10:00", self.cite),
            ]:
                self.on(self.when(moment) + after, tell, text)
            self.give_returns(text)
        for year in range(2023, self.calendar.today.year):
            self.on(f"{year + 1}-01-22 10:00", self.report, year)

    def put_on_agenda(self, text):
        secretary = self.who("secretariat")
        act(
            self.proposal(text),
            "put_on_agenda",
            by=secretary,
            session_on=date(2023, 3, 16),
            opinion="favourable",
        )

    def decide(self, text):
        """The amendments, the groups, the text as it comes out, then the outcome."""
        reference = f"2023, V. {text['proposal']['council_number']}"
        secretary, proposal, council = self.who("secretariat"), self.proposal(text), text["council"]
        for amendment in council.get("amendments", []):
            act(proposal, "move_in_session", by=secretary, **amendment)
        act(proposal, "enter_positions", by=secretary, positions=council["groups"])
        outcome = "adopted"
        if "measures" in council:
            recitals = [row["text"] for row in proposal.latest.clauses if row["kind"] == "recital"]
            note, outcome = "Le texte tel que le Conseil l’a adopté", "adopted_amended"
            words = {"recitals": recitals, "measures": council["measures"], "note": note}
            self.save(text, by=secretary, author_kind="council", **words)
        act(proposal, "decide", by=secretary, outcome=outcome, reference=reference)

    def cite(self, text):
        number = text["proposal"]["council_number"]
        act(
            self.proposal(text),
            "cite",
            by=self.who("secretariat"),
            reference=f"2023, V. {number}",
            link=f"https://conseil.exemple.invalid/2023/V-{number}",
        )

    def follow(self, text):
        """Each directorate says what it will count, and by when."""
        secretary, proposal = self.who("secretariat"), self.proposal(text)
        act(proposal, "open_follow_up", by=secretary)
        for measure, words in zip(proposal.measures.order_by("number"), text["measures"], strict=True):
            act(measure, "entrust", by=secretary, owner=words["directorate"])
            by, number = self.who(words["directorate"].lower()), measure.number
            if indicator := words.get("indicator"):
                chosen = {name: indicator.get(name) for name in ("label", "unit", "start", "target")}
                act(measure, "choose_indicator", by=by, **chosen)
            for row in words.get("milestones", []):
                day = date.fromisoformat(row["by"])
                act(measure, "set_milestone", by=by, label=row["label"], due_on=day)
                if "reached" in row:
                    self.on(f"{row['reached']} 10:00", self.reach, text, number, by, row["label"])
        act(self.mandate(text), "close", by=secretary)

    def reach(self, text, number, by, label):
        measure = self.proposal(text).measures.get(number=number)
        act(measure, "reach_milestone", by=by, milestone=measure.milestones.get(label=label))

    # what became of it

    def give_returns(self, text):
        """Each spring; one measure has been waiting for its second return ever since."""
        for number, words in enumerate(text["measures"], 1):
            told = {row["year"]: row for row in words["returns"]}
            last = max(told)
            ended = told[last]["state"] in Measure.ENDED
            silent = words["title"].startswith(self.OVERDUE)
            for year in range(2024, self.calendar.today.year + 1):
                row = told.get(year) or {"state": told[last]["state"], "text": NOTHING_NEW}
                if year <= last or not (ended or silent):
                    self.on(
                        working_day(self.when(f"{year}-03-{8 + number:02d} 11:00")),
                        self.give_return,
                        text,
                        number,
                        words,
                        row,
                        str(year),
                    )

    def give_return(self, text, number, words, row, year):
        measure = self.proposal(text).measures.get(number=number)
        told = row["text"] + (f"\n\n{row['reason']}" if "reason" in row else "")
        values = words.get("indicator", {}).get("values", {})
        indicators = measure.indicators.all() if year in values else []
        act(
            measure,
            "give_return",
            by=self.who(words["directorate"].lower()),
            state=row["state"],
            words=told,
            department=words["directorate"],
            cost=words.get("costs", {}).get(year),
            readings={indicator.pk: values[year] for indicator in indicators},
        )

    def report(self, year):
        """In January, the year that ended."""
        by = self.who("secretariat")
        may_add(by, YearlyReport)
        report = YearlyReport.objects.begin(by=by, year=year, foreword=FOREWORD)
        act(report, "publish", by=by)


def working_day(moment):
    """The Friday before, for a Saturday or a Sunday."""
    return moment - timedelta(days=max(0, moment.weekday() - 4))
