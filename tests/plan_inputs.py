"""Random plans as the tables of a workbook, so that a change can be typed into a cell and everything run again."""

from __future__ import annotations

from collections.abc import Sequence

from engine.plan import Sense
from engine.trees import Tree
from tests.plans import PlanParts
from tests.workbooks.books import book

_PAID = 140

Tables = dict[str, list[list[object]]]

_SENSES = {Sense.EXACTLY: "exactly", Sense.AT_LEAST: "at least", Sense.AT_MOST: "at most"}


def tables_of(parts: PlanParts, decimals: str = "none", *, as_people: bool = False) -> Tables:
    """Return a plan as tables: header first.

    decimals : of the one metric; as_people : hours of one period are given as people
    """
    eligible = list(parts.eligible) or sorted({(org, queue) for org, queue, _ in parts.baseline})
    tables: Tables = {
        "Metrics": [["Metric", "Kind", "Decimals"], ["Reviews", "volume", decimals]],
        "Org": _tree("Node", parts.org),
        "Queues": [
            ["Node", "Parent", "Handle time (s)", "May lose"],
            *([*row, parts.handle_s.get(str(row[0])), parts.may_lose.get(str(row[0]))] for row in _nodes(parts.queues)),
        ],
        "Periods": _tree("Period", parts.periods),
        "Skills": [["Org", "Queue"], *(list(pair) for pair in eligible)],
        "Baseline": [["Metric", "Org", "Queue", "Period", "Value"]],
        "Targets": [["Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"]],
    }
    tables["Baseline"] += [["Reviews", *key, value] for key, value in parts.baseline.items()]
    tables["Targets"] += [["Reviews", *row[:3], _SENSES[Sense(row[3])], *row[4:]] for row in parts.targets]
    if parts.limits:
        tables["Limits"] = [["Metric", "Org", "Queue", "Period", "Min", "Max", "Hold"]]
        tables["Limits"] += [["Reviews", *row[:3], *_bounds(row[3], row[4])] for row in parts.limits]
    if parts.capacity:
        tables["Capacity"] = _capacity(parts, as_people=as_people)
    if parts.settings.mix_guard != 0.05 or parts.settings.misses != "spread":
        tables["Settings"] = [["Setting", "Value"], ["Mix guard", parts.settings.mix_guard],
                              ["Misses", parts.settings.misses]]  # fmt: skip
    return tables


def _capacity(parts: PlanParts, *, as_people: bool) -> list[list[object]]:
    leaves = {parts.periods.ids[node] for node in parts.periods.leaves}
    rows: list[list[object]] = [["Org", "Queue", "Period", "Hours", "FTE", "Paid hours"]]
    for org, queue, period, hours in parts.capacity:
        people = as_people and period in leaves
        amounts = [None, hours / _PAID, _PAID] if people else [hours, None, None]
        rows.append([org or parts.org.ids[0], queue, period, *amounts])
    return rows


def book_of(tables: Tables) -> bytes:
    """Return the tables as a workbook."""
    return book({name: rows for name, rows in tables.items() if len(rows) > 1})


def _bounds(low: float, high: float) -> list[object]:
    if low == high:
        return [None, None, low]
    return [low if low > -1e300 else None, high if high < 1e300 else None, None]


def _nodes(tree: Tree) -> list[list[object]]:
    parents = [int(above) for above in tree.parent]
    return [
        [tree.ids[node], tree.ids[parents[node]] if parents[node] >= 0 and tree.given[parents[node]] else None]
        for node in range(len(tree))
        if tree.given[node]
    ]


def _tree(head: str, tree: Tree) -> list[list[object]]:
    return [[head, "Parent"], *_nodes(tree)]


def typed(tables: Tables, edits: Sequence[object]) -> Tables:
    """Return tables with the cells of edits changed, as somebody would type them."""
    changed = {name: [list(row) for row in rows] for name, rows in tables.items()}
    for edit in edits:
        place = edit.place  # type: ignore[attr-defined]  # any edit
        changed[place.table][place.row - 1][place.column - 1] = edit.now  # type: ignore[attr-defined]
    return changed
