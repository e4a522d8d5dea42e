"""The privacy desk: what people asked for, and what the archives are asked to let go of."""

from assembly.demo.telling import Teller, act, may_add
from assembly.models import Cycle, Member, Person, RightsRequest
from assembly.models.rights import months_after
from assembly.privacy.erasing import draw_up
from assembly.privacy.exporting import ask_for_export
from assembly.privacy.keeping import count_deadlines
from assembly.privacy.people import known
from assembly.privacy.reading import opened


class Desk(Teller):
    """Three requests in three states, an export, and a schedule of the first cycle that waits for its visa."""

    def __init__(self, calendar, *, first, now):
        super().__init__(calendar, "vie privée")
        self.first, self.now = first, now

    def tell(self):
        self.on("-12 mon 10:00", self.answer_a_request)
        self.on(
            "-5 tue 10:00", self.receive, "rectification", "Mon adresse a changé.", "Une personne volontaire"
        )
        self.on(
            "-2 mon 10:00",
            self.receive,
            "objection",
            "D’où tenez-vous mon adresse ?",
            "Au guichet, un habitant",
        )
        self.on("-1 thu 15:00", self.put_before_the_archives)

    def receive(self, kind, words, asked_by):
        today = self.calendar.last.date()
        row = RightsRequest(
            kind=kind, words=words, asked_by=asked_by, received_on=today, due_on=months_after(today, 1)
        )
        may_add(self.who("gestion"), RightsRequest)
        row.save()
        row.record("create", by=self.who("gestion"))
        return row

    def answer_a_request(self):
        """A former member asks what is kept: found, checked, exported, answered."""
        by = self.who("gestion")
        row = self.receive("access", "Que gardez-vous sur moi ?", "Une ancienne membre")
        seat = Member.objects.filter(cycle__number=self.first).order_by("pk").first()
        act(row, "name_person", by=by, person=known(Person(user=seat.user)))
        act(row, "check_identity", by=by, how="rappel au numéro connu")
        ask_for_export(row.person, by=by)
        act(row, "give_answer", by=by, answer="L’export complet, remis au guichet.")

    def put_before_the_archives(self):
        opened(Cycle.objects.get(number=self.now), "members", by=self.who("gestion"))
        draw_up(Cycle.objects.get(number=self.first), by=self.who("secretariat"))
        count_deadlines()
