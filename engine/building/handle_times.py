"""Hours per item: HandleTimes, the most specific row first, else the queue's own handle time.

Owns: reading the table, and rows that tie.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.journal import Problem
from engine.building.references import UNKNOWN, References
from engine.building.specific import Leaves, most_specific
from engine.issues import Place
from engine.plan import Metrics, Scopes
from engine.trees import Tree
from solver.frozen import frozen

SECONDS_PER_HOUR = 3600


@frozen
class HandleTimes:
    """Rows of HandleTimes whose names are known. scope.metric : EVERY_METRIC where none is named."""

    scope: Scopes
    seconds: np.ndarray
    place: tuple[Place, ...]


def read_handle_times(reader: TableReader, references: References) -> HandleTimes:
    """Return the rows of HandleTimes."""
    metric, org = references.metric(reader), references.org(reader)
    queue, period = references.queue(reader), references.period(reader)
    seconds = reader.numbers("Seconds")
    usable = np.flatnonzero((metric != UNKNOWN) & (org >= 0) & (queue >= 0) & (period >= 0) & np.isfinite(seconds))
    keys = (metric[usable], org[usable], queue[usable], period[usable])
    report_duplicates(
        reader,
        keys,
        lambda row: reader.place(int(usable[row]), "Seconds"),
        lambda row: f"{seconds[usable[row]]:g} s",
    )
    places = tuple(reader.place(row, "Seconds") for row in usable.tolist())
    return HandleTimes(Scopes(*keys), seconds[usable], places)


def hours_per_item(
    times: HandleTimes, of_queue: np.ndarray, leaves: Leaves, trees: tuple[Tree, Tree, Tree], reader: TableReader
) -> np.ndarray:
    """Return hours per item of each cell: float64, shape (cells,), nan where nobody says.

    Parameters
    ----------
    of_queue : float64, shape (leaf queues,), hours per item by the table Queues, nan where unknown
    trees : org, queues, periods
    """
    start = of_queue[leaves.queue] * SECONDS_PER_HOUR
    found = most_specific(times.scope, times.seconds, start, leaves, trees)
    reader.journal.add_each(
        "TC227",
        [
            Problem(times.place[row], f"{times.seconds[row]:g} s; row {times.place[first].row} says "
                    f"{times.seconds[first]:g} s for some of the same work, and is as specific")
            for row, first in found.tied.items()
        ],
    )  # fmt: skip
    return found.value / SECONDS_PER_HOUR


def of_metrics(metrics: Metrics, leaves: Leaves, hours: np.ndarray) -> np.ndarray:
    """Return the hours that items take up: 0 for metrics that use no capacity, and where nobody says."""
    return np.where(metrics.uses_capacity[leaves.metric], np.nan_to_num(hours), 0.0)
