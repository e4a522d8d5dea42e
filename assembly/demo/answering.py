"""Answers that do not come by the page: typed from paper and telephone, files of the offices, what is then decided."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from assembly import clock
from assembly.demo.telling import Teller, act, may_add
from sortition import columns, taking_in, typing_in
from sortition.engine.sample_volunteers import Invited, write_answers, write_pool
from sortition.engine.sample_volunteers import answers as sample_answers
from sortition.models import Invitation, Likeness, SecondAnswer, Volunteer

FORM, CARD = "Formulaire de réponse", "Carte citoyenne"


class Answering(Teller):
    """What the secretariat does between the letters and the freeze."""

    def type_answers(self):
        """A few people answer on paper or by telephone: a sister of somebody, and somebody who had said otherwise."""
        secretary, letters = self.who("secretariat"), self.letters().select_related("contact", "pool__cycle")
        may_add(secretary, Volunteer, self.cycle)
        count = 1 if self.small else 4
        chosen = list(letters.filter(contact__isnull=False)[:count])
        answering = {f"L{letter.line:08}": letter for letter in chosen}
        people = [replace(self.invited(letter), code=key) for key, letter in answering.items()]
        online = Volunteer.objects.filter(cycle=self.cycle, source=Volunteer.Source.ONLINE)
        said = online.select_related("contact", "invitation__contact", "invitation__pool__cycle").first()
        made = sample_answers(people, count, f"papier {self.number}")
        for rank, answer in enumerate(made):
            letter = answering[answer.invited.code]
            source = Volunteer.Source.PHONE if rank == 1 else Volunteer.Source.PAPER
            email = "" if rank else said.contact.email
            self.typed(letter, facts_of(letter, answer.diploma, email=email), source)
        other = next(key for key in ("BAC", "CAP_BEP") if key != said.profile.get("diploma"))
        self.typed(said.invitation, facts_of(said.invitation, other), Volunteer.Source.PAPER)

    def typed(self, letter, facts, source):
        day = clock.today() - timedelta(days=1)
        typing_in.for_letter(letter, facts, by=self.who("secretariat"), source=source, received_on=day)

    def take_in(self):
        """The files of the form and of the Carte citoyenne, as the offices hand them over."""
        secretary, cycle = self.who("secretariat"), self.cycle
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answers.csv"
            opening = clock.now() - timedelta(days=38)
            write_answers(path, self.made_answers(), f"{self.number}", opening)
            self.take(path, "reponses.csv", cycle.pools.get(key="roll"), FORM, match_codes=True)
            for key, count in self.size.cards:
                write_pool(path, key, count, f"{key} {self.number}", clock.today())
                self.take(path, f"carte-citoyenne-{key}.csv", cycle.pools.get(key=key), CARD)
        doubtful = Volunteer.objects.filter(cycle=cycle, source=Volunteer.Source.FILE).eligible().first()
        act(doubtful, "set_aside", by=secretary, reason="A quitté Paris depuis le premier tirage.")

    def take(self, path, name, pool, source, **options):
        """As the guided import does: columns guessed, then taken in and remembered for the next file."""
        secretary = self.who("secretariat")
        may_add(secretary, Volunteer, pool)
        at, words = columns.proposed(columns.survey(path, name), pool, source)
        taking_in.take_in(path, name, pool, by=secretary, source=source, at=at, words=words, **options)

    def made_answers(self):
        """The same people answer each time the story is told: by line of the roll, whatever the code of their letter."""
        letters = {f"L{letter.line:08}": letter for letter in self.letters().select_related("contact")}
        people = [replace(self.invited(letter), code=key) for key, letter in letters.items()]
        count = self.size.answers - Volunteer.objects.filter(cycle=self.cycle).count()
        made = sample_answers(people, count, f"réponses {self.number}")
        return [
            replace(one, invited=replace(one.invited, code=letters[one.invited.code].code)) for one in made
        ]

    def letters(self):
        return Invitation.objects.filter(
            pool__cycle__number=self.number, state=Invitation.State.SENT
        ).order_by("line")

    @staticmethod
    def invited(letter):
        contact = letter.contact
        return Invited(
            code=letter.code,
            last_name=contact.last_name,
            first_name=contact.first_name.split(" ")[0],
            sex=letter.sex,
            birth_date=contact.birth_date,
            age_band=letter.age_band,
            district=letter.district,
            address=contact.address.split("\n")[0],
            postcode=contact.postcode,
        )

    def decide(self):
        """Nothing waits any more when the pool is frozen."""
        secretary = self.who("secretariat")
        for second in SecondAnswer.objects.waiting().filter(volunteer__cycle=self.cycle):
            act(second, "keep", by=secretary, reason="Jointe par téléphone : la page disait juste.")
        for pair in Likeness.objects.waiting().filter(cycle=self.cycle):
            if pair.is_only_a_home:
                act(pair, "share_home", by=secretary, reason="Même adresse et même numéro de porte.")
            elif pair.within_the_cycle:
                act(
                    pair,
                    "tell_apart",
                    by=secretary,
                    reason="Deux sœurs qui partagent une adresse électronique.",
                )
            else:
                act(pair, "merge", by=secretary, keep="both", reason="Volontaire à nouveau, jamais tirée.")


def facts_of(letter, diploma, email=""):
    contact = letter.contact
    return {
        "gender": letter.sex,
        "birth_date": contact.birth_date,
        "district": letter.district,
        "diploma": diploma,
        "email": email,
        "phone": "",
        "needs": "",
        "availability": "yes",
    }
