"""Names that somebody asks about from outside the tables: on a command line, in a macro.

Owns: one metric, org node, queue and period by name, in the spellings that tables take.
"""

from __future__ import annotations

from engine.building.build import known_names
from engine.building.references import Found, find_metric, find_node, find_period
from engine.plan import BUILT_IN
from engine.reasons.bridge import Node
from engine.tables import Inputs
from engine.trees import ROOT


class UnknownNameError(ValueError):
    """A name means nothing, or several things. field : Metric, Org, Queue or Period."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def find_place(inputs: Inputs, metric: str | None, org: str | None, queue: str | None, period: str | None) -> Node:
    """Return the position of a node in a plan; what is not named is all org, all queues, the whole horizon.

    Raises
    ------
    UnknownNameError
        A name is unknown or ambiguous, or no metric is named where there are several.
    """
    known = known_names(inputs)
    if known.metrics is None or known.org is None or known.queues is None or known.periods is None:
        raise UnknownNameError("Metric", "the workbook's trees or metrics cannot be read: run targets check")
    if metric is None and len(known.metrics) > 1:
        raise UnknownNameError("Metric", f"which of {', '.join(known.metrics.ids)}?")
    return Node(
        0 if metric is None else _position("Metric", find_metric(known.metrics, metric, tuple(BUILT_IN))),
        ROOT if org is None else _position("Org", find_node(known.org, org, "TC301")),
        ROOT if queue is None else _position("Queue", find_node(known.queues, queue, "TC302")),
        ROOT if period is None else _position("Period", find_period(known.periods, period, known.month_names)),
    )


def _position(field: str, found: Found) -> int:
    if found.code:
        choices = f" ({found.expected})" if found.expected else ""
        raise UnknownNameError(field, f"unknown: {found.words}{found.hint()}{choices}")
    return found.position
