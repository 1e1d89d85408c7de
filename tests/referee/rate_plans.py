"""Random plans with rates: one or several coupled targets, limits, floors, benchmarks, either direction, any scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.issues import Place
from engine.plan import Metrics, Plan, Rate, Scopes, Sense
from tests.plans import random_parts

UNITS = ("%", "s", "")


def random_rate_plan(seed: int, order: np.random.Generator | None = None) -> Plan:
    """Return a random plan with one to three rates; with a generator, rows stand in a random order."""
    rng = np.random.default_rng(10_000 + seed)
    plan = random_parts(seed).build()
    count = int(rng.integers(1, 4))
    units = [str(rng.choice(UNITS)) for _ in range(count)]
    higher = rng.random(count) < 0.6
    ids = ("Reviews", *(f"Rate {at}" for at in range(count)))
    metrics = Metrics(
        ids,
        ("volume", *["rate"] * count),
        ("items", *units),
        np.append(True, higher),
        np.append(True, np.zeros(count, dtype=bool)),
        (0 if rng.random() < 0.3 else None, *[None] * count),
    )
    plan = replace(plan, metrics=metrics, outside_baseline=np.zeros(1 + count))
    rates = tuple(_rate(rng, plan, 1 + at, units[at], bool(higher[at])) for at in range(count))
    plan = replace(plan, rates=rates)
    for rate in rates:
        plan = _with_rows(rng, plan, rate)
    return plan if order is None else _shuffled(plan, order)


def _rate(rng: np.random.Generator, plan: Plan, metric: int, unit: str, is_higher: bool) -> Rate:
    size = len(plan.cells)
    scale = 1.0 if unit == "%" else float(rng.choice([0.01, 1, 300, 1e5]))
    low, high = (0.6, 0.99) if unit == "%" else (0.5, 2.0)
    baseline = scale * rng.uniform(low, high, size)
    if rng.random() < 0.2:
        baseline[:] = scale * rng.uniform(low, high)
    floor, ceiling = np.zeros(size), np.full(size, 1.0 if unit == "%" else np.inf)
    if rng.random() < 0.5:
        floor[:] = scale * rng.uniform(0.3, low * 1.05)
    if rng.random() < 0.3:
        floor[rng.random(size) < 0.3] = scale * rng.uniform(0.5, 0.75)
    if rng.random() < 0.5:
        ceiling[:] = scale * rng.uniform(0.93, 1.0) * (1 if unit == "%" else 2)
    best = scale * rng.uniform(0.9, 1.0) * (1 if is_higher else 0.7) * np.ones(size)
    if rng.random() < 0.4:
        best[rng.random(size) < 0.4] = scale * rng.uniform(0.85, 1.0)
    return Rate(
        metric, 0, np.arange(size), baseline, rng.random(size) < 0.9, floor, np.maximum(ceiling, floor), best,
        np.zeros(size, np.int64), ("Best",),
    )  # fmt: skip


def _with_rows(rng: np.random.Generator, plan: Plan, rate: Rate) -> Plan:
    """Return the plan with some targets and limits of a rate."""
    usual = float(rate.baseline.mean())
    is_higher = bool(plan.metrics.higher_is_better[rate.metric])
    targets, limits, seen = [], [], set()
    for at in range(int(rng.choice([1, 1, 2, 3, 5]))):
        scope = _scope(rng, plan, wide=at == 0)
        if scope in seen:
            continue
        seen.add(scope)
        better = rng.uniform(-0.02, 0.09) * (1 if is_higher else -1.5)
        sense = Sense(int(rng.choice([0, 0, 1 if is_higher else 2, 1, 2])))
        value = min(usual * (1 + better), 1.0) if plan.metrics.units[rate.metric] == "%" else usual * (1 + better)
        targets.append((*scope, int(sense), value, float(rng.integers(1, 4))))
    for _ in range(int(rng.choice([0, 0, 0, 1, 2, 4]))):
        scope = _scope(rng, plan, wide=False)
        value, kind = usual * rng.uniform(0.92, 1.06), rng.integers(3)
        low, high = (value, np.inf) if kind == 0 else ((-np.inf, value) if kind == 1 else (value, value))
        limits.append((*scope, low, high))
    return _appended(plan, rate.metric, targets, limits)


def _scope(rng: np.random.Generator, plan: Plan, *, wide: bool) -> tuple[int, int, int]:
    """Return the nodes above some cell."""
    if wide and rng.random() < 0.7:
        return 0, 0, 0
    cell = int(rng.integers(len(plan.cells)))
    nodes = []
    for tree, leaf in ((plan.org, plan.cells.org), (plan.queues, plan.cells.queue), (plan.periods, plan.cells.period)):
        above = tree.ancestors[leaf[cell]]
        nodes.append(int(rng.choice(above[above >= 0])))
    return nodes[0], nodes[1], nodes[2]


def _appended(plan: Plan, metric: int, targets: list, limits: list) -> Plan:
    of_targets, of_limits = plan.targets, plan.limits

    def scopes(before: Scopes, rows: list) -> Scopes:
        parts = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
        nodes = zip((before.org, before.queue, before.period), parts.T, strict=True)
        metrics = np.append(before.metric, np.full(len(rows), metric))
        return Scopes(metrics, *(np.append(first, more) for first, more in nodes))

    places = tuple(Place("Targets", "Targets", 100 + len(of_targets) + at, 1, "Value") for at in range(len(targets)))
    more = replace(
        of_targets,
        scope=scopes(of_targets.scope, targets),
        sense=np.append(of_targets.sense, [row[3] for row in targets]).astype(np.int64),
        value=np.append(of_targets.value, [row[4] for row in targets]),
        priority=np.append(of_targets.priority, [row[5] for row in targets]),
        stated=np.append(of_targets.stated, np.ones(len(targets), dtype=bool)),
        place=(*of_targets.place, *places),
    )
    places = tuple(Place("Limits", "Limits", 100 + len(of_limits) + at, 1, "Min") for at in range(len(limits)))
    held = replace(
        of_limits,
        scope=scopes(of_limits.scope, limits),
        lower=np.append(of_limits.lower, [row[3] for row in limits]),
        upper=np.append(of_limits.upper, [row[4] for row in limits]),
        is_hold=np.append(of_limits.is_hold, [row[3] == row[4] for row in limits]).astype(bool),
        owner=(*of_limits.owner, *[""] * len(limits)),
        reason=(*of_limits.reason, *[""] * len(limits)),
        place=(*of_limits.place, *places),
    )
    return replace(plan, targets=more, limits=held)


def _shuffled(plan: Plan, order: np.random.Generator) -> Plan:
    targets = plan.targets.take(order.permutation(len(plan.targets)))
    return replace(plan, targets=targets, limits=plan.limits.take(order.permutation(len(plan.limits))))
