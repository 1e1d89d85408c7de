"""The Capacity Use tab: hours there and hours used, per capacity row and period.

Owns: its rows (in tree order), the utilisation formula, bars and colours.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import Outcome
from engine.plan import Plan
from engine.whatif.binding import is_given
from engine.whatif.worth import used_up
from workbooks.addresses import reference
from workbooks.tabs.looks import (
    BAR,
    HOURS,
    HOURS_FINE,
    MAX_LINKS,
    SHARE,
    TEXT,
    TOP,
    WRAPPED,
    bad,
    clipped,
    fitting,
    line_heights,
    number,
    title_block,
    title_heights,
    watch,
)
from workbooks.tabs.model import Column, DataBar, Formulas, Link, Sheet, Table
from workbooks.tabs.names import CAPACITY_USE, table_name
from workbooks.tabs.ranges import records_of
from workbooks.tabs.target_check import scope_ids

_ASKS_ALL = "--worth all asks every full row"
NOT_ASKED = f"not asked: targets cascade --worth top asks the 20 largest, {_ASKS_ALL}"
_NOT_BY_ITSELF = "not asked by itself"
_WORTH_NOTHING = "no target would be missed by less"
_ELSEWHERE = "not asked: no target is missed here"
_OTHER_KINDS = "not asked: hours are asked of missed volumes alone; what would close a miss is in Target Check"
_HOURS_LEFT = "not asked: some hours are left"
_NOT_GIVEN = "not asked: nobody gave these hours as such"

_WORDS, _BINDS = 60, 40  # widths, in characters, at most

_FULL = 0.9995
"""Part of the hours from which they show as 100.0 % used: what is left then is less than whole items can take up."""
OVER = 0.000001
"""Hours used within a millionth of the hours there are all of them; one more millionth than rounding needs is over."""


def capacity_order(plan: Plan) -> np.ndarray:
    """Return the rows of Capacity in tree order: org, queue, period; of equal scopes the fewest hours first."""
    scope = plan.capacity.scope
    return np.lexsort((plan.capacity.hours, scope.period, scope.queue, scope.org))


def capacity_use_sheet(outcome: Outcome) -> Sheet:
    """Return Capacity Use."""
    plan, order = outcome.plan, capacity_order(outcome.plan)
    scope = plan.capacity.scope
    hours, used = plan.capacity.hours[order], outcome.capacity.used[order]
    there = hours > 0
    share = np.full(len(order), np.nan)
    share[there] = used[there] / hours[there]
    # Hours and Used stand in columns D and E
    formulas = [
        f"E{row}/D{row}" if here else ""
        for row, here in zip(range(TOP + 1, TOP + 1 + len(order)), there.tolist(), strict=True)
    ]
    binds, words = _binds_and_words(outcome, order)
    orgs, queues = scope_ids(plan.org, scope.org[order]), scope_ids(plan.queues, scope.queue[order])
    table = Table(
        table_name(CAPACITY_USE),
        TOP,
        1,
        (
            Column("Org", orgs, TEXT, fitting(orgs, 9), "Blank: all org"),
            Column("Queue", queues, TEXT, fitting(queues, 9), "Blank: all queues"),
            Column("Period", scope_ids(plan.periods, scope.period[order]), TEXT, 12, "Blank: the whole horizon"),
            Column("Hours", hours, number(HOURS), 13, "Productive hours there are"),
            Column("Used", used, number(HOURS), 13, "Hours the targets take"),
            Column("Utilisation", Formulas(formulas, share), number(SHARE), 16, "Used over Hours"),
            Column(
                "Rounding",
                outcome.capacity.rounding[order],
                number(HOURS_FINE),
                11,
                "Hours by which whole items may go over: the handle time of the slowest one",
            ),
            *_worth(outcome, order, binds, words),
        ),
    )
    there_cells, used_cells, rounding = (records_of(table, header) for header in ("Hours", "Used", "Rounding"))
    utilisation = records_of(table, "Utilisation")
    return Sheet(
        CAPACITY_USE,
        table,
        title_block(*_title(outcome, hours, used)),
        links=_links(outcome, order),
        freeze=(TOP + 1, 4),
        heights=title_heights() | line_heights([(words, _WORDS), (binds, _BINDS)]),
        fits_lines=True,
        bars=(DataBar(utilisation.cells, BAR),),
        colours=(
            bad(used_cells.cells, over_hours(used_cells.first, there_cells.first, rounding.first)),
            watch(used_cells.cells, f"{utilisation.first}>={_FULL}"),
        ),
    )


def over_hours(used: str, there: str, rounding: str) -> str:
    """Return the formula that is true where more hours are used than there are and than rounding needs."""
    return f"{used}-{there}-{rounding}>{OVER}*(1+{there})"


def is_over(outcome: Outcome) -> np.ndarray:
    """bool, shape (capacity rows,): what ``over_hours`` says."""
    there, results = outcome.plan.capacity.hours, outcome.capacity
    return np.asarray(results.used - there - results.rounding > OVER * (1 + there))


def _worth(outcome: Outcome, order: np.ndarray, binds: list[str], words: list[str]) -> tuple[Column, ...]:
    """Return what more hours are worth; blank: nothing is missed for them, or it was not asked."""
    nothing = np.full(len(order), np.nan)
    advice = outcome.advice
    hour, fte = (nothing, nothing) if advice is None else (advice.worth_hour[order], advice.worth_fte[order])
    return (
        Column(
            "Worth of one more hour", hour, number(HOURS), 15,
            "Items by which misses would shrink, by solving again; where a target is missed, "
            "Worth, by target says of full rows why this is blank",
        ),
        Column("Worth of one more FTE", fte, number(HOURS), 15, "The same, of one more person in that period"),
        Column("Worth, by target", words, WRAPPED, fitting(words, 20, _WORDS), "What one more FTE (hour) would change"),
        Column("Binds, rolled up", binds, WRAPPED, fitting(binds, 12, _BINDS), "Hours in the way of a miss"),
    )  # fmt: skip


def _binds_and_words(outcome: Outcome, order: np.ndarray) -> tuple[list[str], list[str]]:
    """Return what binds, rolled up, of each row; and what it is worth by target, or why that is not known."""
    plan, advice = outcome.plan, outcome.advice
    if advice is None:
        return [""] * len(order), [""] * len(order)
    binds, words = [""] * len(plan.capacity), _outside_words(outcome)
    for each in advice.binds:
        first = each.rows[0]
        for row in each.rows:
            binds[row] = clipped(each.words)
            if np.isfinite(advice.worth_hour[row]):
                words[row] = advice.worth_words[row] or _WORTH_NOTHING
            elif np.isfinite(advice.worth_hour[first]):
                words[row] = _NOT_BY_ITSELF  # hundreds of rows: what was asked instead stands above the table
            else:
                words[row] = NOT_ASKED
    at = order.tolist()
    return [binds[row] for row in at], [clipped(words[row]) for row in at]


def _outside_words(outcome: Outcome) -> list[str]:
    """Return why full rows in the way of no missed volume were not asked, "" for others and where nothing is missed."""
    plan, used = outcome.plan, outcome.capacity.used
    hours, missed = plan.capacity.hours, np.flatnonzero(~outcome.targets.met)
    is_shown = (used >= _FULL * hours) & (hours > 0)
    if not len(missed):
        return [""] * len(hours)
    volumes = plan.metrics.is_kind(plan.targets.scope.metric[missed], "volume")
    conditions = [~is_shown, ~is_given(plan), ~used_up(outcome)]
    otherwise = _ELSEWHERE if volumes.all() else _OTHER_KINDS
    words = np.array(["", _NOT_GIVEN, _HOURS_LEFT, otherwise], dtype=object)
    found: list[str] = words[np.select(conditions, [0, 1, 2], 3)].tolist()
    return found


def _title(outcome: Outcome, hours: np.ndarray, used: np.ndarray) -> tuple[str, str]:
    sentence = "Rows at several levels all cap; they never add. Amber: nothing is left."
    if outcome.advice is not None and outcome.advice.binds:
        asked, all_of = (
            int(np.isfinite(outcome.advice.worth_hour).sum()),
            sum(len(each.rows) for each in outcome.advice.binds),
        )
        if asked < all_of:
            sentence += f" Worth was asked of {asked:,} of {all_of:,} rows in the way of misses, of the others only "
            sentence += f"with those that bind together: blank is not nothing. {_ASKS_ALL.capitalize()}."
    if not len(hours):
        return "No capacity was given: hours limit nothing", sentence
    full = int(np.count_nonzero(used >= _FULL * hours))
    return f"{full:,} of {len(hours):,} capacity rows are full", sentence


def _links(outcome: Outcome, order: np.ndarray) -> tuple[Link, ...]:
    places = outcome.plan.capacity.place
    return tuple(
        Link(TOP + 1 + row, 4, reference(places[source]), "The input cell")
        for row, source in enumerate(order.tolist()[:MAX_LINKS])
        if places[source].sheet
    )
