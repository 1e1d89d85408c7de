"""Families of nested sums: what nests is taken, what crosses both is named."""

import numpy as np
from scipy.sparse import csr_matrix

from engine.whole.families import Families


def sums(*sets: set[int], cells: int = 6) -> csr_matrix:
    matrix = np.zeros((len(sets), cells))
    for row, members in enumerate(sets):
        matrix[row, list(members)] = 1
    return csr_matrix(matrix)


def test_nested_and_disjoint_sums_share_a_family():
    families = Families(6)
    assert families.offer(sums({0, 1}, {2, 3}, {0, 1, 2, 3}, {5}), 0).family.tolist() == [0, 0, 0, 0]


def test_a_sum_that_crosses_goes_to_the_other_family_and_then_nowhere():
    families = Families(6)
    assert families.offer(sums({0, 1, 2}, {2, 3}, {1, 3}), 0).family.tolist() == [0, 1, -1]


def test_the_family_asked_first_is_taken_first():
    families = Families(6)
    assert families.offer(sums({0, 1}), 1).family.tolist() == [1]
    assert [each.matrix.shape[0] for each in families.both] == [0, 1]


def test_the_same_sum_twice_is_no_crossing():
    families = Families(6)
    assert families.offer(sums({0, 1}, {0, 1}), 0).family.tolist() == [0, 0]
