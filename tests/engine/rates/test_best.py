"""Best where nobody gave it: quartiles of peers, shrunk, and what stands in where peers say nothing."""

import numpy as np
import pytest

from engine.rates.best import SAME_SHARE, SCALE_END, Peers, best_quartile, find_best

NOTHING = float("nan")


def peers(values, *, queue=None, sign=1.0, count=None, is_share=True):
    size = len(values)
    return Peers(
        np.arange(size),
        np.zeros(size, np.int64) if queue is None else np.array(queue),
        np.array(values, dtype=np.float64),
        np.ones(size),
        np.full(size, NOTHING) if count is None else np.array(count, dtype=np.float64),
        sign,
        is_share,
    )


def everywhere(found):
    return np.ones(len(found.value), dtype=bool)


def best_of(found, end=1.0):
    size = len(found.value)
    none = np.full(size, NOTHING)
    start = np.where(np.isfinite(found.value), found.value, np.nanmean(found.value))
    return find_best(start, (none, np.zeros(size, dtype=bool)), none, end, found)


def test_the_quartile_is_on_the_good_side_and_between_the_peers():
    many = peers(np.linspace(0.80, 0.96, 9), count=[1e9] * 9)
    assert best_quartile(many, everywhere(many)) == (pytest.approx(0.925), 9)
    low = peers(np.linspace(0.80, 0.96, 9), sign=-1.0, count=[1e9] * 9)
    assert best_quartile(low, everywhere(low))[0] == pytest.approx(0.835)


def test_samples_that_explain_all_of_the_spread_leave_no_benchmark():
    noisy = peers([0.8, 0.9, 1.0, 0.9], count=[5, 5, 5, 5])
    found, count = best_quartile(noisy, everywhere(noisy))
    assert np.isnan(found)
    assert count == 4


def test_two_peers_say_nothing():
    assert np.isnan(best_quartile(peers([0.8, 0.9]), np.ones(2, dtype=bool))[0])


def test_a_queue_of_few_peers_takes_the_quartile_of_all():
    found = best_of(peers([0.80, 0.85, 0.90, 0.95], queue=[0, 0, 0, 1]))
    assert found.words[0].startswith("no Best, so the best quartile of 3 peers in its queue")
    assert found.words[1].startswith("no Best, so the best quartile of all 4 peers")
    assert found.source.tolist() == [0, 0, 0, 1]


def test_where_all_are_alike_the_end_of_the_scale_is_the_benchmark():
    found = best_of(peers([0.9, 0.9, 0.9]))
    assert found.value.tolist() == [1.0] * 3
    assert found.words == (SCALE_END,)


def test_a_scale_without_an_end_asks_everybody_for_the_same_share():
    found = best_of(peers([3.0, 3.0, 3.0], is_share=False), end=np.inf)
    assert found.value.tolist() == [6.0] * 3
    assert found.words == (SAME_SHARE,)


def test_without_counts_periods_tell_how_much_is_chance():
    steady = Peers(
        np.repeat(np.arange(4), 2), np.zeros(8, np.int64), np.repeat([80.0, 90.0, 100.0, 110.0], 2),
        np.ones(8), np.full(8, NOTHING), 1.0, False,
    )  # fmt: skip
    restless = Peers(
        steady.org, steady.queue, steady.value + np.tile([-8.0, 8.0], 4), steady.weight, steady.count, 1.0, False
    )
    inside = np.ones(8, dtype=bool)
    assert best_quartile(restless, inside)[0] < best_quartile(steady, inside)[0]
