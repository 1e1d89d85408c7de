"""Names that somebody asks about from outside the tables: on a command line, in a macro.

Owns: one metric, org node, queue and period by name, in the spellings that tables take.
"""

from __future__ import annotations

from engine.building.build import known_names
from engine.building.node_list import NamedTree
from engine.building.references import Found, find_metric, find_node, find_period
from engine.plan import BUILT_IN
from engine.reasons.bridge import Node
from engine.tables import Inputs
from engine.trees import ROOT


class UnknownNameError(ValueError):
    """Names mean nothing, or several things. fields : of Metric, Org, Queue and Period; field : the first of them."""

    def __init__(self, field: str, words: str, *others: str) -> None:
        super().__init__(words)
        self.field, self.fields = field, (field, *others)


def find_place(inputs: Inputs, metric: str | None, org: str | None, queue: str | None, period: str | None) -> Node:
    """Return the position of a node in a plan; what is not named is all org, all queues, the whole horizon.

    Raises
    ------
    UnknownNameError
        Names are unknown or ambiguous, or no metric is named where there are several; all of them are told.
    """
    known = known_names(inputs)
    if known.metrics is None or known.org is None or known.queues is None or known.periods is None:
        raise UnknownNameError("Metric", "the workbook's trees or metrics cannot be read: run targets check")
    found = {
        "Metric": Found(0) if metric is None else find_metric(known.metrics, metric, tuple(BUILT_IN)),
        "Org": Found(ROOT) if org is None else _find_named(known.org, org, "TC301"),
        "Queue": Found(ROOT) if queue is None else _find_named(known.queues, queue, "TC302"),
        "Period": Found(ROOT) if period is None else find_period(known.periods, period, known.month_names),
    }
    wrong = {field: _unknown(each) for field, each in found.items() if each.code}
    if metric is None and len(known.metrics) > 1:
        wrong = {"Metric": f"which of {', '.join(known.metrics.ids)}?", **wrong}
    if wrong:
        field, *others = wrong
        words = wrong[field] if not others else "; ".join(f"{each} {said}" for each, said in wrong.items())
        raise UnknownNameError(field, words, *others)
    return Node(*(each.position for each in found.values()))


def _find_named(named: NamedTree, asked: str, code: str) -> Found:
    """Return a node by id, alias or path; else by what all tabs call it, where only one is called so."""
    found = find_node(named, asked, code)
    if found.code != code:
        return found
    called = [node for node, name in enumerate(named.tree.names) if name.casefold() == asked.strip().casefold()]
    return Found(called[0]) if len(called) == 1 else found


def _unknown(found: Found) -> str:
    choices = f" ({found.expected})" if found.expected else ""
    return f"unknown: {found.words}{found.hint()}{choices}"
