"""What keeps a backlog above what was agreed: more came in than was planned, or less was handled, and why.

    too much open = Σ up to t (came − planned to come) + Σ up to t (agreed − handled) + what was open at the start

Owns: that balance. Why less was handled is what kept the volume.
"""

from __future__ import annotations

import numpy as np

from engine.variance.blocked import CAUSES, INFLOW, LESS_HANDLED, NOT_EXPLAINED, Missed, Place, explained
from engine.variance.blocks import Cells
from engine.variance.causes import Sides


def find_waiting(
    backlog: tuple[Cells, Place], volume: tuple[Cells, Place, Missed], sides: Sides, queues: int
) -> Missed:
    """Return why more is open than was agreed, by cause.

    Parameters
    ----------
    backlog : its cells, and where they stand
    volume : the volume that works it off: its cells, where they stand, and what it missed
    queues : number of leaf queues
    """
    cells, queue = backlog[0], backlog[1].queue
    handled, place, missed = volume
    left = np.maximum(np.nan_to_num(cells.actual - cells.agreed), 0.0)
    found: dict[str, np.ndarray] = {}

    def take(cause: str, by_queue: np.ndarray) -> None:
        nonlocal left
        found[cause] = explained(left, queue, by_queue)
        left = left - found[cause]

    planned, came = sides.arrivals_agreed.get(place.metric), sides.arrivals_actual.get(place.metric)
    if planned is not None and came is not None:
        take(INFLOW, np.cumsum(np.nan_to_num(came - planned)[:, : left.shape[1]], axis=1))
    both = np.isfinite(handled.agreed) & np.isfinite(handled.actual)
    short = np.where(both, np.nan_to_num(handled.agreed) * handled.covered - np.nan_to_num(handled.actual), 0.0)
    short = _by_queue(short, place.queue, queues)
    by_cause = {cause: _by_queue(each, place.queue, queues) for cause, each in missed.items.items()}
    # work that never arrived was not handled, and does not wait
    never = by_cause.pop(INFLOW, np.zeros(short.shape))
    net, gross = short - never, np.asarray(sum(by_cause.values(), np.zeros(short.shape)))
    part = np.divide(np.maximum(net, 0.0), gross, out=np.zeros(gross.shape), where=gross > 0)
    by_cause[LESS_HANDLED] = by_cause.pop(NOT_EXPLAINED)
    for cause in CAUSES:
        if cause in by_cause:
            take(cause, by_cause[cause] * np.minimum(part, 1.0))
    found[NOT_EXPLAINED] = left
    return Missed(found, np.zeros(left.shape), at_end=True)


def _by_queue(values: np.ndarray, queue: np.ndarray, queues: int) -> np.ndarray:
    """Return sums per queue, up to each period: float64, shape (leaf queues, leaf periods)."""
    found = np.zeros((queues, values.shape[1]))
    np.add.at(found, queue, values)
    return np.cumsum(found, axis=1)
