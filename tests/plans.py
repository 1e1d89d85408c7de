"""Plans for tests, made without a workbook: small ones to read, random ones to try everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.issues import Place
from engine.plan import Calendar, Capacity, Cells, Limits, Metrics, Plan, Scopes, Sense, Settings, Targets
from engine.trees import Tree, grow

NAN = float("nan")


@dataclass
class PlanParts:
    """A plan being put together from readable rows; nodes by id, None = the root."""

    org: Tree
    queues: Tree
    periods: Tree
    handle_s: dict[str, float]
    baseline: dict[tuple[str, str, str], float]
    eligible: Sequence[tuple[str, str]] = ()
    targets: list[tuple[str | None, str | None, str | None, Sense, float, float]] = field(default_factory=list)
    limits: list[tuple[str | None, str | None, str | None, float, float]] = field(default_factory=list)
    capacity: list[tuple[str | None, str | None, str | None, float]] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    may_lose: dict[str, float] = field(default_factory=dict)

    def build(self, order: np.random.Generator | None = None) -> Plan:
        """Return the plan; with a generator, rows of the tables stand in a random order."""
        targets, limits, capacity = (self._shuffled(rows, order) for rows in (self.targets, self.limits, self.capacity))
        cells = self._cells()
        return Plan(
            settings=self.settings,
            metrics=Metrics(("Reviews",), ("volume",), ("items",), np.array([True]), np.array([True])),
            org=self.org,
            queues=self.queues,
            periods=self.periods,
            calendar=Calendar(
                np.full(len(self.periods.leaves), 20.0),
                np.full(len(self.periods.leaves), np.datetime64("NaT"), dtype="datetime64[D]"),
                np.full(len(self.periods.leaves), np.datetime64("NaT"), dtype="datetime64[D]"),
                tuple("" for _ in self.periods.leaves),
            ),
            cells=cells,
            targets=Targets(
                self._scopes(targets),
                np.array([row[3] for row in targets], dtype=np.int64),
                np.array([row[4] for row in targets], dtype=np.float64),
                np.array([row[5] for row in targets], dtype=np.float64),
                np.ones(len(targets), dtype=bool),
                tuple(Place("Targets", "Targets", 2 + row, 1, "Value") for row in range(len(targets))),
            ),
            limits=Limits(
                self._scopes(limits),
                np.array([row[3] for row in limits], dtype=np.float64),
                np.array([row[4] for row in limits], dtype=np.float64),
                np.array([row[3] == row[4] for row in limits], dtype=bool),
                tuple("" for _ in limits),
                tuple("" for _ in limits),
                tuple(Place("Limits", "Limits", 2 + row, 1, "Min") for row in range(len(limits))),
            ),
            capacity=Capacity(
                self._scopes(capacity, metric=-1),
                np.array([row[3] for row in capacity], dtype=np.float64),
                np.full(len(capacity), NAN),
                tuple(Place("Capacity", "Capacity", 2 + row, 1, "Hours") for row in range(len(capacity))),
            ),
            may_lose=np.array(
                [self.may_lose.get(self.queues.ids[node], self.settings.mix_guard) for node in self.queues.leaves]
            ),
            outside_baseline=np.zeros(1),
        )

    @staticmethod
    def _shuffled(rows: list, order: np.random.Generator | None) -> list:
        return rows if order is None else [rows[at] for at in order.permutation(len(rows))]

    def _scopes(self, rows: Sequence[tuple], metric: int = 0) -> Scopes:
        def nodes(tree: Tree, at: int) -> np.ndarray:
            where = {node_id: position for position, node_id in enumerate(tree.ids)}
            return np.array([0 if row[at] is None else where[row[at]] for row in rows], dtype=np.int64)

        return Scopes(
            np.full(len(rows), metric, dtype=np.int64),
            nodes(self.org, 0),
            nodes(self.queues, 1),
            nodes(self.periods, 2),
        )

    def _cells(self) -> Cells:
        org_leaf = {self.org.ids[node]: at for at, node in enumerate(self.org.leaves)}
        queue_leaf = {self.queues.ids[node]: at for at, node in enumerate(self.queues.leaves)}
        period_leaf = {self.periods.ids[node]: at for at, node in enumerate(self.periods.leaves)}
        pairs = set(self.eligible) or {(org, queue) for org, queue, _ in self.baseline}
        keys = sorted(
            (
                self.org.paths[self.org.leaves[org_leaf[org]]].casefold(),
                self.queues.paths[self.queues.leaves[queue_leaf[queue]]].casefold(),
                at,
                org,
                queue,
                period,
            )
            for org, queue in pairs
            for period, at in period_leaf.items()
        )
        return Cells(
            np.zeros(len(keys), dtype=np.int64),
            np.array([org_leaf[key[3]] for key in keys], dtype=np.int64),
            np.array([queue_leaf[key[4]] for key in keys], dtype=np.int64),
            np.array([key[2] for key in keys], dtype=np.int64),
            np.array([self.baseline.get((key[3], key[4], key[5]), NAN) for key in keys]),
            np.array([self.handle_s.get(key[4], 0.0) / 3600 for key in keys]),
        )


def tree(*lines: str) -> Tree:
    """Return a tree from indented lines: two spaces a level."""
    ids, parents, stack = [], [], []
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // 2
        del stack[depth:]
        parents.append(stack[-1] if stack else -1)
        stack.append(len(ids))
        ids.append(line.strip())
    return grow(ids, ids, parents, [""] * len(ids))


def one_team(hours: float | None, **more: object) -> PlanParts:
    """One team, a fast queue (30 s) and a slow one (300 s), one period, 1,000 items asked, 500 + 500 fair."""
    parts = PlanParts(
        org=tree("Team"),
        queues=tree("Fast", "Slow"),
        periods=tree("Jan"),
        handle_s={"Fast": 30, "Slow": 300},
        baseline={("Team", "Fast", "Jan"): 500, ("Team", "Slow", "Jan"): 500},
        targets=[(None, None, None, Sense.EXACTLY, 1000, 1)],
    )
    if hours is not None:
        parts.capacity = [("Team", None, None, hours)]
    for name, value in more.items():
        setattr(parts, name, value)
    return parts


def random_tree(rng: np.random.Generator, prefix: str, depth: int, width: int) -> Tree:
    """Return a ragged tree, now and then with several roots."""
    ids, parents = [], []

    def plant(parent: int, level: int) -> None:
        node = len(ids)
        ids.append(f"{prefix}{node}")
        parents.append(parent)
        if level < depth and (level == 0 or rng.random() < 0.85):
            for _ in range(rng.integers(1, width + 1)):
                plant(node, level + 1)

    for _ in range(1 if rng.random() < 0.6 else 2):
        plant(-1, 0)
    return grow(ids, ids, parents, [""] * len(ids))


def random_parts(seed: int) -> PlanParts:
    """Return a random plan: any shape, gaps in history, limits, targets of all levels, tight or short."""
    rng = np.random.default_rng(seed)
    org, queues = random_tree(rng, "o", int(rng.integers(1, 4)), 3), random_tree(rng, "q", int(rng.integers(1, 4)), 3)
    periods = random_tree(rng, "p", int(rng.integers(0, 3)), 3)
    team, queue, period = ([tree.ids[node] for node in tree.leaves] for tree in (org, queues, periods))
    pairs = [(a, b) for a in team for b in queue if rng.random() < 0.6] or [(team[0], queue[0])]
    handle_s = {b: float(np.exp(rng.normal(4, 0.8))) for b in queue}
    size = {pair: float(np.exp(rng.normal(6, 1))) for pair in pairs}
    nothing = rng.random() < 0.05
    without = {pair for pair in pairs if rng.random() < 0.1}
    baseline = {
        (*pair, t): 0.0 if rng.random() < 0.03 else round(size[pair] * rng.uniform(0.6, 1.4), 1)
        for pair in pairs
        for t in period
        if pair not in without and not nothing and rng.random() > 0.03
    }
    parts = PlanParts(org, queues, periods, handle_s, baseline, pairs)
    total = sum(baseline.values()) or 1000.0 * len(pairs)
    parts.targets = _random_targets(rng, parts, total)
    _add_capacity(rng, parts, team, period, total)
    _add_limits(rng, parts, pairs, period, size)
    parts.settings = Settings(
        mix_guard=float(rng.choice([0, 0.05, 0.2])),
        misses=str(rng.choice(["spread", "spread", "concentrate"])),
        fair_share_by=str(rng.choice(["baseline"] * 8 + ["hours", "even"])),
    )
    return parts


def _sum_below(parts: PlanParts, scope: tuple[str | None, str | None, str | None]) -> float:
    total = 0.0
    trees = (parts.org, parts.queues, parts.periods)
    inside = []
    for tree_, node in zip(trees, scope, strict=True):
        at = 0 if node is None else tree_.ids.index(node)
        inside.append({tree_.ids[tree_.leaves[leaf]] for leaf in tree_.leaf_positions(at)})
    for key, value in parts.baseline.items():
        if all(part in allowed for part, allowed in zip(key, inside, strict=True)):
            total += value
    return total


def _random_targets(rng: np.random.Generator, parts: PlanParts, total: float) -> list:
    growth = rng.uniform(0.9, 1.2)
    targets = [(None, None, None, Sense(int(rng.choice([0, 0, 1]))), round(total * growth), 1.0)]
    seen = {(None, None, None)}
    for _ in range(int(rng.integers(0, 7))):
        scope = tuple(
            None if rng.random() < 0.45 else str(rng.choice(tree_.ids[1:] if len(tree_) > 1 else tree_.ids))
            for tree_ in (parts.org, parts.queues, parts.periods)
        )
        below = _sum_below(parts, scope)
        if scope in seen or not _covers(parts, scope):
            continue
        seen.add(scope)
        sense = Sense(int(rng.choice([0, 1, 1, 2])))
        targets.append((*scope, sense, round(below * growth * rng.uniform(0.85, 1.2)), float(rng.integers(1, 4))))
    return targets


def _covers(parts: PlanParts, scope: tuple) -> bool:
    inside = []
    for tree_, node in zip((parts.org, parts.queues), scope, strict=False):
        at = 0 if node is None else tree_.ids.index(node)
        inside.append({tree_.ids[tree_.leaves[leaf]] for leaf in tree_.leaf_positions(at)})
    return any(a in inside[0] and b in inside[1] for a, b in parts.eligible)


def _add_capacity(rng: np.random.Generator, parts: PlanParts, team: list, period: list, total: float) -> None:
    if rng.random() < 0.1:
        return
    need = {(a, t): 0.0 for a in team for t in period}
    for (a, b, t), value in parts.baseline.items():
        need[a, t] += value * parts.handle_s[b] / 3600
    tight = rng.choice([0.8, 0.95, 1.05, 1.4])
    mean = np.mean([value for value in need.values() if value > 0] or [total / 100 / max(len(need), 1)])
    for (a, t), hours in need.items():
        if rng.random() < 0.9:
            parts.capacity.append((a, None, t, float(round((hours or mean) * tight * rng.uniform(0.9, 1.15), 2))))
    if rng.random() < 0.3 and parts.capacity:
        everything = sum(row[3] for row in parts.capacity)
        parts.capacity.append((None, None, None, float(round(everything * rng.uniform(0.9, 1.0), 2))))


def _add_limits(rng: np.random.Generator, parts: PlanParts, pairs: list, period: list, size: dict) -> None:
    seen = set()
    for _ in range(int(rng.integers(0, 5))):
        a, b = pairs[rng.integers(len(pairs))]
        t = str(rng.choice(period))
        scope = (a, b, t) if rng.random() < 0.6 else ((a, None, t) if rng.random() < 0.5 else (None, b, None))
        if scope in seen:
            continue
        seen.add(scope)
        kind, value = rng.integers(3), round(size[a, b] * rng.uniform(0.5, 1.5))
        low, high = (value, np.inf) if kind == 0 else ((-np.inf, value) if kind == 1 else (value, value))
        parts.limits.append((*scope, float(low), float(high)))


def in_units(plan: Plan, decimals: int | None = 0) -> Plan:
    """Return a plan of one metric whose targets are rounded to some decimals."""
    return replace(plan, metrics=replace(plan.metrics, decimals=(decimals,)))
