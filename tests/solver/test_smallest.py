"""Of all prices that say the same, the smallest; of rows that nearly say the same, none at all."""

import numpy as np
import pytest

from solver.smallest import smallest_prices

WEIGHT = np.array([1.0, 4.0, 0.25, 1.0])


def test_prices_that_alone_explain_what_is_wanted_are_found():
    rows = np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]])
    price = np.array([3.0, -2.0, 0.5])
    assert smallest_prices(rows, price @ rows, WEIGHT) == pytest.approx(price, rel=1e-6)


def test_two_rows_that_say_the_same_share_a_price():
    rows = np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
    assert smallest_prices(rows, np.array([4.0, 4, 1, 1]), WEIGHT) == pytest.approx([2, 2, 1], rel=1e-6)


def test_rows_that_differ_by_a_thousandth_do_not_pull_against_each_other():
    rows = np.array([[1.0, 1, 1, 1], [1, 1, 1, 1.001]])
    wanted = np.array([0.0, 0, 0, 1.0])  # only a difference of both, a thousand times as large, would explain it
    price = smallest_prices(rows, wanted, np.ones(4))
    assert np.abs(price).max() < 1
    assert np.linalg.norm(wanted - price @ rows) <= np.linalg.norm(wanted)


def test_a_row_without_a_part_in_anything_has_no_price():
    assert smallest_prices(np.array([[1.0, 1, 1, 1], [0, 0, 0, 0]]), np.full(4, 2.0), WEIGHT)[1] == 0
    assert smallest_prices(np.zeros((2, 4)), np.ones(4), WEIGHT).tolist() == [0, 0]


def test_the_unit_of_a_row_has_no_say():
    rows = np.array([[1.0, 1, 0, 0], [1, 1, 1, 1]])
    wanted = np.array([1.0, 2, 3, 4])
    one, other = (
        smallest_prices(rows * unit, wanted, WEIGHT) for unit in (np.ones((2, 1)), np.array([[1e-6], [50.0]]))
    )
    assert one == pytest.approx(other * np.array([1e-6, 50.0]), rel=1e-9)
