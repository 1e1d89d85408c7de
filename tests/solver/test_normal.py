"""Newton's systems: the same answer whether blocks are eliminated or all is factored at once."""

import numpy as np
import pytest
from scipy.sparse import block_diag, bmat, csr_matrix, identity, random, vstack

from solver.normal import _apart, _by_parts, part_of_rows, solve_normal


def teams_and_queues(teams, queues, seed):
    """Rows of a month over cells: one per team, one per queue, one over everything, two that are nested in a team's."""
    rng = np.random.default_rng(seed)
    cells = teams * 6
    team, queue = np.repeat(np.arange(teams), 6), rng.integers(0, queues, cells)
    every = np.arange(cells)
    weight = rng.uniform(0.5, 2, cells)
    rows = [
        csr_matrix((weight, (team, every)), shape=(teams, cells)),
        csr_matrix((np.ones(cells), (queue, every)), shape=(queues, cells)),
        csr_matrix(np.ones((1, cells))),
        csr_matrix((np.ones(3), ([0, 0, 1], [0, 1, 2])), shape=(2, cells)),
    ]
    matrix = csr_matrix(vstack(rows))
    return csr_matrix(matrix @ matrix.T + 1e-6 * identity(matrix.shape[0]))


@pytest.mark.parametrize(("teams", "queues"), [(5, 3), (900, 60), (300, 290)])
def test_the_system_is_solved(teams, queues):
    system = teams_and_queues(teams, queues, teams)
    wanted = np.random.default_rng(1).normal(size=system.shape[0])
    found = solve_normal(system, system @ wanted)
    assert system @ found == pytest.approx(system @ wanted, abs=1e-8 * np.abs(system @ wanted).max())


def test_rows_that_are_eliminated_first_are_no_neighbours_and_many():
    system = teams_and_queues(900, 60, 2)
    apart = np.flatnonzero(_apart(system))
    block = system[apart][:, apart]
    assert block.nnz == len(apart)
    assert len(apart) >= 900


def test_a_system_without_such_rows_is_solved_all_the_same():
    rng = np.random.default_rng(3)
    matrix = csr_matrix(random(500, 800, 0.2, random_state=rng))
    system = csr_matrix(matrix @ matrix.T + identity(500))
    right = rng.normal(size=500)
    assert system @ solve_normal(system, right) == pytest.approx(right, abs=1e-8)


def test_parts_that_few_rows_link_are_eliminated_one_by_one():
    months = [teams_and_queues(300, 150, seed) for seed in range(4)]
    alone = csr_matrix(block_diag(months))
    rng = np.random.default_rng(4)
    links = csr_matrix(random(5, alone.shape[0], 0.3, random_state=rng))
    system = csr_matrix(bmat([[alone, alone @ links.T], [links @ alone, links @ alone @ links.T + identity(5)]]))
    part = np.concatenate([np.repeat(range(4), [each.shape[0] for each in months]), np.full(5, -1)])
    mixed = rng.permutation(system.shape[0])
    system, part = csr_matrix(system[mixed][:, mixed]), part[mixed]
    wanted = rng.normal(size=system.shape[0])
    right = system @ wanted
    assert _by_parts(system, right, part) is not None
    for found in (solve_normal(system, right, part), solve_normal(system, right)):
        assert system @ found == pytest.approx(right, abs=1e-8 * np.abs(right).max())


def test_a_row_belongs_to_the_part_of_all_its_columns_or_links():
    matrix = csr_matrix(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1]]))
    assert part_of_rows(matrix, np.array([0, 0, 1, -1])).tolist() == [0, -1, 1, -1]
