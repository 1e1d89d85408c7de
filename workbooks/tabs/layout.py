"""From an outcome to the engine's sheets, as data.

Owns: which sheets there are, in which order. Every sheet but Run Log is a function of the plan alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.cycle.sign_off import Standing
from engine.issues import Issue
from engine.outcome import Outcome
from workbooks.tabs.capacity_use import capacity_order, capacity_use_sheet
from workbooks.tabs.cascade import cascade_sheet
from workbooks.tabs.diagnostics import diagnostics_sheet
from workbooks.tabs.model import Sheet
from workbooks.tabs.names import OWN_SHEETS
from workbooks.tabs.node_targets import org_sheet, queue_sheet
from workbooks.tabs.run_log import RunFacts, run_log_sheet
from workbooks.tabs.sources import Sources
from workbooks.tabs.summary import summary_sheet
from workbooks.tabs.target_check import target_check_sheet

__all__ = ["OWN_SHEETS", "lay_out"]


def _as_it_is(name: str) -> str:
    return name


def lay_out(
    outcome: Outcome,
    issues: Sequence[Issue],
    run: RunFacts,
    earlier_runs: Sequence[Sequence[object]] = (),
    sheet_name: Callable[[str], str] = _as_it_is,
    rolled_up: Sheet | None = None,
    standings: Sequence[Standing] = (),
) -> list[Sheet]:
    """Return the engine's sheets in the order of ``OWN_SHEETS``.

    Parameters
    ----------
    issues : everything found while reading, building, checking and solving
    earlier_runs : rows of the present Run Log, newest first, cell values in column order
    sheet_name : what one of our sheets is called in this book; used wherever a formula, link or chart refers to it
    rolled_up : Cascade, where its leaf rows stand beside the book
    standings : how far each version that people have signed is, the newest first

    Returns
    -------
    list of Sheet
        Sheet names and table names are the logical ones.
    """
    cascade = cascade_sheet(outcome) if rolled_up is None else rolled_up
    org, queues = org_sheet(outcome), queue_sheet(outcome)
    target_check, capacity_use = target_check_sheet(outcome), capacity_use_sheet(outcome)
    sources = Sources(
        outcome, cascade, org, queues, target_check, capacity_use, capacity_order(outcome.plan).tolist(), sheet_name,
        run.leaf_rows, standings,
    )  # fmt: skip
    return [
        summary_sheet(sources),
        cascade,
        org.sheet,
        queues.sheet,
        target_check,
        capacity_use,
        diagnostics_sheet(issues),
        run_log_sheet(outcome, run, earlier_runs),
    ]
