"""Exact chances, and panels that give them: what other programs call a distribution, before any numbered lottery.

Panels are by profile: people alike are exchangeable, so a share of such a panel is shared by all the panels that seat
as many people of each profile, each as likely. A lottery of numbered panels (`lottery`) needs none of this on the pools
where the relaxation loses nothing.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sortition.engine.exact import settled_chances
from sortition.engine.generating import Generator
from sortition.engine.polytope import Floats, Ints, pool_of
from sortition.engine.profiles import Person, Profiles, Quota, profiles_of
from sortition.engine.quotas import Conflict, Infeasible, check


@dataclass(frozen=True)
class Distribution:
    """`panels[j, t]`: people of profile t, in a share `shares[j]` of 1; `gap`: what they miss of the rule's chances."""

    profiles: Profiles
    panels: Ints
    shares: Floats
    gap: float

    def chances(self) -> dict[str, float]:
        """Each person's, from the panels themselves."""
        seats = (self.shares @ self.panels).tolist()
        return {
            name: seat / len(members)
            for seat, members in zip(seats, self.profiles.members, strict=True)
            for name in members
        }


def distribute(
    people: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    rule: str = "leximin",
    time_limit: float = float("inf"),
) -> Distribution:
    """Raises `Infeasible` if there is no legal panel. Past `time_limit` seconds: the best so far, with its gap."""
    deadline = time.monotonic() + time_limit
    profiles = profiles_of(people, quotas, seats)
    pool = pool_of(profiles)
    generator = Generator(pool)
    first = generator.panel(pool.people * 0.0)
    if first is None:
        raise Infeasible(check(people, quotas, seats) or [Conflict("too_long")])
    generator.until(deadline)
    settled = settled_chances(pool, generator, rule, deadline, [first])
    return Distribution(profiles, settled.panels, settled.shares / settled.shares.sum(), settled.gap)
