"""The Changes tab: what was agreed, what is planned now, and why, cell by cell.

Owns: its columns.
"""

from __future__ import annotations

import numpy as np

from engine.cycle.reforecast import HAPPENED, Reforecast
from workbooks.tabs.looks import AFTER_NUMBER, TEXT, TOP, fitting, number, title_block, title_heights
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import CHANGES, table_name

_ITEMS = "#,##0;-#,##0;0"
_SIGNED = "+#,##0;-#,##0;0"
_SHARE = "+0.0%;-0.0%;0.0%"
_SHOWN = 0.5
_NAMED = 3


def changes_sheet(done: Reforecast, version: str) -> Sheet:
    """Return Changes: every cell that is not what was agreed, the largest first.

    Parameters
    ----------
    version : what was agreed is called; "" where nothing was sealed
    """
    plan, outcome = done.outcome.plan, done.outcome
    change = outcome.value - done.was
    at = np.flatnonzero(np.abs(change) >= _SHOWN)
    at = at[np.lexsort((at, -np.abs(change[at])))]
    cells = plan.cells
    orgs = [plan.org.ids[plan.org.leaves[each]] for each in cells.org[at].tolist()]
    queues = [plan.queues.ids[plan.queues.leaves[each]] for each in cells.queue[at].tolist()]
    periods = [plan.periods.ids[plan.periods.leaves[each]] for each in cells.period[at].tolist()]
    was = done.was[at]
    share = np.divide(change[at], was, out=np.full(len(at), np.nan), where=was > 0)
    why = why_texts(done, at)
    table = Table(
        table_name(CHANGES),
        TOP,
        1,
        (
            Column("Metric", [plan.metrics.ids[each] for each in cells.metric[at].tolist()], TEXT, 14),
            Column("Org", orgs, TEXT, fitting(orgs, 16)),
            Column("Queue", queues, TEXT, fitting(queues, 16)),
            Column("Period", periods, TEXT, 11),
            Column("Was", was, number(_ITEMS), 12, "What was agreed"),
            Column("Now", outcome.value[at], number(_ITEMS), 12),
            Column("Change", change[at], number(_SIGNED), 12, "Now − Was"),
            Column("Change (%)", share, number(_SHARE), 11),
            Column("Why", why, AFTER_NUMBER, fitting(why, 60)),
        ),
    )
    return Sheet(CHANGES, table, title_block("Changes", changes_words(done, version)), freeze=(TOP + 1, 5),
                 heights=title_heights())  # fmt: skip


def changes_words(done: Reforecast, version: str) -> str:
    """Return how much changed, in a sentence."""
    plan = done.outcome.plan
    happened = np.array([each == HAPPENED for each in done.stays])
    change = done.outcome.value - done.was
    moved = int((np.abs(change[~happened]) >= _SHOWN).sum())
    ended = int(plan.cells.period[happened].max(initial=-1)) + 1
    since = f"since version {version}" if version else "since the cascade"
    past, ahead = change[happened].sum(), change[~happened].sum()
    return (
        f"{ended} of {len(plan.periods.leaves)} periods stand at what happened ({past:+,.0f} items {since}); "
        f"{moved:,} of {int((~happened).sum()):,} numbers ahead change, by {ahead:+,.0f} in all."
    )


def why_texts(done: Reforecast, at: np.ndarray) -> list[str]:
    """Return why each cell is what it is now: what happened, or the largest reasons of the plan."""
    reasons = done.outcome.reasons
    start = np.searchsorted(reasons.cell, at)
    end = np.searchsorted(reasons.cell, at, side="right")
    fair = done.outcome.fair - done.was
    texts = []
    for row, cell in enumerate(at.tolist()):
        if done.stays[cell] == HAPPENED:
            texts.append("what happened")
            continue
        terms = [("what the rest of the time is asked for", float(fair[cell]))]
        terms += [
            (reasons.labels[reasons.label[term]], float(reasons.amount[term]))
            for term in range(start[row], end[row])
        ]  # fmt: skip
        told = [f"{label} {amount:+,.0f}" for label, amount in terms[:_NAMED] if abs(amount) >= _SHOWN]
        texts.append("; ".join(told) or done.stays[cell] or "rounding to whole units")
    return texts
