"""The Run Rate tab: what every node has done per working day and has to do from now on, and what its rates have to be.

Owns: its columns, and the sentence for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.cycle.run_rate import RunRates
from engine.plan import Plan
from engine.trees import ROOT
from workbooks.addresses import cell_name
from workbooks.tabs.looks import HOURS, ITEMS, TEXT, TOP, bad, fitting, number, title_block, title_heights, watch
from workbooks.tabs.metric_looks import change_format, formats_of, is_rate, shape_of, value_format
from workbooks.tabs.metric_words import shown_change, shown_value
from workbooks.tabs.model import ColourWhen, Column, Formulas, Sheet, Table
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
    metrics, metric = plan.metrics, rates.scope.metric
    had, needed, meant = rates.had, rates.needed, rates.agreed_ahead
    faster, more = (_than(rates, needed, than) for than in (had, meant))
    shown = formats_of(metrics, metric, value_format)
    per_day = [each if rated else HOURS for each, rated in zip(shown, rates.is_rate.tolist(), strict=True)]
    changed = formats_of(metrics, metric, change_format)
    left = Formulas(
        ["" if rated else f"F{TOP + 1 + at}-G{TOP + 1 + at}" for at, rated in enumerate(rates.is_rate.tolist())],
        np.where(rates.is_rate, np.nan, rates.left),
    )
    columns = (
        Column("Metric", [metrics.ids[each] for each in metric.tolist()], TEXT, 14),
        Column("Org", orgs, TEXT, fitting(orgs, 16)),
        Column("Queue", queues, TEXT, fitting(queues, 16)),
        Column("Level", levels, TEXT, 12),
        Column("Agreed", rates.agreed, number(ITEMS), 13, "Over the whole time", shown),
        Column("Target", rates.target, number(ITEMS), 13, "Over the whole time, as planned now", shown),
        Column("Done", rates.done, number(ITEMS), 13, "In periods that have ended; of a rate its average", shown),
        Column("Left", left, number(ITEMS), 13, "Target − Done, of what adds up"),
        Column("Done per day", had, number(HOURS), 12,
               f"Per working day, {rates.days_gone:g} have gone; of a rate its average", per_day),
        Column("Needed per day", needed, number(HOURS), 12,
               f"Per working day, {rates.days_left:g} are left; of a rate its average from now on", per_day),
        Column("Agreed per day", meant, number(HOURS), 12,
               "What was agreed of the periods ahead, per working day; of a rate its average", per_day),
        Column("Than done (%)", _against(rates, "I", faster), number(_SHARE), 11,
               "Needed per day against done per day; of a rate the difference", changed),
        Column("Than agreed (%)", _against(rates, "K", more), number(_SHARE), 11,
               "Needed per day against what was agreed of the periods ahead; of a rate the difference", changed),
    )  # fmt: skip
    is_parent = (rates.scope.queue == ROOT) & ~plan.org.is_leaf[rates.scope.org]
    table = Table(table_name(RUN_RATE), TOP, 1, columns, emphasis=is_parent)
    return Sheet(
        RUN_RATE,
        table,
        title_block("Run rate", run_rate_words(plan, rates)),
        freeze=(TOP + 1, 5),
        heights=title_heights(),
        colours=tuple(_colours(plan, rates, table.column_of("Than agreed (%)"))),
    )


def _than(rates: RunRates, needed: np.ndarray, than: np.ndarray) -> np.ndarray:
    """Return by how much more is needed than something: a part of it, of rates the difference."""
    part = np.divide(needed, than, out=np.full(len(than), np.nan), where=than > 0) - 1
    return np.asarray(np.where(rates.is_rate, needed - than, part))


def _against(rates: RunRates, than: str, cached: np.ndarray) -> Formulas:
    """Return the formulas of that, held against a column; what is not known is left out."""
    texts = []
    for row, (rated, value) in enumerate(zip(rates.is_rate.tolist(), cached.tolist(), strict=True), TOP + 1):
        if rated:
            texts.append(f"J{row}-{than}{row}" if np.isfinite(value) else "")
        else:
            texts.append(f'IF({than}{row}>0,J{row}/{than}{row}-1,"")')
    return Formulas(texts, cached)


def _colours(plan: Plan, rates: RunRates, column: int) -> Iterator[ColourWhen]:
    """Yield what is hard to believe: volumes, and shares of which more is better; other rates have no scale of ours."""
    metrics, metric = plan.metrics, rates.scope.metric
    for each in np.unique(metric).tolist():
        is_share, _ = shape_of(metrics, each)
        if is_rate(metrics, each) and not (is_share and metrics.higher_is_better[each]):
            continue
        rows = np.flatnonzero(metric == each) + TOP + 1
        first = cell_name(int(rows[0]), column)
        cells, one = f"{first}:{cell_name(int(rows[-1]), column)}", f"${first}"
        yield bad(cells, f"AND(ISNUMBER({one}),{one}>{_MUCH_FASTER})")
        yield watch(cells, f"AND(ISNUMBER({one}),{one}>{_FASTER})")


def run_rate_words(plan: Plan, rates: RunRates) -> str:
    """Return what is needed of everybody together, metric by metric, in a sentence."""
    if rates.days_left <= 0:
        return "All periods have ended."
    said = []
    for row in np.flatnonzero((rates.scope.org == ROOT) & (rates.scope.queue == ROOT)).tolist():
        metric = int(rates.scope.metric[row])
        name, had, needed = plan.metrics.ids[metric], float(rates.had[row]), float(rates.needed[row])
        if rates.is_rate[row]:
            if np.isfinite(needed):
                change = f", {shown_change(plan, metric, needed - had)} against {shown_value(plan, metric, had)} so far"
                so_far = change if np.isfinite(had) else ""
                said.append(f"{name}: {shown_value(plan, metric, needed)} from now on{so_far}")
            continue
        so_far = f", {needed / had - 1:+.1%} against {had:,.0f} so far" if had > 0 else ""
        said.append(f"{name}: {needed:,.0f} a working day from now on{so_far}")
    return "; ".join(said) + "."
