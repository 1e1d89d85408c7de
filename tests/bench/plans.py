"""Plans of any size for timing the middle alone, without a workbook: sites and teams, queues, months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.issues import Place
from engine.plan import Calendar, Capacity, Cells, Limits, Metrics, Plan, Scopes, Sense, Settings, Targets
from engine.trees import Tree, grow

MONTHS = 12
QUEUES_OF_A_TEAM = 14
GROWTH = 1.06


@dataclass(frozen=True, slots=True)
class Size:
    """sites × teams of each; policies × queues of each; hours there are for the hours asked."""

    sites: int
    teams: int
    policies: int
    queues: int
    hours_there: float


SIZES = {
    "5k met": Size(10, 3, 6, 5, 1.15),
    "5k short": Size(10, 3, 6, 5, 0.95),
    "100k met": Size(30, 20, 12, 15, 1.15),
    "100k short": Size(30, 20, 12, 15, 0.95),
}


def large_plan(size: Size) -> Plan:
    """Return a plan: one volume, hours per site and month, targets and limits of several levels."""
    rng = np.random.default_rng(7)
    org, queues = _two_levels("Site", "Team", size.sites, size.teams), _two_levels("P", "Q", size.policies, size.queues)
    periods = _two_levels("2026Q", "2026-", 4, 3)
    n_teams, n_queues = size.sites * size.teams, size.policies * size.queues
    some = [np.sort(rng.choice(n_queues, min(QUEUES_OF_A_TEAM, n_queues), replace=False)) for _ in range(n_teams)]
    team = np.repeat(np.arange(n_teams), [len(queue) for queue in some])
    pairs = np.column_stack([team, np.concatenate(some)])
    level = np.exp(rng.normal(6, 1, len(pairs)))
    baseline = np.round(level[:, None] * rng.uniform(0.8, 1.2, (len(pairs), MONTHS)), 1).ravel()
    seconds = np.exp(rng.normal(4.1, 0.5, n_queues))
    cells = Cells(
        np.zeros(len(baseline), np.int64),
        np.repeat(pairs[:, 0], MONTHS),
        np.repeat(pairs[:, 1], MONTHS),
        np.tile(np.arange(MONTHS), len(pairs)),
        baseline,
        seconds[np.repeat(pairs[:, 1], MONTHS)] / 3600,
    )
    return Plan(
        Settings(),
        Metrics(("Reviews",), ("volume",), ("items",), np.array([True]), np.array([True])),
        org,
        queues,
        periods,
        _calendar(),
        cells,
        _targets(cells, org, queues, periods),
        _limits(rng, cells, org, queues, periods),
        _capacity(rng, size, cells, org, periods),
        np.full(n_queues, 0.05),
        np.zeros(1),
    )


def _two_levels(above: str, below: str, wide: int, deep: int) -> Tree:
    ids, parents = [], []
    for first in range(wide):
        ids.append(f"{above}{first + 1:03}")
        parents.append(-1)
        top = len(ids) - 1
        for second in range(deep):
            ids.append(f"{below}{first + 1:03}-{second + 1:03}")
            parents.append(top)
    return grow(ids, ids, parents, [""] * len(ids))


def _calendar() -> Calendar:
    unknown = np.full(MONTHS, np.datetime64("NaT"), dtype="datetime64[D]")
    return Calendar(np.full(MONTHS, 21.0), unknown, unknown, ("",) * MONTHS)


def _above(tree: Tree, leaf: np.ndarray) -> np.ndarray:
    """Return the node above each leaf."""
    return tree.parent[tree.leaves[leaf]]


def _sums(keys: list[np.ndarray], values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    distinct, which = np.unique(np.column_stack(keys), axis=0, return_inverse=True)
    return distinct, np.bincount(which.ravel(), values)


def _targets(cells: Cells, org: Tree, queues: Tree, periods: Tree) -> Targets:
    """Everything at priority 1; every policy and quarter at least, at 2; every site and quarter at least, at 3."""
    whole = np.zeros((1, 3), np.int64)
    quarter = _above(periods, cells.period)
    none = np.zeros(len(cells), np.int64)
    policies, asked_of_policy = _sums([none, _above(queues, cells.queue), quarter], cells.baseline)
    sites, asked_of_site = _sums([_above(org, cells.org), none, quarter], cells.baseline)
    scope = np.concatenate([whole, policies, sites])
    value = np.concatenate([[cells.baseline.sum() * GROWTH], asked_of_policy * GROWTH, asked_of_site * GROWTH * 0.98])
    priority = np.repeat([1.0, 2.0, 3.0], [1, len(policies), len(sites)])
    sense = np.where(priority == 1, int(Sense.EXACTLY), int(Sense.AT_LEAST))
    return Targets(
        Scopes(np.zeros(len(scope), np.int64), scope[:, 0], scope[:, 1], scope[:, 2]),
        sense.astype(np.int64),
        value,
        priority,
        np.ones(len(scope), dtype=bool),
        tuple(Place("Targets", "Targets", 2 + row, 1, "Value") for row in range(len(scope))),
    )


def _limits(rng: np.random.Generator, cells: Cells, org: Tree, queues: Tree, periods: Tree) -> Limits:
    """A hundred cells capped a tenth above history, and every tenth policy-month held to at most a fifth more."""
    single = rng.choice(len(cells), 100, replace=False)
    keys, total = _sums(
        [np.zeros(len(cells), np.int64), _above(queues, cells.queue), periods.leaves[cells.period]], cells.baseline
    )
    some = np.arange(0, len(keys), 10)
    leaves = np.column_stack([org.leaves[cells.org], queues.leaves[cells.queue], periods.leaves[cells.period]])[single]
    scope = np.concatenate([leaves, keys[some]])
    upper = np.concatenate([cells.baseline[single] * 1.1, total[some] * 1.2])
    return Limits(
        Scopes(np.zeros(len(scope), np.int64), scope[:, 0], scope[:, 1], scope[:, 2]),
        np.full(len(scope), -np.inf),
        upper,
        np.zeros(len(scope), dtype=bool),
        ("",) * len(scope),
        ("",) * len(scope),
        tuple(Place("Limits", "Limits", 2 + row, 1, "Max") for row in range(len(scope))),
    )


def _capacity(rng: np.random.Generator, size: Size, cells: Cells, org: Tree, periods: Tree) -> Capacity:
    """Hours of every team and month, tight here and ample there."""
    keys, need = _sums([org.leaves[cells.org], periods.leaves[cells.period]], cells.baseline * cells.hours)
    none = np.zeros(len(keys), np.int64)
    return Capacity(
        Scopes(np.full(len(keys), -1), keys[:, 0], none, keys[:, 1]),
        need * GROWTH * size.hours_there * rng.uniform(0.8, 1.2, len(need)),
        np.full(len(keys), np.nan),
        tuple(Place("Capacity", "Capacity", 2 + row, 1, "Hours") for row in range(len(keys))),
    )
