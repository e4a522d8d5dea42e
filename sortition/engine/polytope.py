"""The legal panels of a pool, counted by profile, as a linear program for HiGHS.

Columns: how many people of each profile sit. Rows: the seats, then one for each quota. Always one thread, and always the
same order, so that the same pool gives the same answers on the same version of HiGHS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from sortition.engine.profiles import Profiles

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]
INFINITY = highspy.kHighsInf
WHOLE = 1e-6
OPTIMAL = highspy.HighsModelStatus.kOptimal
INFEASIBLE = highspy.HighsModelStatus.kInfeasible
INTEGER = highspy.HighsVarType.kInteger


@dataclass(frozen=True)
class Pool:
    """The numbers of a `Profiles`, as arrays. T profiles, V quotas, F criteria.

    people[t]: how many people; kinds[t, f]: index of the quota; low, high[v]: bounds; most[t]: people who could sit at
    once; table[t, v]: 1 if the profile counts for the quota.
    """

    seats: int
    people: Floats
    kinds: Ints
    low: Ints
    high: Ints
    most: Floats
    table: Ints

    @property
    def size(self) -> int:
        return len(self.people)


def pool_of(profiles: Profiles) -> Pool:
    kinds = np.array(profiles.kinds, np.int64).reshape(len(profiles.kinds), len(profiles.criteria))
    people = np.array([len(members) for members in profiles.members], float)
    low = np.array([quota.minimum for quota in profiles.quotas], np.int64)
    high = np.array([quota.maximum for quota in profiles.quotas], np.int64)
    table = np.zeros((len(kinds), len(profiles.quotas)), np.int64)
    for column in range(kinds.shape[1]):
        table[np.arange(len(kinds)), kinds[:, column]] = 1
    ceilings = high[kinds].min(axis=1) if kinds.shape[1] else np.full(len(kinds), profiles.seats)
    return Pool(profiles.seats, people, kinds, low, high, np.minimum(people, ceilings).astype(float), table)


def solver(**options: bool | int | float | str) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
        highs.setOptionValue(name, value)
    return highs


def model(
    pool: Pool, *, integer: bool, most: Floats | None = None, **options: bool | int | float | str
) -> highspy.Highs:
    """The legal panels, to be maximised under costs set later (`changeColsCost`)."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = pool.size, len(pool.low) + 1
    program.col_cost_ = np.zeros(pool.size)
    program.col_lower_ = np.zeros(pool.size)
    program.col_upper_ = pool.most if most is None else most
    program.row_lower_ = np.concatenate([[pool.seats], pool.low]).astype(float)
    program.row_upper_ = np.concatenate([[pool.seats], pool.high]).astype(float)
    _fill(program, pool)
    if integer:
        program.integrality_ = [INTEGER] * pool.size
    program.sense_ = highspy.ObjSense.kMaximize
    highs = solver(**options)
    highs.passModel(program)
    return highs


def _fill(program: highspy.HighsLp, pool: Pool) -> None:
    rows = np.zeros((pool.size, pool.kinds.shape[1] + 1), np.int32)
    rows[:, 1:] = np.sort(pool.kinds, axis=1) + 1
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.arange(0, rows.size + 1, rows.shape[1], dtype=np.int32)
    program.a_matrix_.index_ = rows.ravel()
    program.a_matrix_.value_ = np.ones(rows.size)


def columns(highs: highspy.Highs) -> Floats:
    return np.array(highs.getSolution().col_value)


def is_legal(pool: Pool, panels: Ints | Floats) -> bool:
    """Whether every row of `panels` (profiles across) is a legal panel."""
    counts = panels @ pool.table
    within = (counts >= pool.low).all() and (counts <= pool.high).all()
    return bool(
        within
        and (panels.sum(1) == pool.seats).all()
        and (panels >= 0).all()
        and (panels <= pool.people).all()
    )


def indices(numbers: Sequence[int]) -> npt.NDArray[np.int32]:
    return np.array(numbers, np.int32)
