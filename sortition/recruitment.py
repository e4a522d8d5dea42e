"""Where recruitment stands, in numbers: from letters to seats, by pool and against the city."""

from django.db.models import Count
from django.utils.translation import gettext as _

from sortition.models import Invitation, SeatOffer, Volunteer

L, V = Invitation.State, Volunteer.State


def counted(rows, *names):
    return {
        tuple(row[name] for name in names): row["number"]
        for row in rows.order_by().values(*names).annotate(number=Count("pk"))
    }


class Funnel:
    """Every count of a cycle, in three queries."""

    def __init__(self, cycle, pools=None):
        self.pools = list(cycle.pools.all()) if pools is None else pools
        self.letters = counted(Invitation.objects.filter(pool__cycle=cycle), "pool_id", "state")
        self.answers = counted(Volunteer.objects.filter(cycle=cycle), "pool_id", "state")
        self.offers = counted(SeatOffer.objects.filter(draw__cycle=cycle), "pool_id", "state")

    def of(self, pool):
        return {
            "pool": pool,
            "letters": self.sum(self.letters, pool),
            "sent": self.sum(self.letters, pool, *(state for state in L if state != L.DRAWN)),
            "undelivered": self.sum(self.letters, pool, L.UNDELIVERED),
            "answers": self.sum(self.letters, pool, L.VOLUNTEERED, L.DECLINED),
            "volunteers": self.sum(self.answers, pool),
            "eligible": self.sum(
                self.answers, pool, *(state for state in V if state not in (V.INELIGIBLE, V.WITHDRAWN))
            ),
            "ineligible": self.sum(self.answers, pool, V.INELIGIBLE),
            "seats": pool.seats,
            "confirmed": self.sum(self.offers, pool, SeatOffer.State.CONFIRMED),
            "waiting": self.sum(self.offers, pool, SeatOffer.State.OFFERED),
        }

    @staticmethod
    def sum(counts, pool, *states):
        return sum(
            number
            for (pk, state), number in counts.items()
            if pk == pool.pk and (not states or state in states)
        )

    @property
    def rows(self):
        return [self.of(pool) for pool in self.pools]

    @property
    def total(self):
        rows = self.rows
        return {name: sum(row[name] for row in rows) for name in rows[0] if name != "pool"} if rows else {}

    @property
    def steps(self):
        total = self.total
        labels = [
            ("letters", _("Letters drawn")),
            ("sent", _("Letters sent")),
            ("volunteers", _("Volunteers")),
            ("eligible", _("Eligible")),
            ("seats", _("Seats")),
            ("confirmed", _("Seats confirmed")),
        ]
        return [{"label": label, "value": total.get(name, 0)} for name, label in labels]


def seats_by_pool(cycle):
    """Of each pool: its seats, how many are confirmed, how many wait for an answer."""
    offers = counted(SeatOffer.objects.filter(draw__cycle=cycle), "pool_id", "state")
    return [
        {
            "pool": pool,
            "seats": pool.seats,
            "confirmed": Funnel.sum(offers, pool, SeatOffer.State.CONFIRMED),
            "waiting": Funnel.sum(offers, pool, SeatOffer.State.OFFERED),
            "empty": Funnel.sum(offers, pool, SeatOffer.State.DECLINED),
        }
        for pool in cycle.pools.all()
    ]
