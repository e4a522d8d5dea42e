"""The whole story: who plays, the cycle that is over, the cycle under way."""

from django.conf import settings
from django.test.utils import override_settings
from django.utils import translation

from assembly.demo import cast, reading
from assembly.demo.amending import Amending, Sourcing
from assembly.demo.asking import Asking
from assembly.demo.belonging import Belonging
from assembly.demo.deciding import FirstDeciding, PresentDeciding
from assembly.demo.desk import Desk
from assembly.demo.enacting import Enacting
from assembly.demo.following import Following
from assembly.demo.pledging import Pledging
from assembly.demo.reaching import Reaching
from assembly.demo.recording import Paying
from assembly.demo.recruiting import Dates, Recruiting, Size
from assembly.demo.telling import Calendar
from assembly.demo.working import Season, Working
from assembly.models import Cycle, Pool, User

FIRST, NOW = 1, 4
FIRST_DATES = Dates(
    prepared="2021-10-04 10:00",
    opened="2021-10-06 09:00",
    read="2021-10-07 09:30",
    sent="2021-10-08 15:00",
    until="2021-10-31",
    online="2021-10-21 11:00",
    taken="2021-10-29 16:00",
    announced="2021-11-02 10:00",
    drawn="2021-11-16 14:00",
    confirmed="2021-11-17 09:00",
    begun="2021-11-25 09:00",
)
NOW_DATES = Dates(
    prepared="-42 mon 10:00",
    opened="-41 thu 09:00",
    read="-40 tue 09:30",
    sent="-40 thu 15:00",
    until="-34 sun",
    online="-37 wed 11:00",
    taken="-34 fri 16:00",
    announced="-33 thu 10:00",
    drawn="-30 thu 14:00",
    confirmed="-29 mon 09:00",
    begun="-26 fri 09:00",
)
#: The first promotion: the roll, and holders of the Carte citoyenne.
FIRST_POOLS = (
    ("roll", "Listes électorales", Pool.Source.ROLL, 95),
    ("minors", "Titulaires de la Carte citoyenne (16–17 ans)", Pool.Source.LIST, 5),
)
FIRST_SIZE = Size(lines=20_000, answers=690, cards=(("minors", 40),), pools=FIRST_POOLS)
SMALL_POOLS = (
    ("roll", "Listes électorales", Pool.Source.ROLL, 8),
    ("minors", "Mineurs de 16–17 ans", Pool.Source.LIST, 2),
)
SMALL = Size(lines=400, letters=60, answers=30, cards=(("minors", 6),), pools=SMALL_POOLS, panels=10)


FIRST_SEASON = Season(
    founded="2021-10-05 11:00",
    wished="2021-12-06 18:00",
    allotted="2021-12-16 10:00",
    notebooks="2022-04-20 10:00",
    answered=dict.fromkeys(["social", "environnement", "espace-public"], "2022-06-14 17:00"),
    departure="2022-03-02 10:00",
    leave="2022-09-05 10:00",
)
NOW_SEASON = Season(
    founded="-41 mon 11:00",
    wished="-24 tue 18:00",
    allotted="-23 mon 10:00",
    notebooks="-18 mon 10:00",
    answered={"fraicheur": "-10 mon 17:00", "nuit": "-3 wed 17:00"},
    departure="-15 wed 10:00",
    leave="-10 tue 10:00",
    late_departure="-1 wed 10:00",
)
PLACES = (
    ("membre", "Fraîcheur en ville"),
    ("rapporteur", "Fraîcheur en ville"),
    ("mineure", "Vieillir ensemble"),
)
LEADS = ("animation", "animation2", "animation3")


def tell(*, small=False, say=lambda line: None):
    """Everything that happened until now. `small`: a few people, one of each thing."""
    with (
        translation.override("fr"),
        override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"),
    ):
        calendar = Calendar(small=small, say=say)
        for teller in tellers(calendar, small):
            teller.tell()
        calendar.play()
        if settings.DEMO:
            cast.open_the_doors()
    return calendar


def is_told():
    """To the end: the doors are opened last."""
    return Cycle.objects.filter(number=NOW).exists() and any(
        user.has_usable_password() for user in User.objects.filter(email="secretariat@exemple.invalid")
    )


def is_begun():
    return User.objects.filter(email="secretariat@exemple.invalid").exists()


def tellers(calendar, small):
    casting = cast.Casting(calendar, "distribution")
    yield casting
    yield Recruiting(
        calendar,
        number=FIRST,
        text=reading.words("p1_plenaries"),
        starts="2021-11-27",
        ends="2023-03-31",
        size=SMALL if small else FIRST_SIZE,
        dates=FIRST_DATES,
        casting=casting,
    )
    texts = [reading.words(f"p1_{name}") for name in ("social", "environnement", "espace")][
        : 1 if small else 3
    ]
    work = {"number": FIRST, "text": reading.words("p1_plenaries"), "texts": texts, "season": FIRST_SEASON}
    for chapter in (Working, FirstDeciding, Following):
        yield chapter(calendar, facilitators=LEADS[: len(texts)], **work)
    yield Sourcing(calendar, facilitators=LEADS[: len(texts)], at="2022-11-26 11:30", **work)
    yield Recruiting(
        calendar,
        number=NOW,
        text=reading.words("now_plenaries"),
        starts="-25 mon",
        ends="+32 sun",
        size=SMALL if small else Size(),
        dates=NOW_DATES,
        casting=casting,
        logins=(("adulte", ["membre", "rapporteur"]), ("mineure", ["mineure"])),
    )
    texts = [reading.words(f"now_{name}") for name in ("fraicheur", "vieillir", "nuit")]
    work = {"number": NOW, "text": reading.words("now_plenaries"), "texts": texts, "season": NOW_SEASON}
    for chapter in (Working, PresentDeciding, Amending, Enacting, Reaching):
        yield chapter(calendar, facilitators=LEADS, places=PLACES, **work)
    yield Sourcing(calendar, facilitators=LEADS, at="-5 tue 11:00", **work)
    yield Belonging(calendar, number=NOW, season=NOW_SEASON)
    yield Asking(calendar, number=NOW, season=NOW_SEASON)
    yield Paying(calendar, number=NOW)
    yield Desk(calendar, first=FIRST, now=NOW)
    yield Pledging(calendar, first=FIRST, now=NOW)
