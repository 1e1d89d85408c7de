"""Rates of a real plan as their problem is stated in the tables: starts, ways and rows, found by ids alone.

Nothing of the engine's rates is read but Best where nobody gave one, which has tests of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.outcome import Outcome, RateResult
from engine.plan import Plan, Scopes
from tests.referee.rate_judge import CHECKS, answer
from tests.referee.rate_optima import Asked, Ways, state
from tests.referee.real.books import MONTHS, RealBook
from tests.referee.real.rows import Walker

Row = tuple[object, ...]


@dataclass(frozen=True)
class _Told:
    """What the tables say of one rate.

    metric : its row of Metrics by header; cells : positions of the cells that it is about; past : shape (cells,), the
    history of the volume that weighs it; start, known : where each cell starts, and whether it has history of its own
    """

    name: str
    metric: dict[str, object]
    cells: np.ndarray
    past: np.ndarray
    start: np.ndarray
    known: np.ndarray

    @property
    def is_higher(self) -> bool:
        return self.metric["Better"] == "higher"

    @property
    def end(self) -> float:
        return 1.0 if self.metric["Unit"] == "%" else np.inf


def wrong_rates(walker: Walker, outcome: Outcome) -> Iterator[str]:
    """Yield everything that is wrong with the rates of an answer."""
    plan = outcome.plan
    for result in outcome.rates:
        told = _told(walker, plan, plan.metrics.ids[result.rate.metric])
        yield from _starts(told, result)
        asked, held = _targets(walker, plan, told), _limits(walker, plan, told)
        volumes = outcome.value[told.cells]
        problem = state(_ways(walker, told, result), volumes, asked, held, plan.settings.misses)
        for check in CHECKS:
            yield from (f"{told.name}: {check.__name__}: {words}" for words in check(answer(problem, outcome, result)))


def _starts(told: _Told, result: RateResult) -> Iterator[str]:
    if not np.array_equal(result.rate.cells, told.cells):
        yield f"{told.name} is about other cells"
    elif not np.allclose(result.start, told.start, rtol=1e-9):
        yield f"{told.name} starts elsewhere, by up to {np.abs(result.start - told.start).max()}"
    elif not np.array_equal(result.rate.has_history, told.known):
        yield f"{told.name} has history elsewhere"


def _told(walker: Walker, plan: Plan, name: str) -> _Told:
    tables = walker.made.tables
    metric = next(
        dict(zip(tables["Metrics"][0], row, strict=False)) for row in tables["Metrics"][1:] if row[0] == name
    )  # fmt: skip
    cells = np.flatnonzero([own == metric["Weight"] for own in walker.metric])
    keys = [_key(walker, cell) for cell in cells.tolist()]
    said = {tuple(row[:4]): float(row[4]) for row in tables["Baseline"][1:]}
    past = np.array([said.get((metric["Weight"], *key), 0.0) for key in keys])
    own = np.array([said.get((name, *key), np.nan) for key in keys])
    coarse = {(queue, month): value for (of, team, queue, month), value in said.items() if of == name and team is None}
    found = _filled(own, keys, coarse, past, 1.0 if metric["Unit"] == "%" else np.inf)
    known = np.isfinite(found)
    return _Told(name, metric, cells, past, _started(found, keys, past, _widest(tables["Targets"], name)), known)


def _key(walker: Walker, cell: int) -> tuple[str, str, str]:
    return walker.team[cell], walker.queue[cell], walker.month[cell].replace("2026", "2025")


def _filled(
    own: np.ndarray, keys: list[tuple[str, str, str]], coarse: dict[tuple[str, str], float], past: np.ndarray,
    most: float,
) -> np.ndarray:  # fmt: skip
    """Return history with what rows over a whole queue leave over for the cells that nobody spoke for."""
    found = own.copy()
    for place, value in coarse.items():
        inside = np.array([key[1:] == place for key in keys])
        said, left = inside & np.isfinite(own), inside & np.isnan(own)
        rest, room = value, float(past[left].sum())
        if room > 0:
            rest = (value * float(past[inside].sum()) - float(past[said] @ own[said])) / room
        if past[said].sum() > 0 and room > 0 and not 0 <= rest <= most * (1 + 1e-9):
            rest = value
        found[left] = rest
    return found


def _started(found: np.ndarray, keys: list[tuple[str, str, str]], past: np.ndarray, asked: float) -> np.ndarray:
    """Return where cells start: history, else the mean of the queue, else of the rate, else what is asked of it."""
    known = np.isfinite(found)
    if not known.any():
        return np.full(len(found), asked)
    weight = np.where(known, np.maximum(past, 1e-9 * max(float(past.max()), 1e-3)), 0)
    value = np.where(known, found, 0)
    start = value.copy()
    for cell in np.flatnonzero(~known).tolist():
        mine = weight * [key[1] == keys[cell][1] for key in keys]
        start[cell] = mine @ value / mine.sum() if mine.sum() > 0 else weight @ value / weight.sum()
    return start


def _widest(targets: list[Row], name: str) -> float:
    """Return what the row over everything asks: there is one wherever history is missing."""
    return next((float(row[6]) for row in targets[1:] if row[0] == name and row[1:5] == (None,) * 4), np.nan)


def _ways(walker: Walker, told: _Told, result: RateResult) -> Ways:
    floor, ceiling, best = (
        np.full(len(told.cells), np.nan if told.metric[name] is None else told.metric[name])
        for name in ("Floor", "Ceiling", "Best")
    )
    rows = [row for row in walker.made.tables.get("Benchmarks", [()])[1:] if row[0] == told.name]
    for _, team, queue, *said in sorted(rows, key=lambda row: row[1] is not None):
        inside = np.array([
            walker.queue[cell] == queue and team in (None, walker.team[cell]) for cell in told.cells.tolist()
        ])  # fmt: skip
        for column, value in zip((floor, ceiling, best), said, strict=True):
            if value is not None:
                column[inside] = value
    good = ceiling if told.is_higher else floor
    best = np.where(np.isnan(best), good, best)
    best = np.where(np.isnan(best), result.rate.best, best)
    return Ways(
        told.start, np.where(np.isnan(floor), 0.0, floor), np.where(np.isnan(ceiling), told.end, ceiling), best,
        told.is_higher,
    )  # fmt: skip


def _inside(walker: Walker, told: _Told, scopes: Scopes, row: int) -> np.ndarray:
    return walker.inside(scopes, row, metric=str(told.metric["Weight"]))[told.cells]


def _past(told: _Told, inside: np.ndarray) -> float:
    """Return the history of a row, weighted by the history of its volume."""
    weight = told.past * inside * told.known
    return float(weight @ told.start / weight.sum()) if weight.sum() > 0 else np.nan


def _total(told: _Told, inside: np.ndarray, value: float, basis: object) -> float:
    if basis == "% of baseline":
        return value * _past(told, inside)
    return value + (_past(told, inside) if basis == "points on baseline" else 0.0)


def _targets(walker: Walker, plan: Plan, told: _Told) -> Asked:
    targets = plan.targets
    mine = [row for row in range(len(targets)) if plan.metrics.name(int(targets.scope.metric[row])) == told.name]
    member, low, high, blank, priority = [], [], [], [], []
    for row in mine:
        *where, each, sense, value, basis, rank = walker.made.tables["Targets"][targets.place[row].row - 1][1:]
        member.append(_inside(walker, told, targets.scope, row))
        assert not each or (member[-1] <= _raw_inside(walker, told, where, None)).all()
        assert each or np.array_equal(member[-1], _raw_inside(walker, told, where, None))
        asked = _total(told, member[-1], float(value), basis)
        low.append(-np.inf if sense == "at most" else asked)
        high.append(np.inf if sense == "at least" else asked)
        blank.append(sense is None)
        priority.append(float(rank))
    return _asked(told, member, low, high, blank, priority, mine)


def _limits(walker: Walker, plan: Plan, told: _Told) -> Asked:
    limits = plan.limits
    mine = [row for row in range(len(limits)) if plan.metrics.name(int(limits.scope.metric[row])) == told.name]
    member, low, high = [], [], []
    for row in mine:
        *where, each, least, most, hold, basis, until = walker.made.tables["Limits"][limits.place[row].row - 1][1:]
        member.append(_inside(walker, told, limits.scope, row))
        assert each or np.array_equal(member[-1], _raw_inside(walker, told, where, until))
        if hold == "now":
            least = most = _held(walker.made, told, walker, member[-1])
        elif hold is not None:
            least = most = hold
        low.append(-np.inf if least is None else _total(told, member[-1], float(least), basis))
        high.append(np.inf if most is None else _total(told, member[-1], float(most), basis))
    return _asked(told, member, low, high, [False] * len(mine), [0.0] * len(mine), mine)


def _asked(told: _Told, member: list, low: list, high: list, blank: list, priority: list, at: list) -> Asked:
    return Asked(
        np.array(member, dtype=float).reshape(-1, len(told.cells)), np.array(low), np.array(high), np.array(priority),
        np.array(at, dtype=np.int64), np.array(blank, dtype=bool),
    )  # fmt: skip


def _held(made: RealBook, told: _Told, walker: Walker, inside: np.ndarray) -> float:
    """Return Σ w r / Σ w of what stood in Cascade."""
    total = weight = 0.0
    for cell in told.cells[inside].tolist():
        key = (told.name, walker.team[cell], walker.queue[cell], walker.month[cell])
        value, counts = made.earlier.cascade.get(tuple(name.casefold() for name in key), (0.0, 0.0))
        total, weight = total + value * counts, weight + counts
    return total / weight


def _raw_inside(walker: Walker, told: _Told, where: list, until: object) -> np.ndarray:
    """bool, shape (cells,): cells below the nodes that a row names as people wrote it."""
    made = walker.made
    org, queue, period = where
    months = list(made.months)[: MONTHS if until is None else until.month]
    return np.array([
        (org is None or org in made.teams[walker.team[cell]] or walker.team[cell] in made.groups.get(org, ()))
        and (queue is None or queue in made.queues[walker.queue[cell]]
             or walker.queue[cell] in made.groups.get(queue, ()))
        and (period is None or period == walker.month[cell]) and walker.month[cell] in months
        for cell in told.cells.tolist()
    ])  # fmt: skip
