"""A family as a forest says the same as its sums over cells."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from engine.whole.families import Families, nest_of
from engine.whole.nest import NOWHERE, Nest

N_CELLS = 40


def nested(rng: np.random.Generator) -> csr_matrix:
    """Return sums that nest: random runs of cells cut into smaller ones; the last five cells stand in none."""
    runs, rows = [(0, 20), (20, 35)], []
    while runs:
        first, end = runs.pop()
        rows.append(np.isin(np.arange(N_CELLS), np.arange(first, end)))
        cut = int(rng.integers(first, end))
        if end - first > 2:
            runs += [(first, cut)] * (cut > first + 1) + [(cut, end)] * (rng.random() < 0.7 and cut < end)
    return csr_matrix(np.array(rows)[rng.permutation(len(rows))].astype(float))


def pair(seed: int) -> tuple[np.ndarray, Nest, np.random.Generator]:
    rng = np.random.default_rng(seed)
    families = Families(N_CELLS)
    sums = nested(rng)
    assert families.offer(sums, 0).family.max() == families.offer(sums, 0).family.min() == 0
    family = families.both[0]
    return family.matrix.toarray(), nest_of(family), rng


@pytest.mark.parametrize("seed", range(20))
def test_sums_come_to_what_their_cells_come_to(seed: int) -> None:
    sums, nest, rng = pair(seed)
    value, time = rng.uniform(size=N_CELLS), rng.integers(0, 4, N_CELLS)
    assert nest.totals(value) == pytest.approx(sums @ value)
    differ, of_one = nest.common(time)
    assert differ.tolist() == [len(set(time[row > 0])) > 1 for row in sums]
    assert of_one[~differ].tolist() == [time[row > 0][0] for row in sums[~differ]]


@pytest.mark.parametrize("seed", range(20))
def test_without_some_sums_the_others_come_to_the_same(seed: int) -> None:
    sums, nest, rng = pair(seed)
    value, which = rng.uniform(size=N_CELLS), rng.random(len(sums)) < 0.5
    assert nest.only(which).totals(value) == pytest.approx(sums[which] @ value)
    own = nest.innermost(which)
    for cell in range(N_CELLS):
        holding = [row for row in np.flatnonzero(which) if sums[row, cell]]
        assert own[cell] == NOWHERE if not holding else sums[own[cell]].sum() == min(sums[holding].sum(axis=1))
    for row, is_around in enumerate(nest.with_all_around(which)):
        inside = [other for other in np.flatnonzero(which) if (sums[other] <= sums[row]).all()]
        # of two sums of the same cells, one stands around the other
        assert is_around == bool(inside) or any(sums[each].sum() == sums[row].sum() for each in inside)


def test_chains_hang_below_the_sum_that_holds_them_and_cross_none() -> None:
    nest = Nest(np.array([0, 0, 0, 1, 1, NOWHERE]), np.array([NOWHERE, NOWHERE]), np.full(2, np.inf), np.ones(2))
    chain = nest.with_chains(np.array([1, 2, 0, 5]), np.array([0, 0, 0, 1]), np.array([0, 0, 1, 2]), 5.0)
    assert chain is not None
    assert chain.totals(np.arange(1.0, 7.0)).tolist() == [6, 9, 5, 6, 6]
    assert chain.around.tolist() == [NOWHERE, NOWHERE, 3, 0, NOWHERE]
    assert nest.with_chains(np.array([2, 3]), np.array([0, 0]), np.array([0, 0]), 5.0) is None
