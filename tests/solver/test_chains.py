"""Newton's systems over rows that go on from each other: the same answer, from far emptier systems."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, identity, vstack

from solver import chains
from solver.chains import NormalRows, _chains_of

QUEUES, WEEKS, TEAMS = 12, 40, 15


def waiting(seed: int, turnaround: float = 0.0) -> tuple[csr_matrix, np.ndarray]:
    """Rows of what every queue has handled up to each week, in a measure of its own; then teams' weeks; then a year.

    Parameters
    ----------
    turnaround : how often a week counts besides in its own row
    """
    rng = np.random.default_rng(seed)
    team, queue, week = (each.ravel() for each in np.meshgrid(range(TEAMS), range(QUEUES), range(WEEKS), indexing="ij"))
    some = np.flatnonzero(rng.uniform(size=len(team)) < 0.5)
    team, queue, week = team[some], queue[some], week[some]
    row_queue, row_week = np.divmod(np.arange(QUEUES * WEEKS)[:, None], WEEKS)
    upto = (queue == row_queue) * (1.0 * (week <= row_week) + turnaround * (week == row_week))
    upto = upto * rng.uniform(0.1, 10, (QUEUES * WEEKS, 1))
    hours = csr_matrix((rng.uniform(0.5, 2, len(team)), (team * WEEKS + week, np.arange(len(team)))))
    return csr_matrix(vstack([csr_matrix(upto), hours, csr_matrix(np.ones((1, len(team))))])), week


@pytest.mark.parametrize("share", [1.0, 0.9, 0.6])
@pytest.mark.parametrize("turnaround", [0.0, 0.3])
@pytest.mark.parametrize("has_parts", [False, True])
def test_the_system_over_some_rows_is_solved(share, turnaround, has_parts):
    matrix, week = waiting(7, turnaround)
    rng = np.random.default_rng(8)
    rows = np.flatnonzero(rng.uniform(size=matrix.shape[0]) < share)
    weight, ridge = rng.uniform(size=matrix.shape[1]) * rng.integers(0, 2, matrix.shape[1]), 1e-3
    whole = matrix[rows].multiply(weight) @ matrix[rows].T + ridge * identity(len(rows))
    right = whole @ rng.normal(size=len(rows))
    found = NormalRows(matrix, week if has_parts else None).solve(rows, weight, ridge, right)
    assert whole @ found == pytest.approx(right, abs=1e-9 * np.abs(right).max())
    assert found == pytest.approx(np.linalg.solve(whole.toarray(), right), rel=1e-8, abs=1e-8 * np.abs(found).max())


def test_a_full_matrix_gives_the_answer_of_a_sparse_one():
    matrix, _ = waiting(7)
    few = csr_matrix(matrix[:200])
    rng = np.random.default_rng(9)
    rows = np.flatnonzero(rng.uniform(size=200) < 0.7)
    weight, right = rng.uniform(size=few.shape[1]), rng.normal(size=len(rows))
    full, sparse = (NormalRows(each, None).solve(rows, weight, 1e-3, right) for each in (few.toarray(), few))
    assert full == pytest.approx(sparse, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("turnaround", [0.0, 0.3])
def test_what_a_row_adds_to_the_row_before_is_a_week_or_two(turnaround):
    matrix, week = waiting(7, turnaround)
    chains = _chains_of(matrix)
    assert chains is not None
    upto = chains.base[: QUEUES * WEEKS]
    weeks = [np.unique(week[upto[row].indices]) for row in range(upto.shape[0])]
    assert max(map(len, weeks)) == (2 if turnaround else 1)
    assert upto.nnz <= (2 if turnaround else 1) * matrix.shape[1]


def test_rows_that_hardly_share_a_column_are_left_as_they_are():
    matrix, _ = waiting(7)
    assert _chains_of(csr_matrix(matrix[QUEUES * WEEKS :])) is None


def month_rows(seed: int) -> tuple[csr_matrix, np.ndarray]:
    """Rows of a year over cells: a team's in each month, a queue's in each month, some over several months."""
    rng = np.random.default_rng(seed)
    team, queue, month = (each.ravel() for each in np.meshgrid(range(40), range(20), range(12), indexing="ij"))
    some = np.flatnonzero(rng.uniform(size=len(team)) < 0.4)
    team, queue, month = team[some], queue[some], month[some]
    every, weight = np.arange(len(team)), rng.uniform(0.5, 2, len(team))
    long = csr_matrix((np.ones(len(team)), (queue % 5 * 4 + month // 3, every)))
    teams, queues = (csr_matrix((weight, (at * 12 + month, every))) for at in (team, queue))
    return csr_matrix(vstack([teams, queues, long])), month


@pytest.mark.parametrize("has_parts", [False, True])
def test_rows_that_join_a_system_or_leave_it_change_no_solution(has_parts):
    matrix, month = month_rows(3)
    rng = np.random.default_rng(4)
    weight, ridge = rng.uniform(0.1, 1, matrix.shape[1]), 1e-6
    order = rng.permutation(matrix.shape[0])
    in_turn = NormalRows(matrix, month if has_parts else None)
    # some join, one more, none, one leaves, half of all that are left join at once, other weights
    for count, factor in [(500, 1.0), (515, 1.0), (516, 1.0), (516, 1.0), (515, 1.0), (620, 1.0), (622, 2.0)]:
        rows = np.sort(order[:count])
        whole = matrix[rows].multiply(weight * factor) @ matrix[rows].T + ridge * identity(count)
        right = whole @ rng.normal(size=count)
        found = in_turn.solve(rows, weight * factor, ridge, right)
        assert whole @ found == pytest.approx(right, abs=1e-9 * np.abs(right).max())
        assert found == pytest.approx(np.linalg.solve(whole.toarray(), right), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(("most", "kept"), [(15 * 500, 15), (15 * 500 - 1, 0)])
def test_no_more_rows_join_a_system_than_memory_is_for(monkeypatch, most, kept):
    monkeypatch.setattr(chains, "_MOST_ACROSS", most)
    matrix, _ = month_rows(3)
    order = np.random.default_rng(4).permutation(matrix.shape[0])
    in_turn = NormalRows(matrix, None)
    for count in (500, 515):
        in_turn.solve(np.sort(order[:count]), np.ones(matrix.shape[1]), 1e-6, np.ones(count))
    assert in_turn._known is not None
    assert len(in_turn._known.joined) == kept
