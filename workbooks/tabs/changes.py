"""The Changes tab: what was agreed, what is planned now, and why, cell by cell.

Owns: its columns.
"""

from __future__ import annotations

import numpy as np

from engine.cycle.reforecast import HAPPENED, Reforecast
from engine.outcome import ReasonKind
from workbooks.tabs.looks import AFTER_NUMBER, TEXT, TOP, fitting, number, title_block, title_heights
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import CHANGES, table_name

_ITEMS = "#,##0;-#,##0;0"
_SIGNED = "+#,##0;-#,##0;0"
_SHARE = "+0.0%;-0.0%;0.0%"
_SHOWN = 0.5
_NAMED = 3
_CAUSES = ("what the rest of the time is asked for", "hours", "limits and holds", "rounding")
_KINDS = (
    (ReasonKind.HOURS, ReasonKind.INFLOW),
    (ReasonKind.LIMIT,),
    (ReasonKind.ZERO, ReasonKind.UNITS, ReasonKind.FALLBACK),
)
"""What reasons come of, cause by cause, behind what is asked."""


def changes_sheet(done: Reforecast, version: str) -> Sheet:
    """Return Changes: every cell that is not what was agreed, what lies ahead first, the largest first.

    Parameters
    ----------
    version : what was agreed is called; "" where nothing was sealed
    """
    plan, outcome = done.outcome.plan, done.outcome
    change = outcome.value - done.was
    at = np.flatnonzero(np.abs(change) >= _SHOWN)
    has_happened = np.array([done.stays[cell] == HAPPENED for cell in at.tolist()], dtype=bool)
    at = at[np.lexsort((at, -np.abs(change[at]), has_happened))]
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
    if happened.all():
        return f"All {ended} periods stand at what happened ({past:+,.0f} items {since}); nothing is left to plan."
    return (
        f"{ended} of {len(plan.periods.leaves)} periods stand at what happened ({past:+,.0f} items {since}); "
        f"{moved:,} of {int((~happened).sum()):,} numbers ahead change, by {ahead:+,.0f} in all."
    )


def why_texts(done: Reforecast, at: np.ndarray) -> list[str]:
    """Return why each cell is what it is now, in parts that come to its change, the largest first."""
    amounts = _by_cause(done)[:, at]
    texts = []
    for column, cell in enumerate(at.tolist()):
        if done.stays[cell] == HAPPENED:
            texts.append("what happened")
            continue
        parts = [(words, float(amounts[row, column])) for row, words in enumerate(_CAUSES)]
        told = sorted((part for part in parts if abs(part[1]) >= _SHOWN), key=lambda part: -abs(part[1]))
        texts.append("; ".join(f"{words} {amount:+,.0f}" for words, amount in told[:_NAMED]) or "rounding")
    return texts


def _by_cause(done: Reforecast) -> np.ndarray:
    """Return the change of each cell by cause: float64, shape (causes, cells).

    What targets, queues and the mix guard pull is what has been missed in periods that have ended, or what hours
    displace elsewhere: it is what the rest of the time is asked for.
    """
    outcome, reasons = done.outcome, done.outcome.reasons
    kind = np.array(reasons.kinds, dtype=np.int64)[reasons.label] if len(reasons.label) else reasons.label
    amounts = np.zeros((len(_CAUSES), len(outcome.value)))
    for row, kinds in enumerate(_KINDS, start=1):
        mine = np.isin(kind, kinds)
        amounts[row] = np.bincount(reasons.cell[mine], reasons.amount[mine], len(outcome.value))
    amounts[0] = outcome.value - done.was - amounts.sum(axis=0)
    return amounts
