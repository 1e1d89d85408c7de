"""The Scenario Compare tab: the plan as it is, and under each scenario, with what moved and why.

Owns: its columns, and a sentence per scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.outcome import Outcome
from engine.whatif.compared import node_rows, values_at, why_moved
from solver.frozen import frozen
from workbooks.tabs.looks import AFTER_NUMBER, TEXT, TOP, fitting, number, title_block, title_heights
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import SCENARIO_COMPARE, table_name

_ITEMS = "#,##0;-#,##0;0"
_SIGNED = "+#,##0;-#,##0;0"


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
    columns = [
        Column("Metric", [plan.metrics.ids[row.metric] for row in rows], TEXT, 14),
        Column("Tree", [row.tree for row in rows], TEXT, 9),
        Column("Node", nodes, TEXT, fitting(nodes, 20)),
        Column("Level", [trees[row.tree].level[row.node] for row in rows], TEXT, 12),
        Column("Now", base, number(_ITEMS), 14, "The plan as the inputs stand"),
    ]
    for each in scenarios:
        value, why = values_at(each.outcome, scopes), why_moved(now, each.outcome, scopes)
        columns += [
            Column(each.name, value, number(_ITEMS), 14),
            Column(f"{each.name} − Now", value - base, number(_SIGNED), 13),
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


def scenario_words(scenario: Scenario, now: Outcome) -> str:
    """Return what a scenario comes to, in a sentence."""
    met, asked = int(scenario.outcome.targets.met.sum()), len(scenario.outcome.targets.met)
    short, before = float(scenario.outcome.targets.shortfall.sum()), float(now.targets.shortfall.sum())
    change = "1 change" if scenario.changes == 1 else f"{scenario.changes:,} changes"
    return (
        f"{scenario.name} ({change}): {met} of {asked} targets met (now {int(now.targets.met.sum())}), "
        f"short by {short:,.0f} (now {before:,.0f})."
    )
