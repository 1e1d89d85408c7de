"""History of several levels, brought down to leaves: finest row wins, the rest of a coarser row is shared out.

    rest_r = value_r − Σ of what finer rows say below r, given to the leaves below r that no finer row covers,
    by their own sizes in the nearest period that has any, else by sizes the caller knows, else evenly.

Owns: that rule. Knows nothing of: workbooks, and what history is used for.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.building.entries import Entries
from engine.building.history import History
from engine.trees import Tree
from solver.frozen import frozen
from solver.sparse import csr_matrix

MISMATCH = 0.005
"""Part of a coarser row within which finer rows agree with it."""

NOBODY = -1


@frozen
class Pairs:
    """Leaf pairs that history is kept for, sorted by key; arrays of shape (pairs,).

    key : int64, metric × leaf org × leaf queue as one number
    may_take : bool, whether a pair takes part in sharing out coarser rows
    alive : bool, shape (pairs, leaf periods), when it does; None = always
    """

    key: np.ndarray
    may_take: np.ndarray
    alive: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.key)


@frozen
class Cube:
    """The leaves that history may stand on."""

    org: Tree
    queues: Tree
    history: History

    def key(self, metric: np.ndarray, org: np.ndarray, queue: np.ndarray) -> np.ndarray:
        """Return metric, leaf org and leaf queue as one number."""
        return np.asarray((metric * len(self.org.leaves) + org) * len(self.queues.leaves) + queue)

    def split(self, key: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return metric, leaf org and leaf queue of keys."""
        rest, queue = np.divmod(key, len(self.queues.leaves))
        metric, org = np.divmod(rest, len(self.org.leaves))
        return metric, org, queue

    def box_keys(self, metric: np.ndarray, org: np.ndarray, queue: np.ndarray) -> np.ndarray:
        """Return the keys of all leaf pairs below rows of metric × org node × queue node, each once."""
        org_span, queue_span = self.org.leaf_span[org], self.queues.leaf_span[queue]
        height, width = org_span[:, 1] - org_span[:, 0], queue_span[:, 1] - queue_span[:, 0]
        size = height * width
        row = np.repeat(np.arange(len(size)), size)
        offset = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
        down, across = np.divmod(offset, width[row])
        return np.unique(self.key(metric[row], org_span[row, 0] + down, queue_span[row, 0] + across))


@frozen
class LeafHistory:
    """History per leaf pair and slot.

    pairs : the pairs; value : float64, shape (pairs, slots), nan where nothing is said
    shared : entries that were shared out; leaves : how many values that made
    over, under : entries whose finer rows say more, or less with nobody left to take the rest
    gap : float64, shape (entries,), how far finer rows are from each entry
    stranded : entries with something left that nobody may take
    """

    pairs: Pairs
    value: np.ndarray
    shared: np.ndarray
    leaves: int
    mismatched: np.ndarray
    stranded: np.ndarray
    gap: np.ndarray


@frozen
class _Family:
    """Entries whose nodes lie at the same depths: they are disjoint or equal.

    time_depth : depth of plan periods; -1 for periods of history
    """

    org_depth: int
    queue_depth: int
    time_depth: int
    rows: np.ndarray


def known_pairs(cube: Cube, entries: Entries, allowed: np.ndarray | None) -> Pairs:
    """Return the leaf pairs with history.

    Parameters
    ----------
    allowed : keys of the pairs that may work together; None where history itself tells
    """
    org, queue = cube.org.leaf_span[entries.org, 0], cube.queues.leaf_span[entries.queue, 0]
    keys = np.unique(cube.key(entries.metric, org, queue)[_is_leaf_pair(cube, entries)])
    if allowed is not None:
        both = np.union1d(keys, allowed)
        return Pairs(both, np.isin(both, allowed))
    for family in _families(cube, entries, np.flatnonzero(~_is_leaf_pair(cube, entries))):
        below = _pair_part(cube, keys, family)
        own = _row_part(cube, entries, family.rows)
        bare = family.rows[~np.isin(own, below)]
        keys = np.union1d(keys, cube.box_keys(entries.metric[bare], entries.org[bare], entries.queue[bare]))
    return Pairs(keys, np.ones(len(keys), dtype=bool))


@frozen
class Sizes:
    """What leaves are shared out by besides their own values.

    value : float64, shape (pairs, slots); always : by these alone, or only where leaves have no size of their own
    """

    value: np.ndarray
    always: bool


def spread(cube: Cube, entries: Entries, pairs: Pairs, sizes: Sizes | None = None) -> LeafHistory:
    """Return history per leaf pair and slot; the entries' keys are unique."""
    state = _Spreading(cube, entries, pairs, sizes)
    exact = _is_leaf_pair(cube, entries) & _is_one_slot(cube, entries)
    state.place(np.flatnonzero(exact))
    for family in _families(cube, entries, np.flatnonzero(~exact)):
        state.share_out(family)
    return LeafHistory(
        pairs,
        state.value,
        np.flatnonzero(state.is_shared),
        state.leaves,
        np.flatnonzero(state.is_mismatched),
        np.flatnonzero(state.is_stranded),
        state.gap,
    )


class _Spreading:
    """History while it is being brought down, finest entries first."""

    def __init__(self, cube: Cube, entries: Entries, pairs: Pairs, sizes: Sizes | None) -> None:
        self.cube, self.entries, self.pairs, self.sizes = cube, entries, pairs, sizes
        self.value = np.full((len(pairs), len(cube.history)), np.nan)
        self.is_shared, self.is_mismatched, self.is_stranded = (np.zeros(len(entries), bool) for _ in range(3))
        self.gap = np.zeros(len(entries))
        self.leaves = 0
        self._when = _slot_order(cube.history)

    def place(self, rows: np.ndarray) -> None:
        """Take in entries that stand on one leaf pair and slot each."""
        entries, cube = self.entries, self.cube
        org, queue = cube.org.leaf_span[entries.org[rows], 0], cube.queues.leaf_span[entries.queue[rows], 0]
        pair = np.searchsorted(self.pairs.key, cube.key(entries.metric[rows], org, queue))
        slot, _ = cube.history.slots_of(entries.time[rows])
        self.value[pair, slot] = entries.value[rows]

    def share_out(self, family: _Family) -> None:
        """Share out the rest of each entry of a family."""
        slots, owner = self._owners(family)
        count = len(family.rows)
        below = self.value[:, slots]
        said = (owner >= 0) & np.isfinite(below)
        open_ = (owner >= 0) & np.isnan(below) & self._may_take(slots)
        value = self.entries.value[family.rows]
        covered = np.bincount(owner[said], below[said], count)
        rest = value - covered
        weight = self._weights(slots, owner, open_, count)
        total = np.bincount(owner[open_], weight[open_], count)
        takers = np.bincount(owner[open_], minlength=count)
        even = open_ & (total[owner] <= 0)
        weight[even] = 1.0
        total = np.where(total > 0, total, takers)
        given = np.maximum(rest, 0.0)
        below[open_] = given[owner[open_]] * weight[open_] / total[owner[open_]]
        self.value[:, slots] = below
        self.leaves += int(open_.sum())
        self._judge(family.rows, rest, takers, np.bincount(owner[said], minlength=count))

    def _may_take(self, slots: np.ndarray) -> np.ndarray:
        """Return who takes part in which slot: bool, shape (pairs, slots) or (pairs, 1)."""
        alive = self.pairs.alive
        return self.pairs.may_take[:, None] & (True if alive is None else alive[:, slots])

    def _judge(self, rows: np.ndarray, rest: np.ndarray, takers: np.ndarray, said: np.ndarray) -> None:
        large = np.abs(rest) > MISMATCH * np.maximum(self.entries.value[rows], 1e-9)
        left = large & (rest > 0) & (takers == 0)
        self.gap[rows] = rest
        self.is_shared[rows] = takers > 0
        self.is_stranded[rows] = left
        self.is_mismatched[rows] = (large & (rest < 0)) | (left & (said > 0))

    def _owners(self, family: _Family) -> tuple[np.ndarray, np.ndarray]:
        """Return the slots a family covers, and per pair and slot the family's entry above, NOBODY if none.

        Returns
        -------
        int64, shape (slots of the family,); int64, shape (pairs, slots of the family)
        """
        history, entries = self.cube.history, self.entries
        time_count = len(history.periods.tree) + len(history.names)
        own = _row_part(self.cube, entries, family.rows) * time_count + entries.time[family.rows]
        order = np.argsort(own, kind="stable")
        sorted_own = own[order]
        times = _slot_times(history, family.time_depth)
        slots = np.flatnonzero(np.isin(times, entries.time[family.rows]))
        part = _pair_part(self.cube, self.pairs.key, family)
        owner = np.full((len(self.pairs), len(slots)), NOBODY)
        for column, slot in enumerate(slots.tolist()):
            wanted = np.where(part >= 0, part * time_count + times[slot], -1)
            at = np.minimum(np.searchsorted(sorted_own, wanted), len(order) - 1)
            hit = sorted_own[at] == wanted
            owner[hit, column] = order[at[hit]]
        return slots, owner

    def _weights(self, slots: np.ndarray, owner: np.ndarray, open_: np.ndarray, count: int) -> np.ndarray:
        """Return each open leaf's own size in the nearest slot in which its entry's open leaves have any."""
        if self.sizes is not None and self.sizes.always:
            return np.asarray(np.nan_to_num(self.sizes.value[:, slots]))
        known = 0.0 if self.sizes is None else np.nan_to_num(self.sizes.value)
        size = np.nan_to_num(self.value)
        weight = np.zeros(owner.shape)
        for column, slot in enumerate(slots.tolist()):
            pair = np.flatnonzero(open_[:, column])
            if len(pair) == 0:
                continue
            row = owner[pair, column]
            member = csr_matrix((np.ones(len(pair)), (row, pair)), shape=(count, len(self.pairs)))
            nearest_first = np.lexsort((self._when, np.abs(self._when - self._when[slot])))
            has_any = (member @ size)[:, nearest_first] > 0
            nearest = nearest_first[np.argmax(has_any, axis=1)]
            else_size = known[pair, slot] if isinstance(known, np.ndarray) else known
            weight[pair, column] = np.where(has_any.any(axis=1)[row], size[pair, nearest[row]], else_size)
        return weight


def _is_leaf_pair(cube: Cube, entries: Entries) -> np.ndarray:
    return np.asarray(cube.org.is_leaf[entries.org] & cube.queues.is_leaf[entries.queue])


def _is_one_slot(cube: Cube, entries: Entries) -> np.ndarray:
    first, last = cube.history.slots_of(entries.time)
    return np.asarray(last - first == 1)


def _families(cube: Cube, entries: Entries, rows: np.ndarray) -> Iterator[_Family]:
    """Yield families of entries, the finest first."""
    periods = cube.history.periods.tree
    of_plan = entries.time[rows] < len(periods)
    # history lies below every longer period of the plan: it has one slot
    time_depth = np.where(of_plan, periods.depth[np.where(of_plan, entries.time[rows], 0)], NOBODY)
    depths = np.column_stack([cube.org.depth[entries.org[rows]], cube.queues.depth[entries.queue[rows]], time_depth])
    kinds, which = np.unique(depths, axis=0, return_inverse=True)
    rank = kinds[:, 0] + kinds[:, 1] + np.where(kinds[:, 2] < 0, int(periods.depth.max()), kinds[:, 2])
    for kind in np.argsort(-rank, kind="stable").tolist():
        org_depth, queue_depth, depth = kinds[kind].tolist()
        yield _Family(org_depth, queue_depth, depth, rows[which.ravel() == kind])


def _row_part(cube: Cube, entries: Entries, rows: np.ndarray) -> np.ndarray:
    metric, org, queue = entries.metric[rows], entries.org[rows], entries.queue[rows]
    return np.asarray((metric * len(cube.org) + org) * len(cube.queues) + queue)


def _pair_part(cube: Cube, keys: np.ndarray, family: _Family) -> np.ndarray:
    """Return the nodes above each pair at the depths of a family as one number, NOBODY where it is not as deep."""
    metric, org, queue = cube.split(keys)
    above_org, above_queue = cube.org.ancestors[org, family.org_depth], cube.queues.ancestors[queue, family.queue_depth]
    part = (metric * len(cube.org) + above_org) * len(cube.queues) + above_queue
    return np.where((above_org < 0) | (above_queue < 0), NOBODY, part)


def _slot_times(history: History, depth: int) -> np.ndarray:
    """Return the time at some depth that each slot belongs to, NOBODY if none."""
    times = np.full(len(history), NOBODY)
    nodes = len(history.periods.tree)
    if depth < 0:
        times[history.plan_slots :] = nodes + np.arange(len(history.names))
    else:
        times[: history.plan_slots] = history.periods.tree.ancestors[:, depth]
    return times


def _slot_order(history: History) -> np.ndarray:
    """Return the place of each slot in time: history first, then the plan."""
    order = [*history.in_time_order(), *range(history.plan_slots)]
    when = np.empty(len(order), np.int64)
    when[order] = np.arange(len(order))
    return when
