"""A citizens’ deliberation under way: its articles, what was said of them, a session of co-drafting, an opinion that is late."""

from datetime import timedelta

from assembly import clock
from assembly.demo import reading
from assembly.demo.deciding import Deciding
from assembly.demo.telling import act, may_add
from deliberations import clauses as pieces
from deliberations.models import Amendment, ClauseRemark, Proposal, Review
from workshops.models import Meeting

ENACTING = "Délibère\u00a0:"


class Enacting(Deciding):
    """What the Council can decide by itself, beside the wish of the same workshop."""

    def tell(self):
        self.words = reading.words("now_cours")
        text = next(text for text in self.texts if text["key"] == "fraicheur")
        for moment, tell in [
            ("-5 thu 18:00", self.begin),
            ("-5 fri 19:00", self.discuss),
            ("-4 mon 10:00", self.answer),
            ("-4 tue 10:00", self.refer),
            ("-4 fri 16:00", self.check_the_law),
            ("-3 fri 10:00", self.co_draft),
            (self.words["session"]["at"], self.write_together),
            ("-1 thu 18:30", self.amend_again),
        ]:
            self.on(moment, tell, text)

    def proposal(self, text):
        return Proposal.objects.get(workshop=self.workshop(text), kind=Proposal.Kind.DELIBERATION)

    def articles(self, text):
        return pieces.of_kind(self.proposal(text).latest.clauses, "article")

    def begin(self, text):
        by, workshop, words = self.rapporteur(text), self.workshop(text), self.words
        may_add(by, Proposal, workshop)
        rows = [
            *(pieces.clause("citation", row) for row in words["citations"]),
            *(pieces.clause("recital", row) for row in words["recitals"]),
            pieces.clause("operative", ENACTING),
            *(pieces.clause("article", row) for row in words["articles"]),
        ]
        kind, facts = Proposal.Kind.DELIBERATION, {"title": words["title"], "plain_summary": words["plain"]}
        Proposal.objects.draft(by=by, workshop=workshop, kind=kind, clauses=rows, **facts)

    # what members say of it

    def discuss(self, text):
        self.amend(text, self.words["amended"])
        by, proposal = self.somebody(text), self.proposal(text)
        may_add(by, ClauseRemark, proposal)
        clause = self.articles(text)[0]["id"]
        ClauseRemark.objects.say(proposal, by=by, clause=clause, text=self.words["remark"]["text"])

    def amend_again(self, text):
        """Nobody has answered this one yet."""
        self.amend(text, self.words["open"])

    def amend(self, text, words):
        by, proposal = self.somebody(text), self.proposal(text)
        may_add(by, Amendment, proposal)
        row = next(row for row in self.articles(text) if words["from"] in row["text"])
        changed = row["text"].replace(words["from"], words["to"])
        facts = {"sort": "replace", "clause": row["id"], "text": changed, "reason": words["reason"]}
        Amendment.objects.table(proposal, by=by, **facts)

    def answer(self, text):
        by, proposal = self.rapporteur(text), self.proposal(text)
        amendment, answer = proposal.amendments.get(), self.words["amended"]["answer"]
        act(amendment, "accept", by=by, base=proposal.latest.number, answer=answer)

    # the directorates

    def refer(self, text):
        proposal, lead = self.proposal(text), self.lead(text)
        act(proposal, "send_to_review", by=lead)
        may_add(lead, Review, proposal)
        first, due_on = self.articles(text)[0]["id"], clock.today() + timedelta(days=15)
        for department, sort, about, question in [
            ("DASCO", Review.Sort.LEGAL, [], ""),
            ("DVD", Review.Sort.OPINION, [first], self.words["late"]["question"]),
        ]:
            facts = {"department": department, "sort": sort, "clauses": about, "question": question}
            Review.objects.refer(proposal, by=lead, due_on=due_on, **facts)

    def check_the_law(self, text):
        review, words = self.proposal(text).reviews.get(sort=Review.Sort.LEGAL), self.words["legal"]
        last = pieces.of_kind(review.pieces, "citation")[-1]
        proposed = {last["id"]: words["citation"]}
        opinion = Review.Opinion.RESERVED
        act(review, "answer", by=self.who("dasco"), opinion=opinion, words=words["words"], proposed=proposed)

    # together

    def co_draft(self, text):
        act(self.proposal(text), "co_draft", by=self.lead(text))

    def write_together(self, text):
        """The words of the directorate are taken up, then an article is written around the table."""
        proposal, lead, words = self.proposal(text), self.lead(text), self.words["session"]
        review = proposal.reviews.get(sort=Review.Sort.LEGAL)
        (clause,) = review.proposed
        act(review, "take_up", by=lead, base=proposal.latest.number, clause=clause)
        latest, first = proposal.latest, self.articles(text)[0]["id"]
        rows = pieces.insert(latest.clauses, first, pieces.clause("article", words["article"]))
        held = Meeting.objects.filter(workshop=self.workshop(text), kind=Meeting.Kind.CODRAFTING)
        facts = {"base": latest.number, "clauses": rows, "note": words["note"], "author_kind": "department"}
        act(
            proposal,
            "save_version",
            by=self.who("dasco"),
            meeting=held.order_by("starts_at").first(),
            **facts,
        )
