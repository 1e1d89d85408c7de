"""Spreading by hand: every method against a result worked out on paper, and what holds for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spreading.methods import Asked, Method, Parts, SpreadError, spread

NOW = np.array([100.0, 200.0, 300.0, 400.0])
FREE = np.full(4, np.nan)
SECOND_HELD = np.array([np.nan, 50.0, np.nan, np.nan])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(Method.PROPORTIONAL, total=2000), [200, 400, 600, 800]),
        (Asked(Method.EQUAL, total=2000), [500, 500, 500, 500]),
        (Asked(Method.REPEAT, number=70), [70, 70, 70, 70]),
        (Asked(Method.PERCENT_CHANGE, rate=0.1), [110, 220, 330, 440]),
        (Asked(Method.STRAIGHT_LINE, number=10, last=40), [10, 20, 30, 40]),
        (Asked(Method.STRAIGHT_LINE, number=10, total=100), [10, 20, 30, 40]),
        (Asked(Method.GROWTH, rate=1.0), [100, 200, 400, 800]),
        (Asked(Method.GROWTH, rate=1.0, total=3000), [200, 400, 800, 1600]),
        (Asked(Method.LIKE, total=1000), [400, 300, 200, 100]),
    ],
)
def test_each_method_does_what_its_name_says(asked: Asked, expected: list[float]) -> None:
    parts = Parts(NOW, FREE, NOW[::-1].copy())
    assert spread(asked, parts).value.tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(Method.PROPORTIONAL, total=850), [100, 50, 300, 400]),
        (Asked(Method.EQUAL, total=650), [200, 50, 200, 200]),
        (Asked(Method.REPEAT, number=70), [70, 50, 70, 70]),
        (Asked(Method.PERCENT_CHANGE, rate=0.1), [110, 50, 330, 440]),
        (Asked(Method.STRAIGHT_LINE, number=10, total=130), [10, 50, 30, 40]),
        (Asked(Method.GROWTH, rate=1.0, total=1350), [100, 50, 400, 800]),
    ],
)
def test_what_is_held_stays_and_the_others_take_the_rest(asked: Asked, expected: list[float]) -> None:
    assert spread(asked, Parts(NOW, SECOND_HELD)).value.tolist() == pytest.approx(expected)


def test_a_total_over_zeros_is_split_evenly_and_that_is_said() -> None:
    done = spread(Asked(Method.PROPORTIONAL, total=40), Parts(np.zeros(4), FREE))
    assert done.value.tolist() == [10, 10, 10, 10]
    assert done.is_even


def test_holds_that_leave_too_little_are_refused() -> None:
    with pytest.raises(SpreadError, match="held"):
        spread(Asked(Method.EQUAL, total=40), Parts(NOW, SECOND_HELD))
    with pytest.raises(SpreadError, match="every part"):
        spread(Asked(Method.EQUAL, total=40), Parts(NOW, NOW))


@pytest.mark.parametrize("method", [Method.REPEAT, Method.PERCENT_CHANGE, Method.GROWTH, Method.STRAIGHT_LINE])
def test_a_method_without_its_number_is_refused(method: Method) -> None:
    with pytest.raises(SpreadError, match="missing"):
        spread(Asked(method), Parts(NOW, FREE))


@given(
    now=st.lists(st.floats(0, 1e7), min_size=1, max_size=30),
    held=st.lists(st.booleans(), min_size=30, max_size=30),
    total=st.integers(0, 10**9),
    method=st.sampled_from([Method.PROPORTIONAL, Method.EQUAL, Method.LIKE]),
    decimals=st.sampled_from([None, 0, 2]),
)
def test_parts_come_to_the_total_and_holds_stand(
    now: list[float], held: list[bool], total: int, method: Method, decimals: int | None
) -> None:
    values = np.round(np.array(now))
    which = np.array(held[: len(now)])
    which[-1] = False
    parts = Parts(values, np.where(which, values, np.nan), values[::-1].copy())
    whole = float(total + values[which].sum())
    done = spread(Asked(method, total=whole, decimals=decimals), parts)
    assert done.value.sum() == pytest.approx(whole, rel=1e-9, abs=1e-9)
    assert (done.value[which] == values[which]).all()
    assert (done.value >= 0).all()
    if decimals == 0:
        assert (done.value == np.round(done.value)).all()
