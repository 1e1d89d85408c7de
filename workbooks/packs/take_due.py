"""Hours within which items are due, taken over from an answer: typed into Queues, where they stand.

Owns: which cells these are: those that say it for the queues of a node, and for no other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.building.build import known_names
from engine.codes import issue
from engine.issues import Issue, Place
from engine.plan import TURNAROUND, Plan
from engine.tables import Inputs
from workbooks.load.load_table import Loaded
from workbooks.package.edit_table import change_cells

_TABLE, _COLUMN = "Queues", "Turnaround"


def take_due(data: bytes, plan: Plan, inputs: Inputs, taken: Sequence[tuple[int, float]]) -> Loaded:
    """Return a workbook in which the items of some queues are due within other hours.

    Parameters
    ----------
    taken : queue node, and hours
    """
    values: dict[tuple[int, int], object] = {}
    issues: list[Issue] = []
    for queue, hours in taken:
        table = inputs.tables[_TABLE]
        places = _places(plan, inputs, queue)
        if not places:
            issues.append(issue("TC938", table.whole(), f"{plan.queues.ids[queue]}: {hours:,.10g} h"))
        values |= {(place.row, place.column): hours for place in places}
    done = change_cells(data, {inputs.tables[_TABLE].sheet: values}) if values else data
    return Loaded(done, tuple(issues))


def _places(plan: Plan, inputs: Inputs, queue: int) -> list[Place]:
    """Return the cells that say when the items of a queue, and of no other, are due; none where there are none."""
    targets, scope = plan.targets, plan.targets.scope
    first, last = plan.queues.leaf_span[queue]
    below = set(plan.queues.leaves[first:last].tolist())
    said: dict[Place, set[int]] = {}
    for row in np.flatnonzero(scope.metric == TURNAROUND).tolist():
        said.setdefault(targets.place[row], set()).add(int(scope.queue[row]))
    mine = [place for place, queues in said.items() if queues & below]
    shared = [place for place in mine if said[place] - below]
    own = [place for place in mine if place not in shared]
    if not shared:
        return own
    named = known_names(inputs).queues
    record = int(named.record[queue]) if named is not None else -1
    return [*own, inputs.tables[_TABLE].place(record, _COLUMN)] if record >= 0 else []
