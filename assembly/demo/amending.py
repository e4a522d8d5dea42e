"""What members change on the way: words of a mandate, clauses of a text, sources; and what else they ask for."""

from datetime import timedelta

from assembly import clock
from assembly.demo.deciding import Deciding
from assembly.demo.telling import act, may_add
from assembly.models import Member
from deliberations.models import (
    Amendment,
    ClauseRemark,
    Instrument,
    InstrumentLimit,
    Recommendation,
    Request,
    Review,
    Wording,
)
from workshops.models import Meeting

STUDY = {
    "title": "Atlas fictif des lieux frais, édition de l’Agence des parcs",
    "url": "https://exemple.invalid/atlas-des-lieux-frais",
    "note": "Un habitant sur trois vit à plus de dix minutes, à pas lent, d’un lieu ouvert le soir.",
}


class Sourcing(Deciding):
    """Each recommendation says what it rests on, before it is handed over."""

    def __init__(self, calendar, *, at, **work):
        super().__init__(calendar, **work)
        self.at = at

    def tell(self):
        for text in self.texts:
            if "recommendations" in text:
                self.on(self.at, self.say_what_it_rests_on, text)

    def say_what_it_rests_on(self, text):
        by, workshop = self.rapporteur(text), self.workshop(text)
        kinds = [Meeting.Kind.HEARING, Meeting.Kind.VISIT, Meeting.Kind.WORKSHOP]
        held = list(Meeting.objects.held().filter(workshop=workshop, kind__in=kinds).order_by("starts_at"))
        for rank, recommendation in enumerate(Recommendation.objects.filter(workshop=workshop)):
            if held:
                act(recommendation, "rest_on", by=by, source=held[rank % len(held)])
            if rank == 0 and text["key"] == "fraicheur":
                act(recommendation, "rest_on", by=by, **STUDY)


class Amending(Deciding):
    """The cycle under way."""

    def tell(self):
        cool, night = (
            next(text for text in self.texts if text["key"] == key) for key in ("fraicheur", "nuit")
        )
        self.on(
            "-9 wed 18:00", self.would_rather, cool, ("le soir compris", "le soir et le dimanche compris")
        )
        self.on("-9 fri 11:00", self.accept_the_words, cool)
        self.on("-2 wed 18:00", self.would_rather, night, ("cent mètres", "cinq cents mètres"))
        self.on("-2 fri 11:00", self.decline_the_words, night)
        self.on("-2 thu 19:00", self.amend, cool)
        self.on("-2 sat 10:00", self.answer_amendments, cool)
        self.on("-1 mon 11:00", self.ask_the_directorates, cool)
        self.on("-1 wed 16:00", self.hear_a_directorate, cool)
        self.tell_of_requests(night)

    # the words of a mandate

    def would_rather(self, text, change):
        mandate, by = self.mandate(text), self.somebody(text)
        may_add(by, Wording, mandate)
        sentence = mandate.sentence.replace(*change)
        if sentence == mandate.sentence:
            sentence = f"{mandate.sentence}, dimanche et jours fériés"
        reason = "Nous l’avons entendu en audition : c’est là que tout se joue.".replace(" :", "\u00a0:")
        Wording.objects.counter_propose(mandate, by=by, sentence=sentence, reason=reason)

    def accept_the_words(self, text):
        answer = "L’Exécutif reprend vos mots."
        act(self.mandate(text).wordings.get(), "accept", by=self.who("executif"), answer=answer)

    def decline_the_words(self, text):
        reason = (
            "Au-delà de cent mètres, le trajet relève du réseau de transport, que la Ville ne dirige pas."
        )
        act(self.mandate(text).wordings.get(), "decline", by=self.who("executif"), reason=reason)

    # the clauses of a text

    def measures(self, proposal):
        return [row for row in proposal.latest.clauses if row["kind"] == "measure"]

    def amend(self, text):
        proposal, (first, second, third, *_rest) = self.proposal(text), self.measures(self.proposal(text))
        for row, words, reason in [
            (
                first,
                first["text"].replace("22\u00a0heures", "23\u00a0heures"),
                "À 22\u00a0heures, les logements sont au plus chaud.",
            ),
            (
                second,
                second["text"].replace("à titre d’essai ", ""),
                "Un essai de plus ne rassurera personne.",
            ),
            (
                third,
                third["text"].replace("minutes de marche", "minutes de marche et de fauteuil"),
                "Tout le monde ne marche pas.",
            ),
        ]:
            by = self.somebody(text)
            may_add(by, Amendment, proposal)
            Amendment.objects.table(
                proposal, by=by, sort="replace", clause=row["id"], text=words, reason=reason
            )
        by = self.somebody(text)
        may_add(by, ClauseRemark, proposal)
        words = "Sait-on combien de cours sont déjà rénovées ? Le chiffre aiderait.".replace(" ?", "\u00a0?")
        ClauseRemark.objects.say(proposal, by=by, clause=second["id"], text=words)

    def answer_amendments(self, text):
        by, (first, second, _open) = self.rapporteur(text), self.proposal(text).amendments.order_by("number")
        latest = self.proposal(text).latest.number
        act(first, "accept", by=by, base=latest, answer="Adopté à l’unanimité de l’atelier.")
        reason = "L’atelier préfère un essai qui commence cet été à une règle qui attendrait."
        act(second, "refuse", by=by, reason=reason)

    def ask_the_directorates(self, text):
        proposal, lead = self.proposal(text), self.lead(text)
        act(proposal, "send_to_review", by=lead)
        may_add(lead, Review, proposal)
        courtyards, due_on = self.measures(proposal)[1]["id"], clock.today() + timedelta(days=28)
        for department, question in [
            ("DASCO", "Combien de cours peuvent ouvrir dès l’été prochain ?".replace(" ?", "\u00a0?")),
            ("DTEC", ""),
        ]:
            Review.objects.refer(
                proposal,
                by=lead,
                department=department,
                due_on=due_on,
                sort=Review.Sort.OPINION,
                clauses=[courtyards] if question else [],
                question=question,
            )

    def hear_a_directorate(self, text):
        review = self.proposal(text).reviews.get(department="DASCO")
        (clause,) = review.pieces
        act(
            review,
            "answer",
            by=self.who("dasco"),
            opinion=Review.Opinion.RESERVED,
            words="Dix-sept cours sont prêtes. Il faut un gardien par soirée : mieux vaut l’écrire.".replace(
                " :", "\u00a0:"
            ),
            proposed={clause["id"]: f"{clause['text'].rstrip(' ;')}, sous la garde d’un agent\u00a0;"},
        )

    # the other instruments

    def tell_of_requests(self, night):
        self.on("-12 mon 10:00", self.limit)
        self.on("-11 tue 10:00", self.ask_a_question)
        self.on("-10 mon 10:00", self.ask_for_a_plan)
        self.on("-8 mon 10:00", self.ask_for_a_mission, night)
        self.on("-5 fri 10:00", self.work_on_the_mission, night)
        self.on("-1 thu 19:00", self.begin_a_request, night)

    def limit(self):
        limits = {Instrument.QUESTION: 2, Instrument.MISSION: 1, Instrument.JURY: 1}
        InstrumentLimit.objects.put(self.cycle, by=self.who("secretariat"), limits=limits)

    def asked(self, kind, title, text, *, of=None):
        secretary = self.who("secretariat")
        may_add(secretary, Request, self.cycle)
        row = Request.objects.ask(
            by=secretary,
            cycle=self.cycle,
            kind=kind,
            title=title,
            text=text,
            workshop=of and self.workshop(of),
        )
        act(row, "send", by=secretary)
        return row

    def ask_a_question(self):
        row = self.asked(
            Instrument.QUESTION,
            "Que deviennent les fontaines fermées ?".replace(" ?", "\u00a0?"),
            "Douze fontaines sont fermées depuis l’hiver. L’Assemblée demande quand elles rouvriront, et qui le dit aux habitants.",
        )
        act(row, "grant", by=self.who("executif"), answer="La question sera posée à la prochaine séance.")
        outcome = "Posée en séance : neuf fontaines rouvrent avant l’été, trois sont remplacées. La liste est publiée."
        act(row, "report", by=self.who("secretariat"), outcome=outcome.replace(" :", "\u00a0:"))

    def ask_for_a_plan(self):
        row = self.asked(
            Instrument.CO_CONSTRUCTION,
            "Écrire ensemble le plan de la nuit",
            "L’Assemblée propose d’écrire le prochain plan de la nuit avec les services, dès la première page.",
        )
        reason = "Le plan en cours court encore trois ans. L’Exécutif propose d’y revenir à la prochaine promotion."
        act(row, "refuse", by=self.who("executif"), reason=reason)

    def ask_for_a_mission(self, text):
        row = self.asked(
            Instrument.MISSION,
            "Évaluer la descente à la demande dans les bus de nuit",
            "Le service existe depuis des années. Qui s’en sert, qui l’ignore, et que faudrait-il pour qu’il rassure vraiment ?".replace(
                " ?", "\u00a0?"
            ),
            of=text,
        )
        answer = "Accordée. Le réseau ouvrira ses chiffres aux membres de la mission."
        due_on = clock.today() + timedelta(days=120)
        act(row, "grant", by=self.who("executif"), answer=answer, due_on=due_on)

    def work_on_the_mission(self, text):
        secretary, row = (
            self.who("secretariat"),
            Request.objects.get(kind=Instrument.MISSION, cycle=self.cycle),
        )
        seated = Member.objects.seated().filter(pk__in=[member.pk for member in self.people(text)])
        act(row, "name_members", by=secretary, members=seated.order_by("pk")[:6])
        heard = Meeting.objects.held().filter(workshop=self.workshop(text), kind=Meeting.Kind.HEARING)
        if meeting := heard.order_by("starts_at").first():
            act(row, "add_meeting", by=secretary, meeting=meeting)

    def begin_a_request(self, text):
        """Between members, until the secretariat sends it."""
        by, workshop = self.somebody(text), self.workshop(text)
        may_add(by, Request, self.cycle)
        Request.objects.ask(
            by=by,
            cycle=self.cycle,
            workshop=workshop,
            kind=Instrument.AGENDA,
            title="Un débat au Conseil sur le travail de nuit",
            text="Celles et ceux qui travaillent la nuit pour la Ville sont peu entendus. Nous demandons un débat.",
        )
