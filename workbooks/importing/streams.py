"""Items that arrive and items that are open: Inflow and Opening of a plan, where an export tells both.

Owns: when a backlog can be planned from an export, and what it starts from.
"""

from __future__ import annotations

from collections import defaultdict

from engine.building.spans import Span
from solver.frozen import frozen
from workbooks.importing.calendar import PlanCalendar
from workbooks.importing.export import Export
from workbooks.importing.facts import Path
from workbooks.importing.guesses import Told
from workbooks.importing.history import History
from workbooks.importing.measures import Measure
from workbooks.importing.metrics import PlanMetrics, pretty
from workbooks.importing.trees import GuessedTree
from workbooks.importing.vocabulary import Role
from workbooks.template.contents import FilledTable, by_rows


@frozen
class Streams:
    """Positions of the measures that arrive and that are open; name : of the stock."""

    inflow: int
    backlog: int
    name: str


def choose_streams(export: Export, measures: tuple[Measure, ...], metrics: PlanMetrics, told: Told) -> Streams | None:
    """Return what arrives and what is open; None where one is missing, which is named."""
    arriving = [at for at, each in enumerate(measures) if each.role is Role.INFLOW and at not in metrics.volumes]
    waiting = [at for at, each in enumerate(measures) if each.role is Role.BACKLOG]
    if arriving and waiting:
        return Streams(arriving[0], waiting[0], pretty(measures[waiting[0]].name))
    for at in (*arriving, *waiting):
        place = export.header_place(max(measures[at].column, 0))
        words = "inflow and backlog are needed together; fill Inflow and Opening"
        told.add("TC267", place, f"{measures[at].header}: {words}")
    return None


def stream_tables(
    history: History, streams: Streams, calendar: PlanCalendar, queues: GuessedTree, volume: str
) -> dict[str, FilledTable]:
    """Return Inflow, as much as in the history that each period takes, and Opening, as the last period ended."""
    came: dict[tuple[Path, Span], float] = defaultdict(float)
    for (_, queue, span), value in history.keys(streams.inflow).items():
        came[queue, span] += value
    last = calendar.last
    left: dict[Path, float] = defaultdict(float)
    for (_, queue, span), value in history.keys(streams.backlog).items():
        if span == last:
            left[queue] += value
    inflow = [
        (volume, queues.id_of(queue), calendar.naming.name(span), came.get((queue, like), 0.0))
        for queue in sorted({queue for queue, _ in came})
        for span, like in zip(calendar.planned, calendar.like, strict=True)
    ]
    opening = [(streams.name, queues.id_of(queue), value) for queue, value in sorted(left.items())]
    return {
        "Inflow": FilledTable(
            by_rows(("Metric", "Queue", "Period", "Value"), inflow),
            {"Value": "As much as in the history that the period takes: an EXAMPLE of a forecast."},
            frozenset({"Value"}),
        ),
        "Opening": FilledTable(by_rows(("Metric", "Queue", "Value"), opening)),
    }
