"""From input tables to a checked plan: the one place where reading of tables is joined.

Owns: the order in which tables are read, and which wait for others.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.agreed import leaf_values, of_cells, of_others
from engine.building.alive import leaves_alive
from engine.building.asked import (
    TOTAL,
    AskedLimits,
    AskedTargets,
    no_limits,
    no_targets,
    read_limits,
    read_targets,
)
from engine.building.baseline import MappedHistory, bring_down, read_baseline, take_history
from engine.building.basis import Totals
from engine.building.benchmarks import Benchmarks, read_benchmarks
from engine.building.capacity import no_capacity, read_capacity
from engine.building.cells import all_pairs, handle_hours, may_lose, put_together
from engine.building.columns import TableReader
from engine.building.coverage import (
    filled_parts,
    report_missing_handle_times,
    report_not_kept,
    settle_rows_over_nothing,
    without_ended,
)
from engine.building.entries import Entries
from engine.building.groups import with_groups
from engine.building.handle_times import HandleTimes, hours_per_item, of_metrics, read_handle_times
from engine.building.history import History
from engine.building.inflow import Ground, Streams, balances, read_streams, report_unfed, report_without_inflow
from engine.building.journal import Journal
from engine.building.like import choose_likes
from engine.building.metrics import read_metrics
from engine.building.near import with_near
from engine.building.node_list import NamedTree
from engine.building.now import hold_now
from engine.building.periods import PlanPeriods, read_periods
from engine.building.plan_rates import RateTables, report_asked, with_rates
from engine.building.rate_columns import read_rate_columns
from engine.building.references import Known, References
from engine.building.settings import read_settings
from engine.building.sign_off import read_sign_off
from engine.building.skills import (
    SkillRows,
    queue_shares,
    read_skills,
    skilled_pairs,
    skilled_times,
    with_hour_shares,
)
from engine.building.specific import Leaves
from engine.building.spread import Cube
from engine.building.tree_tables import read_tree
from engine.building.turnaround import read_due, with_turnaround
from engine.issues import Issue
from engine.plan import Balance, Calendar, Capacity, Cells, Metrics, Plan, Settings
from engine.tables import Earlier, Inputs
from solver.frozen import frozen


def build_plan(inputs: Inputs) -> tuple[Plan | None, tuple[Issue, ...]]:
    """Return the plan that input tables describe, and everything that is wrong or surprising in them.

    Returns
    -------
    Plan or None
        None where an issue stops the run, here or in the reader (a cell it could not use, a table it missed).
    tuple of Issue
        In the order in which tables are read; none is raised.
    """
    journal = Journal()
    tables = _Tables(inputs, journal)
    settings = read_settings(inputs.tables.get("Settings"), journal)
    known = _known(tables)
    work = _read_work(tables, References(known))
    asked = _read_asked(tables, References(known))
    ground = _ground(known)
    plan = None
    if ground is not None:
        draft = _assemble(settings, ground, (work, asked), tables)
        report_not_kept(draft, journal)
        plan = settle_rows_over_nothing(draft, journal) if work.is_sound else draft
    signed = tables.filled("SignOff")
    signatures = () if signed is None else read_sign_off(signed, References(known))
    if plan is not None:
        plan = replace(with_near(plan, inputs, known, journal), signed=signatures)
    is_whole = plan is not None and asked.targets is not None
    return (plan if is_whole and not journal.is_stopped else None), journal.issues


def known_names(inputs: Inputs) -> Known:
    """Return what names in a workbook may refer to, for whoever asks about one from outside its tables."""
    return _known(_Tables(inputs, Journal()))


class _Tables:
    """The input tables, ready to be read."""

    def __init__(self, inputs: Inputs, journal: Journal) -> None:
        self.inputs = inputs
        self.journal = journal

    def found(self, name: str) -> TableReader | None:
        """Return the reader of a table; None where it is missing."""
        table = self.inputs.tables.get(name)
        return None if table is None else TableReader(table, self.journal)

    def filled(self, name: str) -> TableReader | None:
        """Return the reader of a table that holds something; None otherwise."""
        reader = self.found(name)
        return reader if reader is not None and len(reader) > 0 else None


@frozen
class _Ground:
    """Metrics and trees, all sound."""

    metrics: Metrics
    org: NamedTree
    queues: NamedTree
    periods: PlanPeriods


@frozen
class _Work:
    """Who does what, how long it takes, and what was done; None where there is no such table.

    handle_seconds, may_lose : float64, shape (rows of Queues,)
    org_alive, queue_alive : bool, shape (leaves, leaf periods)
    like : int64, shape (leaf periods,), slots of history
    is_sound : whether every row that says who may work on what was understood
    """

    handle_seconds: np.ndarray
    may_lose: np.ndarray
    handle_times: tuple[TableReader, HandleTimes] | None
    org_alive: np.ndarray | None
    queue_alive: np.ndarray | None
    skills: SkillRows | None
    baseline: tuple[TableReader, Entries] | None
    history: History | None
    like: np.ndarray | None
    is_sound: bool
    streams: Streams


@frozen
class _Asked:
    """What is asked, and what limits it; targets are None where they could not be read."""

    capacity: Capacity
    targets: AskedTargets | None
    limits: AskedLimits
    benchmarks: Benchmarks | None


def _known(tables: _Tables) -> Known:
    metrics, org, queues, periods = (tables.found(name) for name in ("Metrics", "Org", "Queues", "Periods"))
    month_names = tables.inputs.month_names
    known = Known(
        None if metrics is None else read_metrics(metrics),
        None if org is None else read_tree(org),
        None if queues is None else read_tree(queues),
        None if periods is None else read_periods(periods, month_names),
        month_names,
    )
    groups = tables.filled("Groups")
    return known if groups is None else with_groups(groups, known)


def _ground(known: Known) -> _Ground | None:
    if known.metrics is None or known.org is None or known.queues is None or known.periods is None:
        return None
    return _Ground(known.metrics, known.org, known.queues, known.periods)


def _read_work(tables: _Tables, references: References) -> _Work:
    stops = tables.journal.stop_count
    queues, skills, baseline = (tables.found("Queues"), tables.filled("Skills"), tables.filled("Baseline"))
    nothing = np.zeros(0)
    handle_seconds = nothing if queues is None else queues.numbers("Handle time")
    shares = nothing if queues is None else queues.numbers("May lose")
    times = tables.filled("HandleTimes")
    handle_times = None if times is None else (times, read_handle_times(times, references))
    rows = None if skills is None else read_skills(skills, references)
    known_periods, periods = references.known.periods, tables.found("Periods")
    history = like = read = None
    if baseline is not None and known_periods is not None and periods is not None:
        history = History(known_periods, references.known.month_names)
        entries = read_baseline(baseline, references, history)
        if entries is not None and len(entries) > 0:
            read = (baseline, entries)
            adding = entries.time[~_is_rate(references.known.metrics, entries.metric)]
            if len(adding):
                history.count_only(adding)
            like = choose_likes(history, periods)
    streams = read_streams(tables.filled("Inflow"), tables.filled("Opening"), references)
    return _Work(
        handle_seconds,
        shares,
        handle_times,
        _alive(tables.found("Org"), references.known.org, references),
        _alive(queues, references.known.queues, references),
        rows,
        read,
        history,
        like,
        tables.journal.stop_count == stops,
        streams,
    )


def _alive(reader: TableReader | None, named: NamedTree | None, references: References) -> np.ndarray | None:
    return None if reader is None or named is None else leaves_alive(reader, named, references)


def _read_asked(tables: _Tables, references: References) -> _Asked:
    capacity, targets, limits = tables.filled("Capacity"), tables.found("Targets"), tables.filled("Limits")
    benchmarks = tables.filled("Benchmarks")
    return _Asked(
        no_capacity() if capacity is None else read_capacity(capacity, references),
        None if targets is None else read_targets(targets, references),
        no_limits() if limits is None else read_limits(limits, references),
        None if benchmarks is None else read_benchmarks(benchmarks, references),
    )


def _assemble(settings: Settings, ground: _Ground, rows: tuple[_Work, _Asked], tables: _Tables) -> Plan:
    """Return the plan, limits and targets over nothing still in it."""
    work, asked = rows
    periods = ground.periods
    history = work.history or History(periods, tables.inputs.month_names)
    cube = Cube(ground.org.tree, ground.queues.tree, history)
    mapped = _mapped(cube, work, ground.metrics)
    alive = _pairs_alive(cube, work, mapped)
    draft = put_together(cube, mapped, ground.metrics, alive)
    hours = _hours(ground, work, draft.leaves)
    leaves = draft.leaves
    cells = Cells(
        leaves.metric, leaves.org, leaves.queue, leaves.period, draft.baseline,
        of_metrics(ground.metrics, leaves, hours),
    )  # fmt: skip
    targets, limits = asked.targets or no_targets(), asked.limits
    outside = mapped.outside + _outside_time(cube, mapped, alive, len(ground.metrics))
    plan = Plan(
        settings=settings,
        metrics=ground.metrics,
        org=ground.org.tree,
        queues=ground.queues.tree,
        periods=periods.tree,
        calendar=Calendar(periods.working_days, periods.start, periods.end, mapped.like),
        cells=cells,
        targets=targets.targets,
        limits=limits.limits,
        capacity=asked.capacity,
        may_lose=may_lose(ground.queues, work.may_lose, settings.mix_guard),
        outside_baseline=outside,
    )
    if work.skills is not None:
        plan = replace(plan, capacity=with_hour_shares(plan, work.skills, tables.journal))
        plan = replace(plan, shares=queue_shares(plan, work.skills, ground.metrics.in_cells))
    queues = tables.found("Queues")
    metrics = tables.found("Metrics")
    if metrics is not None and len(rate_columns := read_rate_columns(metrics, ground.metrics)):
        rates = RateTables(rate_columns, asked.benchmarks, work.baseline, work.like)
        plan = with_rates(plan, rates, cube, tables.journal)
    plan = _with_agreed(plan, tables)
    if queues is None:
        return _in_totals(plan, targets, limits, tables.journal, tables.inputs.earlier)
    report_missing_handle_times(plan, np.isnan(hours), ground.queues, queues)
    due = read_due(queues, ground.queues)
    plan = replace(plan, balances=_balances(ground, work, due.hours, tables))
    if (given := tables.found("Settings")) is not None:
        report_without_inflow(plan, given)
    return with_turnaround(_in_totals(plan, targets, limits, tables.journal, tables.inputs.earlier), due, queues)


def _with_agreed(plan: Plan, tables: _Tables) -> Plan:
    """Return the plan with what was sealed, if anything was; what of it is gone is named."""
    if tables.inputs.agreed is None:
        return plan
    sealed, lost = leaf_values(tables.inputs.agreed, plan)
    for each in lost:
        tables.journal.add_amount(each.code, each.place, each.found, each.amount or 0.0, each.unit)
    return replace(plan, agreed=of_cells(plan, sealed), agreed_others=of_others(plan, sealed))


def _balances(ground: _Ground, work: _Work, due_hours: np.ndarray, tables: _Tables) -> tuple[Balance, ...]:
    """Return what comes in for each volume, and what has to be waited for."""
    times = len(ground.periods.tree.leaves)
    always = np.ones((len(ground.queues.tree.leaves), times), dtype=bool)
    alive = always if work.queue_alive is None else work.queue_alive
    report_unfed(work.streams, ground.metrics, (tables.found("Metrics"), tables.found("Opening")))
    return balances(
        work.streams, Ground(ground.metrics, ground.queues.tree, ground.periods, alive), due_hours, tables.journal
    )


def _in_totals(
    plan: Plan, targets: AskedTargets, limits: AskedLimits, journal: Journal, earlier: Earlier | None
) -> Plan:
    """Return the plan with what is asked per day, per FTE day, on the baseline or as it stands now as totals."""
    targets = targets.take(filled_parts(plan, targets.targets, targets.is_part))
    limits = without_ended(plan, limits, journal)
    limits = limits.take(filled_parts(plan, limits.limits, limits.is_part))
    totals = Totals(plan, journal)
    asked, low = targets.targets, limits.limits
    value = totals.of(asked.scope, asked.value, targets.basis, asked.place, targets.is_part)
    lower = totals.of(low.scope, low.lower, limits.basis, low.place, limits.is_part)
    upper = totals.of(low.scope, low.upper, limits.basis, low.place, limits.is_part)
    totals.report()
    report_asked(plan, asked.scope, (value,), targets.basis, asked.place, journal)
    report_asked(plan, low.scope, (lower, upper), limits.basis, low.place, journal)
    words = tuple("" if each == TOTAL else f"{asked.value[row]:,.12g} {each}" for row, each in enumerate(targets.basis))
    counted, kept = np.flatnonzero(~np.isnan(value)), np.flatnonzero(~(np.isnan(lower) | np.isnan(upper)))
    plan = replace(
        plan,
        targets=replace(asked, value=value, basis=words).take(counted),
        limits=replace(low, lower=lower, upper=upper).take(kept),
    )
    return hold_now(plan, limits.is_now[kept], earlier, journal)


def _is_rate(metrics: Metrics | None, metric: np.ndarray) -> np.ndarray:
    return np.zeros(len(metric), dtype=bool) if metrics is None else metrics.is_kind(metric, "rate")


def _hours(ground: _Ground, work: _Work, leaves: Leaves) -> np.ndarray:
    """Return hours per item of each cell, nan where nobody says."""
    of_queue = handle_hours(ground.queues, work.handle_seconds)
    if work.handle_times is None:
        return np.asarray(of_queue[leaves.queue])
    reader, times = work.handle_times
    trees = (ground.org.tree, ground.queues.tree, ground.periods.tree)
    return hours_per_item(times, of_queue, leaves, trees, reader)


def _pairs_alive(cube: Cube, work: _Work, mapped: MappedHistory) -> np.ndarray:
    """Return when each pair works: bool, shape (pairs, leaf periods)."""
    _, org, queue = cube.split(mapped.key)
    alive = np.ones(mapped.value.shape, dtype=bool)
    for leaf, of_leaves in ((org, work.org_alive), (queue, work.queue_alive)):
        if of_leaves is not None:
            alive &= of_leaves[leaf]
    if work.skills is not None:
        metrics = np.unique(cube.split(mapped.key)[0])
        alive &= skilled_times(cube, work.skills, mapped.key, metrics)
    return alive


def _outside_time(cube: Cube, mapped: MappedHistory, alive: np.ndarray, metrics: int) -> np.ndarray:
    """Return the mapped history per metric that falls where a pair does not work."""
    lost = np.where(alive, 0.0, np.nan_to_num(mapped.value)).sum(axis=1)
    return np.bincount(cube.split(mapped.key)[0], lost, metrics)


def _mapped(cube: Cube, work: _Work, metrics: Metrics) -> MappedHistory:
    """Return history per pair and leaf period; without Skills, a metric without history is open to every pair."""
    decided = metrics.in_cells
    allowed = None if work.skills is None else skilled_pairs(cube, work.skills, decided)
    leaves = len(cube.history.periods.tree.leaves)
    if work.baseline is None or work.like is None or not np.isin(work.baseline[1].metric, decided).any():
        key = all_pairs(cube, decided) if allowed is None else allowed
        return MappedHistory(key, np.full((len(key), leaves), np.nan), ("",) * leaves, np.zeros(len(metrics)))
    reader, entries = work.baseline
    entries = entries.take(np.flatnonzero(np.isin(entries.metric, decided)))  # rates are averages: they do not add up
    found = bring_down(reader, entries, cube, allowed)
    mapped = take_history((reader, entries), found, cube, metrics, work.like)
    if allowed is not None:
        return mapped
    without = np.setdiff1d(decided, entries.metric)
    more = all_pairs(cube, without)
    value = np.vstack([mapped.value, np.full((len(more), leaves), np.nan)])
    return MappedHistory(np.append(mapped.key, more), value, mapped.like, mapped.outside)
