"""Third chapter of a cycle: mandates, recommendations, texts, votes."""

from datetime import timedelta

from assembly import clock
from assembly.demo.telling import act, may_add
from assembly.demo.working import Working, hands
from assembly.models import Member
from deliberations.models import (
    Ballot,
    BallotPaper,
    Proposal,
    Recommendation,
    WorkingMandate,
)
from workshops.models import Meeting

Mode = Ballot.Mode
ENACTING = "Sur proposition de l’Assemblée citoyenne de Paris, le Conseil de Paris émet le vœu :"


class Deciding(Working):
    """The same rooms and people as the workshops; `tell` starts from the words of each text."""

    def tell(self):
        raise NotImplementedError

    # mandates

    def propose_mandate(self, text):
        words, executive, workshop = text["mandate"], self.who("executif"), self.workshop(text)
        may_add(executive, WorkingMandate, workshop)
        WorkingMandate.objects.propose(
            by=executive,
            workshop=workshop,
            notebook=workshop.notebook,
            sentence=words["sentence"].removesuffix("."),
            context=words["context"],
            expected_product=words["product"],
            limits=words.get("limits", ""),
            deputy_mayor=words["deputy"],
            directorate=words["directorate"],
        )

    def mandate(self, text):
        return WorkingMandate.objects.get(workshop=self.workshop(text))

    def plenary_votes(self, text, meeting):
        """A show of hands in the plenary, counted and closed on the spot."""
        lead, words = self.who("secretariat"), text["mandate"]
        held = Meeting.objects.get(cycle=self.cycle, title=meeting)
        question = f"Adoptez-vous le mandat de travail proposé à l’atelier {text['name']}\u00a0?"
        ballot = act(
            self.mandate(text), "open_ballot", by=lead, mode=Mode.HANDS, question=question, meeting=held
        )
        voices = [words["votes_for"], words["votes_against"], words["abstentions"]]
        self.counted_by_two(ballot, voices, self.who("garante"), lead)

    def counted_by_two(self, ballot, voices, first, second):
        """The second count seals the vote."""
        count = hands(voices, ballot.electorate)
        act(ballot, "count", by=first, **count)
        act(ballot, "close", by=second, **count)

    # recommendations and texts

    def recommend(self, text):
        by, workshop = self.rapporteur(text), self.workshop(text)
        may_add(by, Recommendation, workshop)
        for words in text["recommendations"]:
            Recommendation.objects.write(by=by, workshop=workshop, text=f"{words['title']}. {words['text']}")

    def hand_over(self, text):
        for recommendation in self.workshop(text).recommendations.all():
            act(recommendation, "hand_over", by=self.lead(text))

    def proposal(self, text):
        return Proposal.objects.get(workshop=self.workshop(text), kind=Proposal.Kind.WISH)

    def draft(self, text):
        by, workshop, words = self.rapporteur(text), self.workshop(text), text["proposal"]
        may_add(by, Proposal, workshop)
        clauses = [
            *({"kind": "recital", "text": recital} for recital in words["recitals"][:2]),
            {"kind": "operative", "text": ENACTING},
            *({"kind": "measure", "text": plain(measure)} for measure in words["first_measures"]),
        ]
        proposal = Proposal.objects.draft(
            by=by,
            workshop=workshop,
            kind=Proposal.Kind.WISH,
            title=words["title"],
            plain_summary=words["plain"],
            clauses=clauses,
        )
        if "districts" in words:
            act(proposal, "locate", by=by, districts=words["districts"])

    def save(self, text, *, by, recitals, measures, note, author_kind=""):
        """A new version: clauses that only change keep their name, so that differences can be shown."""
        proposal = self.proposal(text)
        latest = proposal.latest
        old = {
            kind: [row for row in latest.clauses if row["kind"] == kind]
            for kind in ("recital", "operative", "measure")
        }
        clauses = [
            *renewed(old["recital"], "recital", recitals),
            *old["operative"],
            *renewed(old["measure"], "measure", [plain(measure) for measure in measures]),
        ]
        act(
            proposal,
            "save_version",
            by=by,
            base=latest.number,
            clauses=clauses,
            note=note,
            author_kind=author_kind,
        )

    def cast(self, text, ballot, moment, choices):
        """Members vote one by one; `choices` are weights for, against, abstaining, and not voting."""
        papers = list(
            BallotPaper.objects.filter(ballot=ballot).order_by("pk").values_list("member_id", flat=True)
        )
        kinds = ["for", "against", "abstention", None]
        for member in papers:
            choice = self.chance.choices(kinds, choices)[0]
            if choice:
                self.on(
                    moment + timedelta(minutes=self.chance.randrange(5, 7000)),
                    self.vote,
                    ballot.pk,
                    member,
                    choice,
                )

    def vote(self, pk, member, choice):
        """Those who left meanwhile vote no more; the member who logs in is left something to do."""
        ballot, voter = Ballot.objects.get(pk=pk), Member.objects.get(pk=member)
        if (
            ballot.state == Ballot.State.OPEN
            and voter.is_seated
            and not voter.user.email.startswith("membre@")
        ):
            act(ballot, "cast", by=voter.user, choice=choice)


class FirstDeciding(Deciding):
    """The first promotion: three mandates, three wishes."""

    PLENARY = "Plénière : carnets de synthèse et mandats de travail".replace(" :", "\u00a0:")

    def tell(self):
        self.on("2022-06-20 10:00", self.chapter)
        for rank, text in enumerate(self.texts):
            after = timedelta(minutes=20 * rank)
            for moment, tell in [
                ("2022-06-15 10:00", self.propose_mandate),
                ("2022-06-18 15:00", self.vote_mandate),
                ("2022-11-26 10:00", self.recommend),
                ("2022-12-10 15:00", self.hand_over),
                ("2022-12-15 10:00", self.draft),
                ("2022-12-20 10:00", self.second_version),
                ("2022-12-21 10:00", self.send_to_review),
                ("2023-01-06 10:00", self.word_of_the_department),
                ("2023-01-12 10:00", self.co_draft),
                ("2023-01-23 10:00", self.common_version),
                ("2023-01-25 10:00", self.settle),
                ("2023-01-26 10:00", self.workshop_votes),
                ("2023-02-01 10:00", self.transmit),
                ("2023-02-06 10:00", self.carry),
                ("2023-02-20 10:00", self.file),
            ]:
                self.on(self.when(moment) + after, tell, text)
        self.on("2022-06-20 15:00", self.advance, "deepen")
        self.on("2023-02-03 10:00", self.advance, "go_to_council")
        self.on("2023-03-31 18:00", self.advance, "follow_up")

    def chapter(self):
        self.say("Première promotion: wishes, Council, returns")

    def advance(self, name):
        act(self.cycle, name, by=self.who("secretariat"))

    def vote_mandate(self, text):
        self.plenary_votes(text, self.PLENARY)

    def second_version(self, text):
        words = text["proposal"]
        measures = [*words["first_measures"], words["measures"][-1]]
        note = "Après relecture par tout l’atelier"
        self.save(text, by=self.rapporteur(text), recitals=words["recitals"], measures=measures, note=note)

    def send_to_review(self, text):
        act(self.proposal(text), "send_to_review", by=self.lead(text))

    def department(self, text):
        return self.who(text["mandate"]["directorate"].lower())

    def word_of_the_department(self, text):
        words = text["proposal"]
        measures = [words["measures"][0], *words["first_measures"][1:], words["measures"][-1]]
        note = f"Remarques de la {text['mandate']['directorate']}"
        self.save(text, by=self.department(text), recitals=words["recitals"], measures=measures, note=note)

    def co_draft(self, text):
        act(self.proposal(text), "co_draft", by=self.lead(text))

    def common_version(self, text):
        words, note = text["proposal"], "Version commune, à l’issue de la séance de co-rédaction"
        self.save(
            text, by=self.rapporteur(text), recitals=words["recitals"], measures=words["measures"], note=note
        )

    def settle(self, text):
        act(self.proposal(text), "settle", by=self.rapporteur(text))

    def workshop_votes(self, text):
        """Two votes in the room, one online over four days; all unanimous."""
        proposal, lead, words = self.proposal(text), self.lead(text), text["proposal"]
        question = f"Adoptez-vous le {words['title'][0].lower()}{words['title'][1:]}\u00a0?"
        if text is self.texts[-1]:
            end = clock.now() + timedelta(days=5)
            how = {"mode": Mode.ONLINE, "question": question, "closes_at": end}
            ballot = act(proposal, "open_ballot", by=lead, **how)
            self.cast(text, ballot, clock.now(), [90, 0, 0, 10])
            self.on(end, self.close_online, text, ballot.pk)
        else:
            ballot = act(proposal, "open_ballot", by=lead, mode=Mode.HANDS, question=question)
            voices = [words["votes_for"], words["votes_against"], words["abstentions"]]
            self.counted_by_two(ballot, voices, self.rapporteur(text), lead)

    def close_online(self, text, pk):
        act(Ballot.objects.get(pk=pk), "close", by=self.lead(text))

    def transmit(self, text):
        proposal = self.proposal(text)
        for recommendation in self.workshop(text).recommendations.all():
            self.trace(recommendation, proposal, text)
        act(proposal, "transmit", by=self.who("secretariat"))

    def trace(self, recommendation, proposal, text):
        """One was left aside, and it is said why."""
        if recommendation.text.startswith("Un lieu pour les adolescents"):
            reason = "Reporté : l’atelier a préféré quatre mesures précises ; l’idée est transmise aux conseils de quartier."
            act(recommendation, "set_aside", by=self.lead(text), reason=reason)
        else:
            act(recommendation, "trace", by=self.lead(text), proposal=proposal)

    def carry(self, text):
        executive = self.who("executif")
        if text["key"] == "environnement":
            words = text["proposal"]
            recitals = [
                *words["recitals"],
                "Considérant que la Ville s’est engagée dans un plan climat ;".replace(" ;", "\u00a0;"),
            ]
            note = "L’Exécutif ajoute un considérant ; les mesures ne changent pas"
            self.save(text, by=executive, recitals=recitals, measures=words["measures"], note=note)
        act(self.proposal(text), "carry", by=executive, carrier=text["mandate"]["deputy"])

    def file(self, text):
        number = f"V. {text['proposal']['council_number']}"
        act(
            self.proposal(text),
            "file",
            by=self.who("executif"),
            committee="7e Commission",
            number=number,
            attached_to=text["council"].get("attached_to", ""),
        )


class PresentDeciding(Deciding):
    """The cycle under way: a mandate adopted, another put to the vote online, a wish being written."""

    PLENARY = "Plénière de mi-parcours : premier carnet et mandat de travail".replace(" :", "\u00a0:")

    def tell(self):
        cool, night = (
            next(text for text in self.texts if text["key"] == key) for key in ("fraicheur", "nuit")
        )
        self.on("-9 mon 10:00", self.propose_mandate, cool)
        self.on("-8 sat 15:00", self.plenary_votes, cool, self.PLENARY)
        self.on("-7 mon 10:00", self.deepen)
        self.on("-5 tue 10:00", self.recommend, cool)
        self.on("-3 sat 09:45", self.draft, cool)
        self.on("-3 sat 11:00", self.second_version, cool)
        self.on("-3 sat 12:30", self.third_version, cool)
        self.on("-2 mon 10:00", self.propose_mandate, night)
        self.on("-1 mon 09:00", self.open_the_vote, night)

    def deepen(self):
        self.say("Quatrième promotion: mandates, a text, a vote online")
        act(self.cycle, "deepen", by=self.who("secretariat"))

    def second_version(self, text):
        words, note = text["proposal"], "On compte en minutes, et le soir"
        self.save(
            text,
            by=self.rapporteur(text),
            recitals=words["recitals"][:3],
            measures=words["second_measures"],
            note=note,
        )

    def third_version(self, text):
        words, note = text["proposal"], "Un essai par arrondissement ; les voisins et les pharmaciens"
        self.save(
            text, by=self.rapporteur(text), recitals=words["recitals"], measures=words["measures"], note=note
        )

    def open_the_vote(self, text):
        question, secretary = text["mandate"]["question"], self.who("secretariat")
        how = {"mode": Mode.ONLINE, "question": question, "closes_at": self.when("+1 sun 20:00")}
        ballot = act(self.mandate(text), "open_ballot", by=secretary, **how)
        self.cast(text, ballot, clock.now(), [62, 6, 8, 24])


def plain(measure):
    """The dash belongs to the page."""
    return measure.removeprefix("- ")


def renewed(old, kind, texts):
    """Clauses in order, each keeping the name of the one it replaces."""
    names = [row["id"] for row in old] + [""] * len(texts)
    return [{"id": name, "kind": kind, "text": text} for name, text in zip(names, texts, strict=False)]
