"""The Run Rate tab: what every node has done per working day, and has to do from now on.

Owns: its columns, and the sentence for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.cycle.run_rate import RunRates
from engine.plan import Plan
from engine.trees import ROOT
from workbooks.addresses import cell_name
from workbooks.tabs.looks import HOURS, ITEMS, TEXT, TOP, bad, fitting, number, title_block, title_heights, watch
from workbooks.tabs.model import Column, Formulas, Sheet, Table
from workbooks.tabs.names import RUN_RATE, table_name

_SHARE = "+0.0%;-0.0%;0.0%"
_FASTER, _MUCH_FASTER = 0.05, 0.15
"""By how much more than was agreed has to be done before it is worth a look, and hard to believe."""


def run_rate_sheet(plan: Plan, rates: RunRates) -> Sheet:
    """Return Run Rate."""
    org, queue = rates.scope.org.tolist(), rates.scope.queue.tolist()
    orgs, queues = [plan.org.ids[node] for node in org], [plan.queues.ids[node] for node in queue]
    levels = [
        plan.org.level[one] if other == ROOT else plan.queues.level[other]
        for one, other in zip(org, queue, strict=True)
    ]
    count = len(orgs)
    had, needed = rates.per_day_gone(rates.done), rates.per_day_left(rates.left)
    meant = rates.per_day_left(rates.agreed_left)
    faster, more = (np.divide(needed, than, out=np.full(count, np.nan), where=than > 0) - 1 for than in (had, meant))
    rows = range(TOP + 1, TOP + 1 + count)
    columns = (
        Column("Metric", [plan.metrics.ids[each] for each in rates.scope.metric.tolist()], TEXT, 14),
        Column("Org", orgs, TEXT, fitting(orgs, 16)),
        Column("Queue", queues, TEXT, fitting(queues, 16)),
        Column("Level", levels, TEXT, 12),
        Column("Agreed", rates.agreed, number(ITEMS), 13, "Over the whole time"),
        Column("Target", rates.target, number(ITEMS), 13, "Over the whole time, as planned now"),
        Column("Done", rates.done, number(ITEMS), 13, "In periods that have ended"),
        Column("Left", Formulas([f"F{row}-G{row}" for row in rows], rates.left), number(ITEMS), 13, "Target − Done"),
        Column("Done per day", had, number(HOURS), 12, f"Per working day; {rates.days_gone:g} have gone"),
        Column("Needed per day", needed, number(HOURS), 12, f"Per working day; {rates.days_left:g} are left"),
        Column("Agreed per day", meant, number(HOURS), 12,
               "What was agreed of the periods ahead, per working day"),
        Column("Than done (%)", _against(rows, "I", faster), number(_SHARE), 11, "Needed per day against done per day"),
        Column("Than agreed (%)", _against(rows, "K", more), number(_SHARE), 11,
               "Needed per day against what was agreed of the periods ahead"),
    )  # fmt: skip
    is_parent = (rates.scope.queue == ROOT) & ~plan.org.is_leaf[rates.scope.org]
    table = Table(table_name(RUN_RATE), TOP, 1, columns, emphasis=is_parent)
    at = table.column_of("Than agreed (%)")
    cells, one = f"{cell_name(TOP + 1, at)}:{cell_name(TOP + max(count, 1), at)}", f"${cell_name(TOP + 1, at)}"
    return Sheet(
        RUN_RATE,
        table,
        title_block("Run rate", run_rate_words(plan, rates)),
        freeze=(TOP + 1, 5),
        heights=title_heights(),
        colours=(
            bad(cells, f"AND(ISNUMBER({one}),{one}>{_MUCH_FASTER})"),
            watch(cells, f"AND(ISNUMBER({one}),{one}>{_FASTER})"),
        ),
    )


def _against(rows: Iterable[int], than: str, cached: np.ndarray) -> Formulas:
    """Return the formulas of a share by which more is needed than a column says."""
    return Formulas([f'IF({than}{row}>0,J{row}/{than}{row}-1,"")' for row in rows], cached)


def run_rate_words(plan: Plan, rates: RunRates) -> str:
    """Return what is needed of everybody together, metric by metric, in a sentence."""
    if rates.days_left <= 0:
        return "All periods have ended."
    said = []
    had, needed = rates.per_day_gone(rates.done), rates.per_day_left(rates.left)
    for row in np.flatnonzero((rates.scope.org == ROOT) & (rates.scope.queue == ROOT)).tolist():
        name = plan.metrics.ids[int(rates.scope.metric[row])]
        so_far = f", {needed[row] / had[row] - 1:+.1%} against {had[row]:,.0f} so far" if had[row] > 0 else ""
        said.append(f"{name}: {needed[row]:,.0f} a working day from now on{so_far}")
    return "; ".join(said) + "."
