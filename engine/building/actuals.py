"""Actuals: what happened, per leaf pair and leaf period, from rows of any level and any days.

Owns: the order of the steps: screen, bring to periods, cut at As of, share out. Nothing here stops a run but having no
actuals at all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.actual_dates import dates_as_periods
from engine.building.actual_rows import ActualRows, brought_to_periods, screened, take
from engine.building.actual_stocks import at_ends, at_queues
from engine.building.actual_times import ActualTimes
from engine.building.agreed import is_backlog
from engine.building.baseline import report_lone_blanks
from engine.building.build import known_names
from engine.building.columns import TableReader
from engine.building.entries import IN_VALUE_COLUMN, Entries, entry_place, read_entries
from engine.building.history import History
from engine.building.journal import Journal, Problem
from engine.building.references import Known, References, find_period
from engine.building.set_aside import SetAside
from engine.building.settings import setting_place
from engine.building.spread import Cube, LeafHistory, Pairs, Sizes, known_pairs, spread
from engine.building.texts import quoted
from engine.issues import Issue, Place
from engine.plan import Plan
from engine.tables import Inputs
from engine.variance.happened import Happened, LeafValues, aligned
from solver.frozen import frozen


def read_happened(inputs: Inputs, plan: Plan, agreed: LeafValues) -> tuple[Happened | None, tuple[Issue, ...]]:
    """Return what happened up to As of, and everything that was set aside or assumed.

    Parameters
    ----------
    inputs : the tables from which the plan was built
    agreed : what coarser rows are shared out by where nothing finer tells

    Returns
    -------
    Happened or None
        None where there is nothing up to As of.
    """
    journal = SetAside()
    known = known_names(inputs)  # what is wrong with the trees was said when the plan was built
    table = inputs.tables.get("Actuals")
    if table is None or known.periods is None or known.metrics is None:
        stop = Journal()
        stop.add("TC809", Place("Actuals"), "the workbook has no filled table Actuals")
        return None, stop.issues
    reader = TableReader(table, journal)
    read = _read(reader, ActualTimes(known.periods, inputs.month_names), known, plan)
    if read is None:
        return None, (*journal.issues, *_nothing("none of its values can be found", table.whole()))
    rows, given, used, lost = read
    rows = at_queues(at_ends(reader, rows, plan), plan)
    as_of, stop_issues = _as_of(inputs, plan, known, rows)
    if stop_issues:
        return None, (*journal.issues, *stop_issues)
    rows = _up_to(reader, rows, plan, as_of)
    if not len(rows.entries):
        words = f"{given:,} value(s), {given - used + lost:,} set aside, none of the others up to As of"
        return None, (*journal.issues, *_nothing(words, table.whole()))
    found = _Leaves(reader, plan, Cube(plan.org, plan.queues, History(known.periods, inputs.month_names)), agreed)
    happened = found.happened(rows, as_of, (given, given - used + lost))
    last = known.periods.spans[as_of - 1]
    return replace(happened, ends=None if last is None else last.last), journal.issues


def set_aside(inputs: Inputs, plan: Plan) -> tuple[Issue, ...]:
    """Return what would be set aside of Actuals, whatever As of is: nothing is shared out."""
    journal, known = SetAside(), known_names(inputs)
    table = inputs.tables.get("Actuals")
    if table is not None and known.periods is not None and known.metrics is not None:
        _read(TableReader(table, journal), ActualTimes(known.periods, inputs.month_names), known, plan)
    return journal.issues


def _read(reader: TableReader, times: ActualTimes, known: Known, plan: Plan) -> tuple[ActualRows, int, int, int] | None:
    """Return the values of Actuals in leaf periods; how many there are, are sound, and were lost on the way."""
    entries = read_entries(reader, References(known), times.times)
    if entries is None:
        return None
    # a backlog belongs to no team: its rows are blank on purpose
    for name in ("Queue",) if plan.metrics.backlog_of else ("Org", "Queue"):
        report_lone_blanks(reader, name)
    given = _values_given(reader, entries)
    entries = screened(reader, dates_as_periods(reader, entries, times), plan)
    rows, lost = brought_to_periods(reader, entries, times, plan.metrics)
    return rows, given, len(entries), lost


def _nothing(words: str, place: Place) -> tuple[Issue, ...]:
    stop = Journal()
    stop.add("TC809", place, words)
    return stop.issues


def _values_given(reader: TableReader, entries: Entries) -> int:
    """Return how many values the table holds, usable or not."""
    if reader.has("Value"):
        return int((~reader.labels("Value").blank).sum())
    columns = [reader.table.extra[at].values for at in np.unique(entries.extra).tolist() if at != IN_VALUE_COLUMN]
    return sum(value is not None for column in columns for value in column.tolist())


def _as_of(inputs: Inputs, plan: Plan, known: Known, rows: ActualRows) -> tuple[int, tuple[Issue, ...]]:
    """Return how many leaf periods have ended."""
    span = plan.periods.leaf_span
    if not plan.settings.as_of or known.periods is None:
        inner = rows.entries.time[rows.entries.time > 0] if len(plan.periods) > 1 else rows.entries.time
        return (int(span[inner, 1].max()) if len(inner) else 0), ()
    found = find_period(known.periods, plan.settings.as_of, inputs.month_names)
    if found.position >= 0:
        return int(span[found.position, 1]), ()
    stop = Journal()
    stop.add("TC811", setting_place(inputs, "As of"), quoted(plan.settings.as_of))
    return 0, stop.issues


def _up_to(reader: TableReader, rows: ActualRows, plan: Plan, as_of: int) -> ActualRows:
    """Return the rows of periods that have ended."""
    late = plan.periods.leaf_span[rows.entries.time, 1] > as_of
    if late.any():
        first = int(np.flatnonzero(late)[0])
        reader.journal.add(
            "TC804", entry_place(reader, rows.entries, first), f"{int(late.sum()):,} value(s), the first one here"
        )
    return take(rows, np.flatnonzero(~late))


@frozen
class _Leaves:
    """Brings rows down to leaf pairs and leaf periods."""

    reader: TableReader
    plan: Plan
    cube: Cube
    agreed: LeafValues

    def happened(self, rows: ActualRows, as_of: int, counts: tuple[int, int]) -> Happened:
        """Return all metrics together, by key."""
        entries, plan = rows.entries, self.plan
        is_rate = plan.metrics.is_kind(entries.metric, "rate")
        amounts = take(rows, np.flatnonzero(~is_rate))
        pairs = known_pairs(self.cube, amounts.entries, self._allowed(is_rate=False))
        sizes = Sizes(self.agreed.at(pairs.key), always=False)
        found = [self._filled(amounts, pairs, spread(self.cube, amounts.entries, pairs, sizes))]
        volumes = LeafValues(pairs.key, found[0].value)
        found += [
            self._rate(take(rows, np.flatnonzero(entries.metric == rate.metric)), rate.weight, volumes)
            for rate in plan.rates
        ]
        key = np.concatenate([each.key for each in found])
        order = np.argsort(key, kind="stable")
        self._report_parts(rows)
        return Happened(
            LeafValues(key[order], np.vstack([each.value for each in found])[order]),
            np.vstack([each.covered for each in found])[order],
            np.vstack([each.estimated for each in found])[order],
            np.vstack([each.count for each in found])[order],
            as_of,
            *counts,
        )

    def _allowed(self, *, is_rate: bool) -> np.ndarray:
        """Return the pairs that coarser rows may be shared out to: those with something agreed."""
        metric, _, _ = self.cube.split(self.agreed.key)
        return np.asarray(self.agreed.key[self.plan.metrics.is_kind(metric, "rate") == is_rate])

    def _filled(self, rows: ActualRows, pairs: Pairs, found: LeafHistory) -> _Filled:
        self._report_sharing(rows.entries, found)
        filled = _Filled(pairs.key, found.value.copy(), *_blank(found.value))
        exact = np.flatnonzero(self._is_leaf(rows.entries))
        at, leaf = self._cells(rows.entries.take(exact), pairs.key)
        filled.estimated[np.isfinite(filled.value)] = True
        filled.estimated[at, leaf] = rows.is_estimated[exact]
        filled.covered[at, leaf] = rows.covered[exact]
        filled.count[at, leaf] = rows.count[exact]
        filled.estimated[is_backlog(self.plan, self.cube.split(pairs.key)[0])] = (
            False  # nobody shares a queue's backlog
        )
        return filled

    def _rate(self, rows: ActualRows, weight_metric: int, volumes: LeafValues) -> _Filled:
        """Return a rate: a coarser one goes to all leaves below that say nothing, so that the average comes out."""
        entries, cube = rows.entries, self.cube
        metric = int(entries.metric[0]) if len(entries) else 0
        allowed = self._allowed(is_rate=True)
        allowed = allowed[cube.split(allowed)[0] == metric]
        pairs = known_pairs(cube, entries, allowed)
        weight = self._weights(pairs.key, weight_metric, volumes)
        numerators = self._numerators(entries, pairs, weight)
        found = spread(cube, numerators, pairs, Sizes(weight, always=True))
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(weight > 0, found.value / weight, np.nan)
        filled = _Filled(pairs.key, value, *_blank(value))
        exact = np.flatnonzero(self._is_leaf(entries))
        at, leaf = self._cells(entries.take(exact), pairs.key)
        self._report_sharing(numerators, found)
        filled.estimated[np.isfinite(value)] = True
        filled.value[at, leaf] = entries.value[exact]
        filled.estimated[at, leaf] = rows.is_estimated[exact]
        filled.count[at, leaf] = rows.count[exact]
        return filled

    def _weights(self, keys: np.ndarray, weight_metric: int, volumes: LeafValues) -> np.ndarray:
        """Return what each leaf of a rate weighs: what was done, else what was agreed."""
        _, org, queue = self.cube.split(keys)
        own = self.cube.key(np.full(len(keys), weight_metric), org, queue)
        done, planned = volumes.at(own), self.agreed.at(own)
        return np.nan_to_num(np.where(np.isfinite(done), done, planned))

    def _numerators(self, entries: Entries, pairs: Pairs, weight: np.ndarray) -> Entries:
        total = np.zeros(len(entries))
        _, org, queue = self.cube.split(pairs.key)
        trees = (self.plan.org, self.plan.queues, self.plan.periods)
        for at in range(len(entries)):
            nodes = (entries.org[at], entries.queue[at], entries.time[at])
            (o0, o1), (q0, q1), (t0, t1) = (tree.leaf_span[node] for tree, node in zip(trees, nodes, strict=True))
            inside = (org >= o0) & (org < o1) & (queue >= q0) & (queue < q1)
            total[at] = weight[inside, t0:t1].sum()
        return replace(entries, value=entries.value * total)

    def _is_leaf(self, entries: Entries) -> np.ndarray:
        plan = self.plan
        return np.asarray(
            plan.org.is_leaf[entries.org] & plan.queues.is_leaf[entries.queue] & plan.periods.is_leaf[entries.time]
        )

    def _cells(self, entries: Entries, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        plan = self.plan
        org, queue = plan.org.leaf_span[entries.org, 0], plan.queues.leaf_span[entries.queue, 0]
        at = np.searchsorted(keys, self.cube.key(entries.metric, org, queue))
        return at, plan.periods.leaf_span[entries.time, 0]

    def _report_sharing(self, entries: Entries, found: LeafHistory) -> None:
        problems = []
        for entry in np.union1d(found.mismatched, found.stranded).tolist():
            value, gap = float(entries.value[entry]), float(found.gap[entry])
            place = entry_place(self.reader, entries, entry)
            problems.append(Problem(place, f"{value:,.12g}; finer values say {value - gap:,.12g}"))
        self.reader.journal.add_each("TC803", problems)
        if len(found.shared):
            place = entry_place(self.reader, entries, int(found.shared[0]))
            words = f"{len(found.shared):,} row(s), the first one here, shared out to {found.leaves:,} leaf values"
            self.reader.journal.add("TC805", place, words)

    def _report_parts(self, rows: ActualRows) -> None:
        part = np.flatnonzero(rows.covered < 1 - 1e-9)
        if len(part):
            place = entry_place(self.reader, rows.entries, int(part[0]))
            self.reader.journal.add(
                "TC806", place, f"{len(part):,} value(s), the first one of {rows.covered[part[0]]:.0%}"
            )


@frozen
class _Filled:
    """Leaf values of some metrics; the arrays of shape (pairs, leaf periods) are filled in place."""

    key: np.ndarray
    value: np.ndarray
    covered: np.ndarray
    estimated: np.ndarray
    count: np.ndarray


def _blank(value: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.ones(value.shape), np.zeros(value.shape, dtype=bool), np.full(value.shape, np.nan)


def shown_as_of(plan: Plan, as_of: int) -> str:
    """Return the last period that has ended."""
    return plan.periods.ids[int(plan.periods.leaves[as_of - 1])] if as_of > 0 else ""


def only_aligned(happened: Happened, keys: np.ndarray) -> Happened:
    """Return what happened for some keys, in their order."""
    own = happened.values.key
    return Happened(
        LeafValues(keys, happened.values.at(keys)),
        aligned(own, happened.covered, keys, 1.0),
        aligned(own, happened.estimated, keys, missing=False),
        aligned(own, happened.count, keys, np.nan),
        happened.as_of,
        happened.given,
        happened.set_aside,
    )
