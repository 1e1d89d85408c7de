"""The Changes tab: what was agreed, what is planned now, and why: volumes and rates by cell, backlogs by queue.

Owns: its columns, which changes are worth a row, and their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from engine.building.agreed import backlog
from engine.cycle.reforecast import HAPPENED, Reforecast
from engine.outcome import RateResult, ReasonKind
from engine.plan import Balance
from engine.trees import ROOT
from solver.frozen import frozen
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    ITEMS,
    SIGNED_ITEMS,
    SIGNED_SHARE,
    TEXT,
    TOP,
    fitting,
    number,
    title_block,
    title_heights,
)
from workbooks.tabs.metric_looks import difference_format, formats_of, value_format, wording
from workbooks.tabs.metric_words import shown_change
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import CHANGES, table_name

_SHOWN = 0.5
_NAMED = 3
_ASKED = "what the rest of the time is asked for"
_CAUSES = (_ASKED, "hours", "limits and holds", "rounding")
_KINDS = (
    (ReasonKind.HOURS, ReasonKind.INFLOW),
    (ReasonKind.LIMIT,),
    (ReasonKind.ZERO, ReasonKind.UNITS, ReasonKind.FALLBACK),
)
"""What reasons come of, cause by cause, behind what is asked."""
_PAST, _HANDLED = "what happened", "what is handled"


@frozen
class _Changed:
    """Numbers that are not what was agreed; arrays of shape (records,).

    metric : int64; org, queue, period : int64, nodes, as in Cascade; has_happened : bool; was, now : float64
    why : object array of str
    """

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    has_happened: np.ndarray
    was: np.ndarray
    now: np.ndarray
    why: np.ndarray

    def take(self, order: np.ndarray) -> _Changed:
        return _Changed(*(getattr(self, each.name)[order] for each in fields(self)))


def changes_sheet(done: Reforecast, version: str) -> Sheet:
    """Return Changes: every number that is not what was agreed, what lies ahead first, the largest first.

    Parameters
    ----------
    version : what was agreed is called; "" where nothing was sealed
    """
    plan, found = done.outcome.plan, _changed(done)
    change, metrics = found.now - found.was, plan.metrics
    orgs = [plan.org.ids[node] for node in found.org.tolist()]
    queues = [plan.queues.ids[node] for node in found.queue.tolist()]
    periods = [plan.periods.ids[node] for node in found.period.tolist()]
    is_rate = metrics.is_kind(found.metric, "rate")
    share = np.divide(change, found.was, out=np.full(len(change), np.nan), where=(found.was > 0) & ~is_rate)
    shown, signed = (
        formats_of(metrics, found.metric, value_format),
        formats_of(metrics, found.metric, difference_format),
    )
    why: list[str] = found.why.tolist()
    table = Table(
        table_name(CHANGES),
        TOP,
        1,
        (
            Column("Metric", [metrics.ids[each] for each in found.metric.tolist()], TEXT, 14),
            Column("Org", orgs, TEXT, fitting(orgs, 16)),
            Column("Queue", queues, TEXT, fitting(queues, 16)),
            Column("Period", periods, TEXT, 11),
            Column("Was", found.was, number(ITEMS), 12, "What was agreed", shown),
            Column("Now", found.now, number(ITEMS), 12, formats=shown),
            Column("Change", change, number(SIGNED_ITEMS), 12, "Now − Was", signed),
            Column("Change (%)", share, number(SIGNED_SHARE), 11, "Change ÷ Was; not of rates"),
            Column("Why", why, AFTER_NUMBER, fitting(why, 60)),
        ),
    )
    return Sheet(CHANGES, table, title_block("Changes", changes_words(done, version)), freeze=(TOP + 1, 5),
                 heights=title_heights())  # fmt: skip


def _changed(done: Reforecast) -> _Changed:
    """Return what changed: what lies ahead first, metric by metric, the largest first."""
    plan = done.outcome.plan
    parts = [_of_cells(done), *(_of_rate(done, each) for each in done.outcome.rates), *_of_backlogs(done)]
    joined = _Changed(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(_Changed)))
    size = np.abs(joined.now - joined.was)
    least = np.array([_SHOWN * wording(plan.metrics, at).step for at in range(len(plan.metrics))])
    joined = joined.take(np.flatnonzero(size >= least[joined.metric] * (1 - 1e-9)))
    size = np.abs(joined.now - joined.was)
    return joined.take(np.lexsort((np.arange(len(size)), -size, joined.metric, joined.has_happened)))


def _of_cells(done: Reforecast) -> _Changed:
    plan, cells = done.outcome.plan, done.outcome.plan.cells
    at = np.flatnonzero(np.abs(done.outcome.value - done.was) >= _SHOWN)  # most stay: no words are made for them
    has_happened = np.array([done.stays[cell] == HAPPENED for cell in at.tolist()], dtype=bool)
    return _Changed(
        cells.metric[at],
        plan.org.leaves[cells.org[at]],
        plan.queues.leaves[cells.queue[at]],
        plan.periods.leaves[cells.period[at]],
        has_happened,
        done.was[at],
        done.outcome.value[at],
        np.array(_whys(done, at, has_happened), dtype=object),
    )


def _of_rate(done: Reforecast, result: RateResult) -> _Changed:
    plan, rate = done.outcome.plan, result.rate
    cells, at = plan.cells, result.rate.cells
    has_happened = cells.period[at] < done.ended
    change = result.value - done.others_were[rate.metric]
    why = [
        _PAST if past else f"{_ASKED} {shown_change(plan, rate.metric, amount)}"
        for past, amount in zip(has_happened.tolist(), change.tolist(), strict=True)
    ]
    return _Changed(
        np.full(len(at), rate.metric),
        plan.org.leaves[cells.org[at]],
        plan.queues.leaves[cells.queue[at]],
        plan.periods.leaves[cells.period[at]],
        has_happened,
        done.others_were[rate.metric],
        result.value,
        np.array(why, dtype=object),
    )


def _of_backlogs(done: Reforecast) -> Iterator[_Changed]:
    """Yield the backlogs of what is planned: by queue and period, whatever the team."""
    for balance in done.outcome.plan.balances:
        if balance.stock in done.others_were:
            yield _of_backlog(done, balance)


def _of_backlog(done: Reforecast, balance: Balance) -> _Changed:
    plan = done.outcome.plan
    now, was = backlog(plan, balance, done.outcome.value), done.others_were[balance.stock]
    queue, period = np.nonzero(np.isfinite(now) & np.isfinite(was))
    has_happened = period < done.ended
    return _Changed(
        np.full(len(queue), balance.stock),
        np.full(len(queue), ROOT),
        plan.queues.leaves[queue],
        plan.periods.leaves[period],
        has_happened,
        was[queue, period],
        now[queue, period],
        np.where(has_happened, _PAST, _HANDLED).astype(object),
    )


def changes_words(done: Reforecast, version: str) -> str:
    """Return how much changed, in a sentence."""
    plan = done.outcome.plan
    happened = np.array([each == HAPPENED for each in done.stays])
    change = done.outcome.value - done.was
    moved = int((np.abs(change[~happened]) >= _SHOWN).sum())
    since = f"since version {version}" if version else "since the cascade"
    past, ahead = change[happened].sum(), change[~happened].sum()
    if happened.all():
        return f"All {done.ended} periods stand at what happened ({past:+,.0f} items {since}); nothing is left to plan."
    return (
        f"{done.ended} of {len(plan.periods.leaves)} periods stand at what happened ({past:+,.0f} items {since}); "
        f"{moved:,} of {int((~happened).sum()):,} numbers ahead change, by {ahead:+,.0f} in all."
    )


def _whys(done: Reforecast, at: np.ndarray, has_happened: np.ndarray) -> list[str]:
    """Return why some cells are what they are now, in parts that come to its change, the largest first."""
    amounts = _by_cause(done)[:, at]
    texts = []
    for past, parts in zip(has_happened.tolist(), amounts.T.tolist(), strict=True):
        if past:
            texts.append(_PAST)
            continue
        told = sorted(
            ((words, amount) for words, amount in zip(_CAUSES, parts, strict=True) if abs(amount) >= _SHOWN),
            key=lambda part: -abs(part[1]),
        )
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
