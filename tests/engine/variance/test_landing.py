"""Where a period ends, and how sure that is: held to the histories of the samples."""

from __future__ import annotations

import numpy as np
import pytest

from engine.variance.landing import DRAWS, Series, land, land_rates, required_pace
from samples.figures import QUARTERS, figures


def _histories() -> dict[str, np.ndarray]:
    """Return published quarters: by market, and by market and policy area."""
    found = figures()
    markets = found.steady_markets()
    by_market = [[found.total(quarter, (market,)) for quarter in QUARTERS] for market in markets]
    by_area = [
        [found.area_volume(quarter, market, area) for quarter in QUARTERS]
        for market in markets
        for area in found.areas()
    ]
    return {
        "markets": np.array(by_market),
        "markets and areas": np.array([row for row in by_area if min(row) > 0]),
    }


@pytest.mark.parametrize("history", ["markets", "markets and areas"])
@pytest.mark.parametrize("season", ["even", "of all"])
def test_the_80_percent_interval_holds_what_came_in_70_to_90_of_100_histories(history: str, season: str) -> None:
    done = _histories()[history]
    shape = np.ones(done.shape[1]) if season == "even" else done.sum(axis=0)
    agreed = np.outer(done.sum(axis=1), shape / shape.sum())
    landing = land(Series(agreed, done, 3))
    came = done.sum(axis=1)
    covered = np.mean((landing.low <= came) & (came <= landing.high))
    assert 0.70 <= covered <= 0.90


def test_what_goes_as_planned_lands_on_its_target_for_sure() -> None:
    agreed = np.array([[10.0, 20, 30, 40]])
    landing = land(Series(agreed, agreed, 3))
    assert landing.expected == landing.low == landing.high == 100
    assert landing.chance(np.array([100.0]), higher=True)[0] == pytest.approx((DRAWS + 1) / (DRAWS + 2))


def test_the_rest_goes_on_at_the_pace_so_far_by_the_season() -> None:
    landing = land(Series(np.array([[10.0, 10, 10, 70]]), np.array([[8.0, 8, 8, np.nan]]), 3))
    assert landing.expected[0] == pytest.approx(24 + 0.8 * 70)


def test_the_recent_variant_follows_late_periods() -> None:
    landing = land(Series(np.full((1, 6), 10.0), np.array([[5.0, 5, 10, 10, np.nan, np.nan]]), 4))
    assert landing.recent[0] > landing.expected[0] == pytest.approx(45)


def test_few_periods_give_no_interval() -> None:
    landing = land(Series(np.full((1, 4), 10.0), np.array([[9.0, 9, np.nan, np.nan]]), 2))
    assert landing.expected[0] == pytest.approx(36)
    assert np.isnan([landing.low[0], landing.high[0], landing.chance(np.array([40.0]), higher=True)[0]]).all()


def test_rates_land_by_numerator_and_denominator() -> None:
    weights = Series(np.array([[100.0, 100, 100, 1000]]), np.array([[100.0, 100, 100, np.nan]]), 3)
    rates = Series(np.full((1, 4), 0.90), np.array([[0.80, 0.80, 0.80, np.nan]]), 3)
    landing = land_rates(rates, weights)
    assert landing.expected[0] == pytest.approx(0.80)  # as far below agreed as so far
    assert landing.low[0] == pytest.approx(0.80)
    assert landing.chance(np.array([0.9]), higher=True)[0] < 0.01


def test_the_same_inputs_give_the_same_interval_whatever_else_stands_beside() -> None:
    alone = land(Series(np.full((1, 5), 10.0), np.array([[9.0, 11, 8, np.nan, np.nan]]), 3))
    beside = land(Series(np.full((2, 5), 10.0), np.array([[9.0, 11, 8, 0, 0], [1.0, 2, 3, 0, 0]]), 3))
    assert (alone.low[0], alone.high[0]) == (beside.low[0], beside.high[0])


def test_the_pace_that_is_needed_is_what_is_missing_over_the_days_left() -> None:
    assert required_pace(np.array([100.0]), np.array([40.0]), 20)[0] == 3
    assert np.isnan(required_pace(np.array([100.0]), np.array([40.0]), 0)[0])
