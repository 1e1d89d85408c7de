"""Limits and skills that were reached: what somebody set, and what work could go no further than.

    a maximum (where more is better; a minimum where less is) that what was done has come within 1 % of
    Max share of a team's hours, and of a queue's volume, in the same way
    a queue that few teams may work on

Owns: finding them, and whom they belong to.
"""

from __future__ import annotations

import numpy as np

from engine.formulation.cover import cover
from engine.formulation.linear import linear_rows
from engine.plan import EVERY_METRIC, Plan, Scopes
from engine.rates.averages import averages, rate_cover
from engine.variance.nodes import Nodes
from solver.frozen import frozen
from solver.sparse import csr_matrix

_NEAR = 0.01
_FEW = 2
"""Teams of a queue that are named one by one."""


@frozen
class HeldBack:
    """What held back each node.

    touches : csr, shape (nodes, words), what was missed by pairs that each holds back, above 0
    words : with their owners; is_set : whether somebody set it, by word
    """

    touches: csr_matrix
    words: tuple[str, ...]
    is_set: tuple[bool, ...]

    def at(self, node: int, most: int, *, only_set: bool = False) -> list[str]:
        """Return words about a node, what touches most first."""
        part = slice(self.touches.indptr[node], self.touches.indptr[node + 1])
        found = zip((-self.touches.data[part]).tolist(), self.touches.indices[part].tolist(), strict=True)
        ranked = [at for _, at in sorted(found) if self.is_set[at] or not only_set]
        return [self.words[at] for at in ranked[:most]]


@frozen
class Done:
    """What was done so far, in the cells of the plan: float64, shape (cells,), nan where nobody reported.

    rates : by metric, over the cells of each rate; backlogs : by stock, shape (leaf queues, leaf periods)
    """

    amounts: np.ndarray
    rates: dict[int, np.ndarray]
    backlogs: dict[int, np.ndarray]
    so_far: int


@frozen
class _Reached:
    """Pairs that a limit holds back, as leaf org × leaf queue; ``words`` name it."""

    words: str
    org: np.ndarray
    queue: np.ndarray


@frozen
class Pairs:
    """Leaf org and leaf queue of each pair of a metric, and what it missed: shape (pairs,), missed ≥ 0."""

    org: np.ndarray
    queue: np.ndarray
    missed: np.ndarray


def find_held_back(plan: Plan, metric: int, done: Done, nodes: Nodes, pairs: Pairs) -> HeldBack:
    """Return what held back the pairs of a metric that missed something."""
    found = [*_limits(plan, metric, done), *_hour_shares(plan, metric, done), *_queue_shares(plan, metric, done)]
    few = _few_teams(plan, metric)
    columns: dict[str, list[np.ndarray]] = {}
    for each in (*found, *few):
        columns.setdefault(each.words, []).append(_pairs_in(plan, metric, each, pairs))
    held = [np.unique(np.concatenate(rows)) for rows in columns.values()]
    row = np.concatenate([*held, np.zeros(0, np.int64)]).astype(np.int64)
    column = np.repeat(np.arange(len(held)), [len(rows) for rows in held])
    missed = csr_matrix((pairs.missed[row], (row, column)), shape=(len(pairs.org), len(held)))
    missed.eliminate_zeros()  # who missed nothing was held back by nothing
    set_by_people = {each.words for each in found}
    touches = csr_matrix(nodes.member @ missed)
    return HeldBack(touches, tuple(columns), tuple(words in set_by_people for words in columns))


def _pairs_in(plan: Plan, metric: int, reached: _Reached, pairs: Pairs) -> np.ndarray:
    """Return the pairs of a metric that something holds back: int64, positions."""
    if metric in plan.metrics.backlog_of.values():  # kept by queue alone
        return np.flatnonzero(np.isin(pairs.queue, reached.queue))
    width = len(plan.queues.leaves)
    key, wanted = pairs.org * width + pairs.queue, reached.org * width + reached.queue
    if not len(key):
        return np.zeros(0, np.int64)
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)  # pairs stand in the order of their keys
    return np.asarray(at[key[at] == wanted])


def _limits(plan: Plan, metric: int, done: Done) -> list[_Reached]:
    limits = plan.limits
    higher = bool(plan.metrics.higher_is_better[metric])
    bound = limits.upper if higher else limits.lower
    rows = np.flatnonzero((limits.scope.metric == metric) & np.isfinite(bound) & (higher | (bound > 0)))
    if not len(rows):
        return []
    scopes = _so_far(plan, limits.scope.take(rows), done)
    reached = _values(plan, metric, scopes, done)
    slack = _NEAR * np.abs(bound[rows])
    is_near = reached >= bound[rows] - slack if higher else reached <= bound[rows] + slack
    found = []
    for at in np.flatnonzero(is_near & np.isfinite(reached)).tolist():
        row = int(rows[at])
        owner = f" of {limits.owner[row]}" if limits.owner[row] else ""
        reason = f" ({limits.reason[row]})" if limits.reason[row] else ""
        words = f"limit{owner}{reason}, row {limits.place[row].row} of {limits.place[row].table or 'Limits'}"
        found.append(_Reached(words, *_box(plan, scopes, at)))
    return found


def _so_far(plan: Plan, scopes: Scopes, done: Done) -> Scopes:
    """Return rows that end with what has happened."""
    until = np.full(len(scopes), len(plan.periods.leaves)) if scopes.until is None else scopes.until
    return Scopes(scopes.metric, scopes.org, scopes.queue, scopes.period, np.minimum(until, done.so_far))


def _values(plan: Plan, metric: int, scopes: Scopes, done: Done) -> np.ndarray:
    """Return what was done of each row: float64, nan where nobody reported anything of it."""
    rate = next((each for each in plan.rates if each.metric == metric), None)
    if rate is not None:
        weight = np.nan_to_num(done.amounts[rate.cells])
        return averages(rate_cover(plan, rate, scopes), weight, done.rates[metric])
    if metric in done.backlogs:
        ends = np.minimum(plan.periods.leaf_span[scopes.period, 1], done.so_far) - 1
        queues = [plan.queues.leaf_positions(int(queue)) for queue in scopes.queue.tolist()]
        open_ = done.backlogs[metric]
        return np.array([np.nansum(open_[rows, end]) for rows, end in zip(queues, ends.tolist(), strict=True)])
    rows = linear_rows(plan, scopes)
    there = rows.matrix @ np.isfinite(done.amounts).astype(np.float64) > 0
    return np.where(there, rows.values(np.nan_to_num(done.amounts)), np.nan)


def _hour_shares(plan: Plan, metric: int, done: Done) -> list[_Reached]:
    """Return shares of a team's hours that were used up: rows of capacity that Skills made."""
    capacity = plan.capacity
    rows = np.array([row for row, note in enumerate(capacity.note) if note], dtype=np.int64)
    if not len(rows) or not plan.metrics.uses_capacity[metric]:
        return []
    scopes = _so_far(plan, capacity.scope.take(rows), done)
    used = cover(plan, scopes) @ np.nan_to_num(done.amounts * plan.cells.hours)
    found = []
    for at in np.flatnonzero((used > 0) & (used >= capacity.hours[rows] * (1 - _NEAR))).tolist():
        row = int(rows[at])
        words = f"Skills, row {capacity.place[row].row}: {_team(plan, scopes, at)} {capacity.note[row]}"
        found.append(_Reached(words.replace(" of them", " of its hours"), *_box(plan, scopes, at)))
    return found


def _queue_shares(plan: Plan, metric: int, done: Done) -> list[_Reached]:
    """Return shares of a queue's volume that some teams were at."""
    shares = plan.shares
    rows = np.flatnonzero((shares.scope.metric == metric) | (shares.scope.metric == EVERY_METRIC))
    if not len(rows):
        return []
    scopes = _so_far(plan, shares.scope.take(rows), done)
    everyone = Scopes(scopes.metric, np.zeros(len(rows), np.int64), scopes.queue, scopes.period, scopes.until)
    amounts = np.nan_to_num(done.amounts)
    own, every = cover(plan, scopes) @ amounts, cover(plan, everyone) @ amounts
    found = []
    for at in np.flatnonzero((own > 0) & (own >= shares.share[rows] * every * (1 - _NEAR))).tolist():
        row = int(rows[at])
        words = f"Skills, row {shares.place[row].row}: at most {shares.share[row]:.0%} of the queue"
        found.append(_Reached(words, *_box(plan, scopes, at)))
    return found


def _few_teams(plan: Plan, metric: int) -> list[_Reached]:
    """Return queues that only one or two of several teams may work on."""
    cells = plan.cells
    volume = plan.metrics.balance_of[metric] if plan.metrics.balance_of else -1
    own = cells.metric == (volume if volume >= 0 else metric)
    pairs = np.unique(np.column_stack([cells.queue[own], cells.org[own]]), axis=0)
    count = np.bincount(pairs[:, 0], minlength=len(plan.queues.leaves)) if len(pairs) else np.zeros(0, np.int64)
    if len(np.unique(pairs[:, 1])) <= _FEW:
        return []
    found = []
    for queue in np.flatnonzero((count > 0) & (count <= _FEW)).tolist():
        teams = pairs[pairs[:, 0] == queue, 1]
        names = " and ".join(plan.org.names[plan.org.leaves[team]] for team in teams.tolist())
        words = f"only {names} may work on {plan.queues.names[plan.queues.leaves[queue]]}"
        found.append(_Reached(words, teams, np.full(len(teams), queue)))
    return found


def _team(plan: Plan, scopes: Scopes, row: int) -> str:
    org = int(scopes.org[row])
    return plan.org.names[org] if org < len(plan.org) else plan.org.groups[org - len(plan.org)].id


def _box(plan: Plan, scopes: Scopes, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the leaf org and leaf queue of every pair that a row covers."""
    org, queue = plan.org.leaf_positions(int(scopes.org[row])), plan.queues.leaf_positions(int(scopes.queue[row]))
    return np.repeat(org, len(queue)), np.tile(queue, len(org))
