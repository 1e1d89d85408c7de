"""The few operations that put matrices together."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from solver.matrices import no_entries, over_own_columns, scale_columns, scale_rows, stack_blocks, stack_rows, unit

SMALL = csr_matrix([[1.0, 0, 2], [0, 3, 0]])


def test_blocks_leave_zeros_where_there_is_none():
    stacked = stack_blocks([[SMALL, None], [None, unit(2)]])
    assert stacked.toarray().tolist() == [[1, 0, 2, 0, 0], [0, 3, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]


def test_rows_of_equal_width_are_put_on_top_of_each_other():
    assert stack_rows([SMALL, no_entries(1, 3)]).toarray().tolist() == [[1, 0, 2], [0, 3, 0], [0, 0, 0]]


def test_scaling_leaves_the_original_alone():
    rows, columns = scale_rows(SMALL, np.array([10.0, 100])), scale_columns(SMALL, np.array([2.0, 3, 4]))
    assert rows.toarray().tolist() == [[10, 0, 20], [0, 300, 0]]
    assert columns.toarray().tolist() == [[2, 0, 8], [0, 9, 0]]
    assert SMALL.toarray().tolist() == [[1, 0, 2], [0, 3, 0]]


def test_matrices_of_unequal_width_are_refused():
    with pytest.raises(ValueError, match="dimensions"):
        stack_rows([SMALL, unit(2)])


def test_rows_on_others_may_have_a_column_each_to_themselves():
    rng = np.random.default_rng(1)
    upper, lower = (csr_matrix(rng.integers(0, 2, (count, 6)) * 1.5) for count in (4, 3))
    own = np.array([1.0, -2.0, 3.0])
    expected = np.block([[upper.toarray(), np.zeros((4, 3))], [lower.toarray(), np.diag(own)]])
    found = over_own_columns(upper, lower, own)
    assert np.array_equal(found.toarray(), expected)
    assert found.has_sorted_indices
