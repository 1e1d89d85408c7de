"""The Scenario Compare tab: the plan as it is, and under each scenario, with what moved and why.

Owns: its columns, and a sentence per scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.outcome import Outcome
from engine.plan import Scopes
from engine.rates.averages import values_at
from engine.whatif.compare import total_miss
from engine.whatif.compared import node_rows, why_moved
from solver.frozen import frozen
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    ITEMS,
    SIGNED_ITEMS,
    TEXT,
    TOP,
    fitting,
    number,
    title_block,
    title_heights,
)
from workbooks.tabs.metric_looks import difference_format, formats_of, is_rate, value_format, wording
from workbooks.tabs.metric_words import shown_change
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import SCENARIO_COMPARE, table_name

_NAMED = 2
_HALF = 0.5
"""Of the last digit that is shown, from which a part is told."""


@frozen
class Scenario:
    """A solved scenario. changes : cells that it changes."""

    name: str
    changes: int
    outcome: Outcome


def scenario_sheet(now: Outcome, scenarios: Sequence[Scenario]) -> Sheet:
    """Return Scenario Compare: a row per metric and node."""
    plan = now.plan
    rows, scopes = node_rows(now)
    trees = {"Org": plan.org, "Queue": plan.queues}
    nodes = [trees[row.tree].ids[row.node] for row in rows]
    base = values_at(now, scopes)
    shown = formats_of(plan.metrics, scopes.metric, value_format)
    signed = formats_of(plan.metrics, scopes.metric, difference_format)
    columns = [
        Column("Metric", [plan.metrics.ids[row.metric] for row in rows], TEXT, 14),
        Column("Tree", [row.tree for row in rows], TEXT, 9),
        Column("Node", nodes, TEXT, fitting(nodes, 20)),
        Column("Level", [trees[row.tree].level[row.node] for row in rows], TEXT, 12),
        Column("Now", base, number(ITEMS), 14, "The plan as the inputs stand", shown),
    ]
    for each in scenarios:
        value, why = values_at(each.outcome, scopes), _whys(now, each.outcome, scopes)
        columns += [
            Column(each.name, value, number(ITEMS), 14, formats=shown),
            Column(f"{each.name} − Now", value - base, number(SIGNED_ITEMS), 13, formats=signed),
            Column(f"{each.name}: why", why, AFTER_NUMBER, fitting(why, 44)),
        ]
    words = " ".join(scenario_words(each, now) for each in scenarios)
    return Sheet(
        SCENARIO_COMPARE,
        Table(table_name(SCENARIO_COMPARE), TOP, 1, columns),
        title_block("Scenario Compare", words),
        freeze=(TOP + 1, 5),
        heights=title_heights(),
    )


def _whys(now: Outcome, then: Outcome, scopes: Scopes) -> list[str]:
    """Return in words why each number moves, the largest parts first; what does not show is left out."""
    plan, texts = now.plan, []
    for metric, parts in zip(scopes.metric.tolist(), why_moved(now, then, scopes), strict=True):
        least = _HALF * wording(plan.metrics, metric).step
        told = [(words, amount) for words, amount in parts if abs(amount) >= least][:_NAMED]
        if is_rate(plan.metrics, metric):
            texts.append("; ".join(f"{words} {shown_change(plan, metric, amount)}" for words, amount in told))
        elif abs(sum(amount for _, amount in parts)) < least:
            texts.append("")  # parts that cancel say nothing of an amount that stays
        else:
            texts.append("; ".join(f"{words} {amount:+,.0f}" for words, amount in told))
    return texts


def scenario_words(scenario: Scenario, now: Outcome) -> str:
    """Return what a scenario comes to, in a sentence."""
    then = scenario.outcome
    met, asked = int(then.targets.met.sum()), len(then.targets.met)
    change = "1 change" if scenario.changes == 1 else f"{scenario.changes:,} changes"
    return (
        f"{scenario.name} ({change}): {met} of {asked} targets met (now {int(now.targets.met.sum())}), "
        f"short by {total_miss(then):,.0f} (now {total_miss(now):,.0f})."
    )
