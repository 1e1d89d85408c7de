"""Newton's systems: the same answer whether blocks are eliminated or all is factored at once."""

import numpy as np
import pytest
from scipy.sparse import block_diag, bmat, csr_matrix, identity, random, vstack

from solver.dissection import halves
from solver.normal import _apart, factor_normal, span_of_rows


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
    found = factor_normal(system).solve(system @ wanted)
    assert system @ found == pytest.approx(system @ wanted, abs=1e-8 * np.abs(system @ wanted).max())


def test_rows_that_are_eliminated_first_are_no_neighbours_and_many():
    system = teams_and_queues(900, 60, 2)
    apart = np.flatnonzero(_apart(system, np.ones(system.shape[0], dtype=bool)))
    block = system[apart][:, apart]
    assert block.nnz == len(apart)
    assert len(apart) >= 900


def test_a_system_without_such_rows_is_solved_all_the_same():
    rng = np.random.default_rng(3)
    matrix = csr_matrix(random(500, 800, 0.2, random_state=rng))
    system = csr_matrix(matrix @ matrix.T + identity(500))
    right = rng.normal(size=500)
    assert system @ factor_normal(system).solve(right) == pytest.approx(right, abs=1e-8)


def months_and_links(seed):
    """Rows of eight months, each with its own; some over neighbouring months, some over a half-year, some over all."""
    rng = np.random.default_rng(seed)
    months = [teams_and_queues(100, 50, month) for month in range(8)]
    alone = csr_matrix(block_diag(months))
    month = np.repeat(range(8), [each.shape[0] for each in months])
    spans = [(at, at + 1) for at in range(7)] + [(0, 3), (4, 7), (3, 6), (0, 7), (0, 7)]
    reach = np.array([(first <= month) & (month <= last) for first, last in spans])
    links = csr_matrix(random(len(spans), len(month), 0.3, random_state=rng).multiply(reach))
    touching = identity(len(spans)) + (links @ links.T)
    system = csr_matrix(bmat([[alone, alone @ links.T], [links @ alone, links @ alone @ links.T + touching]]))
    span = np.concatenate([np.column_stack([month, month]), spans])
    mixed = rng.permutation(system.shape[0])
    return csr_matrix(system[mixed][:, mixed]), span[mixed]


@pytest.mark.parametrize("seed", range(3))
def test_months_that_few_rows_link_are_eliminated_by_halves(seed):
    system, span = months_and_links(seed)
    right = system @ np.random.default_rng(seed).normal(size=system.shape[0])
    found = halves(system, span)
    assert found is not None
    for each in (found.solve(right), factor_normal(system, span).solve(right), factor_normal(system).solve(right)):
        assert system @ each == pytest.approx(right, abs=1e-8 * np.abs(right).max())


@pytest.mark.parametrize("seed", range(3))
def test_several_right_sides_are_solved_at_once(seed):
    system, span = months_and_links(seed)
    right = system @ np.random.default_rng(seed).normal(size=(system.shape[0], 3))
    for factor in (factor_normal(system, span), factor_normal(system)):
        assert system @ factor.solve(right) == pytest.approx(right, abs=1e-8 * np.abs(right).max())


def test_parts_that_too_many_rows_link_are_solved_as_a_whole():
    rng = np.random.default_rng(5)
    matrix = csr_matrix(random(3_100, 4_000, 0.001, random_state=rng))
    system = csr_matrix(matrix @ matrix.T + identity(3_100))
    right, over_all = rng.normal(size=3_100), np.tile([0, 1], (3_100, 1))
    assert halves(system, over_all) is None
    assert system @ factor_normal(system, over_all).solve(right) == pytest.approx(right, abs=1e-8)


def test_a_row_reaches_over_the_parts_of_its_columns_or_over_all():
    matrix = csr_matrix(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1]]))
    assert span_of_rows(matrix, np.array([0, 0, 1, -1])).tolist() == [[0, 0], [0, 1], [1, 1], [0, 1]]
