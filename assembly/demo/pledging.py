"""What Paris pledged before the Open Government Partnership, and what each cycle says of itself to the databases.

The facts are those of the partnership’s register (commitment FRPA0001: identifier, institutions, problem, action,
milestones and their dates) and of the experience registered by the International Observatory on Participatory
Democracy (goals served, comment of its jury), told in our own words. The statuses and the yearly words are the story’s.
"""

from datetime import date

from assembly.demo.telling import Teller, act, found
from assembly.models import Cycle
from deliberations.models import Fiche, Measure, Pledge, PledgeMilestone, Proposal, YearlyReport
from sortition.models import Draw

PLEDGE = {
    "reference": "FRPA0001",
    "title": "L’Assemblée citoyenne de Paris",
    "plan": "Plan d’action de Paris, 2024–2026",
    "problem": (
        "Donner aux habitants plus de prise sur les décisions, et que chacun y ait les mêmes chances.\n\n"
        "Des voies existaient déjà : budget participatif, conseils consultatifs, panels, conférences. Aucune ne "
        "donnait à des citoyens tirés au sort le temps de se former, de comprendre les services de la Ville et de peser "
        "sur ses choix."
    ),
    "action": (
        "Installer une assemblée de cent Parisiens tirés au sort pour un mandat d’un an, qui prend part directement aux "
        "décisions de la Ville.\n\n"
        "Elle travaille en ateliers (social et éducation, environnement, espace public), en deux temps : découvrir et "
        "apprendre, puis approfondir et recommander. Ses recommandations vont à l’exécutif, puis devant le Conseil de Paris."
    ),
    "contribution": (
        "Des droits nouveaux : l’Assemblée écrit des textes qui vont jusqu’au Conseil de Paris.\n\n"
        "Une participation plus égale : le tirage tient compte de l’âge, du sexe, du diplôme et de l’arrondissement, et "
        "les personnes tirées au sort sont formées et accompagnées."
    ),
    "lead": "Ville de Paris, Direction de la démocratie, des citoyen·ne·s et des territoires (DDCT)",
    "supporting": (
        "Ville de Paris\nCabinet de l’adjointe à la Maire chargée de la participation citoyenne\nMairie de Paris\n"
        "Fédération pour l’innovation démocratique en Europe (FIDE)"
    ),
    "starts_on": date(2021, 10, 1),
    "ends_on": date(2026, 10, 31),
    "link": "https://www.opengovpartnership.org/members/paris-france/commitments/FRPA0001/",
}
EXPLORED = {
    "title": "Exploration : la première assemblée et ce que son travail a donné",
    "starts_on": date(2021, 10, 1),
    "ends_on": date(2024, 4, 30),
}
SETTLED_IN = {
    "title": "Institutionnalisation : les assemblées suivantes et ce que leur travail donne",
    "starts_on": date(2024, 4, 1),
    "ends_on": date(2024, 5, 31),
}
DONE = (
    "La première assemblée a siégé jusqu’au bout de son mandat et ses vœux sont passés devant le Conseil de Paris en mars "
    "2023. Chaque mesure adoptée est suivie, année après année."
)
UNDER_WAY = "Une nouvelle promotion a été tirée au sort et travaille ; ses textes ne sont pas encore devant le Conseil."
LAST_YEAR = (
    "La première étape est achevée et vérifiable : le tirage, les textes et le rapport de suivi sont publiés. La seconde "
    "avance avec chaque nouvelle promotion."
)
GOALS = [3, 4, 5, 10, 11, 16, 17]
SERVED = {"social": [4, 10], "environnement": [7, 11, 13], "espace": [3, 11]}
EVALUATION = (
    "Présentée à la distinction de l’Observatoire international de la démocratie participative. Son jury l’a trouvée très "
    "intéressante mais encore inachevée : il restait à voir si la composition tiendrait ses critères d’inclusion et si "
    "les travaux pèseraient sur les décisions publiques."
)
CONTACT = "Ville de Paris, Direction de la démocratie, des citoyen·ne·s et des territoires (DDCT)"


class Pledging(Teller):
    def __init__(self, calendar, *, first, now):
        super().__init__(calendar, "engagements")
        self.first, self.now = first, now

    def tell(self):
        self.on("2023-06-05 10:00", self.say_what_is_served)
        self.on("2024-06-03 10:00", self.pledge)
        self.on("2024-06-03 11:00", self.prove)
        self.on("2025-01-27 10:00", self.assess)
        self.on("-20 mon 10:00", self.move_on)
        self.on("-2 thu 10:00", self.fill_the_sheet)

    def say_what_is_served(self):
        by = self.who("secretariat")
        act(Cycle.objects.get(number=self.first), "name_goals", by=by, goals=GOALS)
        for text in Proposal.objects.filter(cycle__number=self.first).select_related("workshop"):
            goals = next((row for key, row in SERVED.items() if key in text.workshop.title.lower()), [11])
            act(text, "name_goals", by=by, goals=goals)
            for measure in Measure.objects.filter(proposal=text):
                act(measure, "name_goals", by=by, goals=goals[-1:])

    def pledge(self):
        by = self.who("secretariat")
        pledge = found(Pledge(**PLEDGE), by=by)
        for number, words in enumerate((EXPLORED, SETTLED_IN), start=1):
            found(PledgeMilestone(pledge=pledge, number=number, **words), by=by, of=pledge)
        act(self.milestone(1), "move", by=by, state="finished", reason=DONE)

    def milestone(self, number):
        return PledgeMilestone.objects.get(pledge__reference=PLEDGE["reference"], number=number)

    def prove(self):
        """The draw, a text, the report of a year: pages of this very site."""
        by = self.who("secretariat")
        proofs = [
            Draw.objects.public().filter(cycle__number=self.first).order_by("pk").first(),
            Proposal.objects.public().filter(cycle__number=self.first).order_by("pk").first(),
            YearlyReport.objects.public().order_by("year").first(),
        ]
        for row in filter(None, proofs):
            act(self.milestone(1), "prove", by=by, title=str(row), address=row.get_absolute_url())

    def assess(self):
        pledge = Pledge.objects.get(reference=PLEDGE["reference"])
        act(pledge, "assess", by=self.who("secretariat"), year=2024, words=LAST_YEAR)
        act(pledge, "print_sheet", by=self.who("secretariat"))

    def move_on(self):
        by, cycle = self.who("secretariat"), Cycle.objects.get(number=self.now)
        act(self.milestone(2), "move", by=by, state="in_progress", reason=UNDER_WAY)
        act(self.milestone(2), "prove", by=by, title=f"{cycle}", address=cycle.get_absolute_url())

    def fill_the_sheet(self):
        by = self.who("secretariat")
        sheet = Fiche.objects.get_or_create(cycle=Cycle.objects.get(number=self.first))[0]
        act(sheet, "complete", by=by, evaluation=EVALUATION, contact=CONTACT)
        act(sheet, "print_sheet", by=by)
