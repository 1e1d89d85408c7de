"""What a plan comes to: every cell's target, every row's result, every reason.

Owns: the shape of an answer, as handed to whoever writes it down.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.issues import Issue
from engine.plan import Plan, Rate
from solver.frozen import frozen

if TYPE_CHECKING:
    from engine.whatif.advice import Advice


class CellStatus(IntEnum):
    """What became of a cell; the first that applies."""

    FREE = 0
    HELD = 1
    AT_MIN = 2
    AT_MAX = 3
    AT_CAPACITY = 4
    NO_HISTORY = 5
    AT_INFLOW = 6
    AT_BEST = 7
    HOLD_NOT_KEPT = 8
    BELOW_MIN = 9
    ABOVE_MAX = 10

    @property
    def label(self) -> str:
        """The word in the Status column."""
        return self.name.lower().replace("_", " ")


class ExitStatus(IntEnum):
    """Exit status of every command; where several hold, ``first_of`` says which counts."""

    DONE = 0
    INPUT_WRONG = 1
    USAGE = 2
    TARGET_MISSED = 3
    LIMITS_BROKEN = 4
    NOT_WRITTEN = 5
    BUG = 70
    INTERRUPTED = 130


class ReasonKind(IntEnum):
    """What a reason comes of."""

    HOURS = 0
    INFLOW = 1
    LIMIT = 2
    TARGET = 3
    SHORTAGE = 4
    WITHIN_QUEUE = 5
    GUARD = 6
    ZERO = 7
    UNITS = 8
    FALLBACK = 9


ORDER_OF_STATUS = (
    ExitStatus.BUG,
    ExitStatus.NOT_WRITTEN,
    ExitStatus.INPUT_WRONG,
    ExitStatus.LIMITS_BROKEN,
    ExitStatus.TARGET_MISSED,
    ExitStatus.DONE,
)


@frozen
class Reasons:
    """Why cells leave their fair share: terms in items that add up to the deviation of each cell.

    labels : the distinct reasons, in the analyst's words ("Dublin hours, 2024-03"); kinds : what each comes of
    cell : int64, shape (terms,), ascending; label : int64, shape (terms,), position in labels
    amount : float64, shape (terms,), items; within a cell the largest comes first
    """

    labels: tuple[str, ...]
    cell: np.ndarray
    label: np.ndarray
    amount: np.ndarray
    kinds: tuple[ReasonKind, ...] = ()


@frozen
class TargetResults:
    """One entry per row of the plan's Targets.

    achieved : float64; shortfall : float64, ≥ 0, what is missing (or too much, for ``at most``), in the metric's unit
    met : bool
    priced_miss : float64, in items, the larger of the miss in items and in fair-mix hours, before the mix guard
    fair_outcome : float64, what was achieved before the mix guard let queues move
    limited_by : in words, "" where met, and in second runs
    in_fractions : float64, the shortfall before whole units were found
    """

    achieved: np.ndarray
    shortfall: np.ndarray
    met: np.ndarray
    priced_miss: np.ndarray
    fair_outcome: np.ndarray
    limited_by: tuple[str, ...]
    in_fractions: np.ndarray


@frozen
class LimitResults:
    """One entry per row of the plan's Limits.

    value : float64; breach : float64, by how much the limit is broken, 0 = kept
    in_fractions : float64, the same before whole units were found
    """

    value: np.ndarray
    breach: np.ndarray
    in_fractions: np.ndarray

    @property
    def contradicted(self) -> np.ndarray:
        """bool: limits that contradict each other or capacity; others that are broken are so in whole units alone."""
        return np.asarray((self.breach > 0) & (self.in_fractions > 0))


@frozen
class CapacityResults:
    """One entry per row of the plan's Capacity.

    used : float64, hours; rounding : float64, hours by which whole units may go over: one item's handle time
    """

    used: np.ndarray
    rounding: np.ndarray


@frozen
class GuardResults:
    """Queue × leaf period that used the mix guard.

    metric, queue, period : int64 (queue, period: leaf positions); fair, planned : float64, items
    allowed : float64, the band as a share; full : bool, whether the band was used up
    """

    metric: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    fair: np.ndarray
    planned: np.ndarray
    allowed: np.ndarray
    full: np.ndarray


@frozen
class RateResult:
    """What became of a rate; arrays over its cells, in their order.

    weight : float64, planned items; start : float64, where cells started from; value : float64, the cascaded rate
    lower, upper : float64, limits that cover exactly one cell, as given (−inf/inf where none)
    status : int64, values of CellStatus
    reasons : why cells leave their start, in the rate's unit; ``cell`` counts the cells of the rate
    """

    rate: Rate
    weight: np.ndarray
    start: np.ndarray
    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    status: np.ndarray
    reasons: Reasons


@frozen
class Proof:
    """One line of the certificate: what was checked anew from the plan, how far off it is, and how far it may be."""

    what: str
    worst: float
    allowed: float

    @property
    def holds(self) -> bool:
        """Whether the check passes."""
        return self.worst <= self.allowed


@frozen
class Certificate:
    """The answer re-checked from the plan itself, by code that shares nothing with the formulation."""

    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool:
        """Whether every check passes."""
        return all(proof.holds for proof in self.proofs)


class OfRate(Protocol):
    """A rate's cells, decided: planned items and rates, both of shape (its cells,)."""

    @property
    def rate(self) -> Rate:
        """The rate."""

    @property
    def weight(self) -> np.ndarray:
        """Planned items."""

    @property
    def value(self) -> np.ndarray:
        """The cascaded rate."""


@frozen
class Judged:
    """What a plan comes to, without reasons and proofs. value : float64, shape (cells,)."""

    plan: Plan
    value: np.ndarray
    targets: TargetResults
    limits: LimitResults
    capacity: CapacityResults
    rates: tuple[OfRate, ...] = ()


@frozen
class Outcome:
    """The answer to a plan. Cell arrays are in the plan's canonical order.

    fair : float64, shape (cells,), fair share; value : float64, shape (cells,), the cascaded target
    before_guard : float64, shape (cells,), the fair outcome: what targets came to before the mix guard was used
    lower, upper : float64, shape (cells,), limits that cover exactly one cell, as given (−inf/inf where none)
    status : int64, shape (cells,), values of CellStatus
    no_history : bool, shape (cells,)
    solved : how, in words ("HiGHS, 3 programs, fairness step accepted")
    gap : 0 where proven optimal; otherwise the hours by which the answer may be short of the best
    findings : what solving found: broken limits, guard, residuals, time limit
    advice : what second runs found out; None where none was made
    rates : the rates, in the order of the plan
    """

    plan: Plan
    fair: np.ndarray
    value: np.ndarray
    before_guard: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    status: np.ndarray
    no_history: np.ndarray
    reasons: Reasons
    targets: TargetResults
    limits: LimitResults
    capacity: CapacityResults
    guard: GuardResults
    certificate: Certificate
    solved: str
    gap: float
    is_complete: bool
    findings: tuple[Issue, ...]
    rates: tuple[RateResult, ...] = ()
    advice: Advice | None = None

    @property
    def used_guard(self) -> bool:
        """Whether any queue left its fair outcome within the mix guard."""
        return bool(len(self.guard.queue))

    @property
    def exit_status(self) -> ExitStatus:
        """The contract's status: 4 limits contradict something, 3 a target missed or an answer cut short, else 0.

        Limits of groups that whole units alone break contradict nothing: they are told, and not promised.
        """
        if self.limits.contradicted.any():
            return ExitStatus.LIMITS_BROKEN
        if not self.targets.met.all() or not self.is_complete:
            return ExitStatus.TARGET_MISSED
        return ExitStatus.DONE
