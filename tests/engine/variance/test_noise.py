"""Signal or noise: process-behaviour limits over periods."""

from __future__ import annotations

import numpy as np
import pytest

from engine.variance.noise import Signal, signals, xmr_limits


def test_limits_are_the_mean_and_2_66_mean_moving_ranges() -> None:
    series = np.array([[10.0, 12, 11, 13, 12, 14]])
    mean, low, high = xmr_limits(series)
    assert mean[0] == pytest.approx(12)
    assert (low[0], high[0]) == (pytest.approx(12 - 2.66 * 8 / 5), pytest.approx(12 + 2.66 * 8 / 5))


def test_a_wiggle_is_noise_and_a_jump_is_a_signal() -> None:
    series = np.array([[10.0, 11, 10, 11, 10, 11, 25]])
    found = signals(series)[0].tolist()
    assert set(found[:-1]) == {Signal.NOISE}
    assert found[-1] == Signal.ABOVE


def test_eight_in_a_row_on_one_side_are_a_signal() -> None:
    series = np.array([[1.0, 3, 1, 3, 1, 3, 1, 3, *[4.0, 4.2] * 4]])
    assert signals(series)[0, -1] == Signal.RUN_ABOVE


def test_few_periods_say_nothing_and_gaps_do_no_harm() -> None:
    assert (signals(np.array([[1.0, 2, 3, 4, 5]])) == Signal.UNKNOWN).all()
    series = np.array([[1.0, np.nan, 2, 1, 2, 1, 2, 1]])
    assert signals(series)[0].tolist()[1] == Signal.UNKNOWN
    assert Signal.NOISE in signals(series)[0]


def test_a_series_that_never_moves_has_no_signal() -> None:
    assert set(signals(np.full((1, 12), 0.7))[0].tolist()) == {Signal.NOISE}
