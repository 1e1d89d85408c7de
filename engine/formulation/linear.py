"""Rows of Targets and Limits as weighted sums of cells: volumes, stocks, backlogs, hours, people.

    value_r = offset_r + sign_r · Σ_i a_ri x_i

Owns: what a metric means for a row. A rate is no such sum: its rows are empty here.
"""

from __future__ import annotations

import numpy as np

from engine.fair.crew import hours_per_fte
from engine.formulation.cover import cover, queue_totals
from engine.formulation.order import node_ranks, ranks
from engine.plan import FTE, HOURS, TURNAROUND, Balance, Plan, Scopes
from solver.frozen import frozen
from solver.matrices import scale_columns, scale_rows, stack_rows
from solver.sparse import csr_matrix


@frozen
class LinearRows:
    """value = offset + sign · matrix @ x. matrix : csr, shape (rows, cells), ≥ 0; offset, sign : float64."""

    matrix: csr_matrix
    offset: np.ndarray
    sign: np.ndarray

    def values(self, point: np.ndarray) -> np.ndarray:
        """Return the value of each row for a plan."""
        return np.asarray(self.offset + self.sign * (self.matrix @ point))

    def take(self, rows: np.ndarray) -> LinearRows:
        """Return some rows."""
        return LinearRows(self.matrix[rows], self.offset[rows], self.sign[rows])


def linear_rows(plan: Plan, scopes: Scopes) -> LinearRows:
    """Return rows of any metric as weighted sums of cells.

    Notes
    -----
    A stock's longer period is its last leaf, of those that count where a row ends early. A backlog falls by what is
    handled up to then, so its sign is −1.
    Turnaround rows stand for backlog ≤ handled × limit / length, put as Σ handled up to t + handled_t × limit /
    length ≥ available; the limit itself is not part of the row (see ``turnaround_rows``).
    """
    offset, sign = np.zeros(len(scopes)), np.ones(len(scopes))
    metric = scopes.metric
    if not _is_special(plan, metric).any():
        return LinearRows(cover(plan, scopes), offset, sign)
    found: list[tuple[np.ndarray, csr_matrix]] = []
    plain = np.flatnonzero(plan.metrics.is_kind(metric, "volume"))
    found.append((plain, cover(plan, scopes.take(plain))))
    hours = np.flatnonzero(metric == HOURS)
    found.append((hours, scale_columns(cover(plan, scopes.take(hours)), plan.cells.hours)))
    people = np.flatnonzero(metric == FTE)
    found.append((people, _people(plan, scopes.take(people))))
    stocks = np.flatnonzero(plan.metrics.is_kind(metric, "stock"))
    balance_of = {balance.stock: balance for balance in plan.balances}
    loose = np.array([row for row in stocks if int(metric[row]) not in balance_of], dtype=np.int64)
    found.append((loose, cover(plan, _at_last_leaf(plan, scopes.take(loose)))))
    for row in np.setdiff1d(stocks, loose).tolist():
        one = np.array([row])
        found.append((one, _handled_until(plan, scopes.take(one), balance_of[int(metric[row])])))
        offset[row] = _available(plan, scopes, row, balance_of[int(metric[row])])
        sign[row] = -1.0
    return LinearRows(_in_order(found, len(scopes), len(plan.cells)), offset, sign)


def _is_special(plan: Plan, metric: np.ndarray) -> np.ndarray:
    return ~plan.metrics.is_kind(metric, "volume")


def _in_order(found: list[tuple[np.ndarray, csr_matrix]], rows: int, columns: int) -> csr_matrix:
    """Return one matrix of parts whose rows stand anywhere; rows in no part are empty."""
    place = np.concatenate([at for at, _ in found]).astype(np.int64)
    stacked = stack_rows([matrix for _, matrix in found])
    put = csr_matrix((np.ones(len(place)), (place, np.arange(len(place)))), shape=(rows, len(place)))
    ordered = csr_matrix(put @ stacked)
    ordered.sort_indices()
    return csr_matrix(ordered, shape=(rows, columns))


def _people(plan: Plan, scopes: Scopes) -> csr_matrix:
    """Return FTE rows: hours over the hours one FTE has in the row's periods, team by team."""
    matrix = scale_columns(cover(plan, scopes), plan.cells.hours)
    per_fte = hours_per_fte(plan)
    cell_org = plan.cells.org
    for row in range(len(scopes)):
        leaves = counted_leaves(plan, scopes, row)
        of_team = per_fte[:, leaves].sum(axis=1)
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        matrix.data[part] /= of_team[cell_org[matrix.indices[part]]]
    return matrix


def counted_leaves(plan: Plan, scopes: Scopes, row: int) -> np.ndarray:
    """Return the leaf periods below a row that count: all, but for those from where it ends. int64, positions."""
    leaves = plan.periods.leaf_positions(int(scopes.period[row]))
    return leaves if scopes.until is None else leaves[leaves < scopes.until[row]]


def _at_last_leaf(plan: Plan, scopes: Scopes) -> Scopes:
    """Return rows at their last leaf that counts; where none does, they stay, and cover nothing."""
    first, after = plan.periods.leaf_span[scopes.period].T
    if scopes.until is not None:
        after = np.minimum(after, scopes.until)
    return Scopes(
        scopes.metric, scopes.org, scopes.queue, plan.periods.leaves[np.maximum(after, first + 1) - 1], scopes.until
    )


def _handled_until(plan: Plan, scope: Scopes, balance: Balance) -> csr_matrix:
    """Return what is handled up to the end of one row's period, in the queues that have inflow."""
    queues = plan.queues.leaf_positions(int(scope.queue[0]))
    queues = queues[np.isfinite(balance.available).all(axis=1)[queues]]
    leaves = counted_leaves(plan, scope, 0)
    if not len(leaves):
        return csr_matrix((1, len(plan.cells)))
    last = np.full(len(queues), int(leaves[-1]))
    rows = _cumulated(plan, balance.volume, queues, last)
    return csr_matrix(csr_matrix(np.ones((1, len(queues)))) @ rows)


def _available(plan: Plan, scopes: Scopes, row: int, balance: Balance) -> float:
    queues, leaves = plan.queues.leaf_positions(int(scopes.queue[row])), counted_leaves(plan, scopes, row)
    if not len(leaves):
        return 0.0
    # added up in order of size: no digit hangs on the order in which queues stand
    return float(np.nansum(np.sort(balance.available[queues, leaves[-1]])))


def inflow_rows(plan: Plan) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Return Σ handled up to t ≤ available, for every leaf queue with inflow and leaf period, in canonical order.

    Returns
    -------
    csr, shape (rows, cells); float64, what is available, ≥ 0; int64, shape (rows, 3): balance, leaf queue, leaf period
    """
    matrices, there, keys = [csr_matrix((0, len(plan.cells)))], [np.zeros(0)], [np.zeros((0, 3), np.int64)]
    by_name = node_ranks(plan.queues)[plan.queues.leaves]
    for at in np.argsort(ranks(plan.metrics.ids)[[balance.volume for balance in plan.balances]]).tolist():
        balance = plan.balances[at]
        queues = np.flatnonzero(np.isfinite(balance.available).all(axis=1))
        queues = queues[np.argsort(by_name[queues])]
        key = np.array([(at, queue, time) for queue in queues for time in range(len(balance.length))], dtype=np.int64)
        if len(key):
            matrices.append(_cumulated(plan, balance.volume, key[:, 1], key[:, 2]))
            there.append(np.maximum(balance.available[key[:, 1], key[:, 2]], 0.0))
            keys.append(key)
    return stack_rows(matrices), np.concatenate(there), np.concatenate(keys)


def turnaround_rows(plan: Plan, scopes: Scopes, limit_h: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
    """Return Σ handled up to t + handled_t × limit / length ≥ available, for rows of the metric Turnaround.

    Parameters
    ----------
    scopes : leaf queue and leaf period of each row, as nodes
    limit_h : float64, shape (rows,), hours
    """
    queue, time = plan.queues.leaf_span[scopes.queue, 0], plan.periods.leaf_span[scopes.period, 0]
    of_row = np.array(
        [_balance_at(plan, *at) for at in zip(queue.tolist(), time.tolist(), strict=True)], dtype=np.int64
    )
    found, asked = [(np.zeros(0, np.int64), csr_matrix((0, len(plan.cells))))], np.zeros(len(scopes))
    for at in np.unique(of_row).tolist():  # all rows of a balance at once: one by one they took most of a small plan
        rows, balance = np.flatnonzero(of_row == at), plan.balances[at]
        volume, whole = np.full(len(rows), balance.volume), np.zeros(len(rows), np.int64)
        now = cover(plan, Scopes(volume, whole, scopes.queue[rows], scopes.period[rows]))
        so_far = _cumulated(plan, balance.volume, queue[rows], time[rows])
        found.append((rows, csr_matrix(so_far + scale_rows(now, limit_h[rows] / balance.length[time[rows]]))))
        asked[rows] = balance.available[queue[rows], time[rows]]
    return _in_order(found, len(scopes), len(plan.cells)), np.maximum(asked, 0.0)


def turnaround_hours(plan: Plan, scopes: Scopes, point: np.ndarray) -> np.ndarray:
    """Return how long items wait at the end of each row's period: backlog over handled, times its length (Little).

    Returns
    -------
    float64, shape (rows,), hours

    Notes
    -----
    Where less than an item is handled, and more wait, one counts as handled: that is the least they wait, and a number
    that people can add up and sort by, as "for ever" is not.
    """
    found = np.zeros(len(scopes))
    for row in range(len(scopes)):
        queue, time = plan.queues.leaf_span[scopes.queue[row], 0], plan.periods.leaf_span[scopes.period[row], 0]
        balance = plan.balances[_balance_at(plan, int(queue), int(time))]
        totals = np.zeros(len(plan.periods.leaves))
        cells = (plan.cells.metric == balance.volume) & (plan.cells.queue == queue)
        np.add.at(totals, plan.cells.period[cells], point[cells])
        backlog = max(float(balance.available[queue, time]) - float(totals[: time + 1].sum()), 0.0)
        found[row] = backlog / max(float(totals[time]), min(backlog, 1.0), 1e-300) * balance.length[time]
    return found


def _balance_at(plan: Plan, queue: int, time: int) -> int:
    """Return the position of the balance that counts a leaf queue."""
    return next(at for at, each in enumerate(plan.balances) if np.isfinite(each.available[queue, time]))


def _cumulated(plan: Plan, volume: int, queue: np.ndarray, time: np.ndarray) -> csr_matrix:
    """Return Σ handled from the first leaf period to each row's, in its leaf queue: totals first, then their sums."""
    totals, keys = queue_totals(plan)
    at = np.full((len(plan.queues.leaves), len(plan.periods.leaves)), -1)
    mine = np.flatnonzero(keys[:, 0] == volume)
    at[keys[mine, 1], keys[mine, 2]] = mine
    upto = np.arange(at.shape[1])[None, :] <= time[:, None]
    row, column = np.nonzero(upto & (at[queue] >= 0))
    sums = csr_matrix((np.ones(len(row)), (row, at[queue][row, column])), shape=(len(queue), totals.shape[0]))
    found = csr_matrix(sums @ totals)
    found.sort_indices()
    return found


def is_turnaround(scopes: Scopes) -> np.ndarray:
    """bool, shape (rows,): rows that keep items from waiting too long."""
    return np.asarray(scopes.metric == TURNAROUND)
