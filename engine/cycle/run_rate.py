"""What has to be done per working day from now on, node by node.

    needed = (target − done so far) / working days left        had = done so far / working days gone

Owns: these two rates for every node of both trees, of every volume.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.cycle.reforecast import Reforecast
from engine.fair.crew import working_days
from engine.formulation.cover import cover
from engine.plan import Plan, Scopes
from engine.trees import ROOT


@dataclass(frozen=True, slots=True)
class RunRates:
    """A row per node with cells of a volume: of the org tree over all queues, then of the queue tree below its root.

    scope : metric, org and queue of each; the period is the whole time
    agreed, target, done : float64, items over the whole time: as agreed, as planned now, and what has happened of it
    agreed_left : float64, what was agreed of the periods ahead
    days_gone, days_left : working days
    """

    scope: Scopes
    agreed: np.ndarray
    target: np.ndarray
    done: np.ndarray
    agreed_left: np.ndarray
    days_gone: float
    days_left: float

    @property
    def left(self) -> np.ndarray:
        """What is still to be done."""
        return np.asarray(self.target - self.done)

    def per_day_left(self, items: np.ndarray) -> np.ndarray:
        """Return items per working day ahead; nan where no day is left."""
        return np.asarray(items / self.days_left) if self.days_left > 0 else np.full(len(items), np.nan)

    def per_day_gone(self, items: np.ndarray) -> np.ndarray:
        """Return items per working day gone; nan where none has gone."""
        return np.asarray(items / self.days_gone) if self.days_gone > 0 else np.full(len(items), np.nan)


def run_rates(done: Reforecast, ended: int) -> RunRates:
    """Return the run rates of a plan made again. ended : leaf periods that have ended."""
    plan, value = done.outcome.plan, done.outcome.value
    has_ended = plan.cells.period < ended
    scope = _scopes(plan)
    inside = cover(plan, scope)
    rows = np.flatnonzero(np.diff(inside.indptr))
    inside, days = inside[rows], working_days(plan)
    return RunRates(
        scope.take(rows),
        np.asarray(inside @ done.was),
        np.asarray(inside @ value),
        np.asarray(inside @ np.where(has_ended, value, 0.0)),
        np.asarray(inside @ np.where(has_ended, 0.0, done.was)),
        float(days[:ended].sum()),
        float(days[ended:].sum()),
    )


def _scopes(plan: Plan) -> Scopes:
    rows = [
        row
        for metric, kind in enumerate(plan.metrics.kinds)
        if kind == "volume"
        for row in (
            *((metric, org, ROOT, ROOT) for org in range(len(plan.org))),
            *((metric, ROOT, queue, ROOT) for queue in range(1, len(plan.queues))),
        )
    ]
    return Scopes(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)
