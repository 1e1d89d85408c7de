"""Properties of what blocked achievement, and of pairs that moved, over any crews and amounts."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.variance.blocked import explained, hours_lost
from engine.variance.causes import Crew
from engine.variance.moves import tell_apart
from tests.counts import everyday

amounts = st.floats(0, 1e6).map(lambda value: round(value, 3))
shares = st.floats(0, 1).map(lambda value: round(value, 4))


@st.composite
def crews(draw: st.DrawFn) -> Crew:
    """Two teams over three periods, of people or of hours given as such."""
    shape = (2, 3)
    parts = {
        name: draw(hnp.arrays(np.float64, shape, elements=amounts if name in ("fte", "paid") else shares))
        for name in ("fte", "paid", "shrinkage", "occupancy", "ramp")
    }
    overtime = draw(hnp.arrays(np.float64, shape, elements=amounts))
    hours = parts["fte"] * parts["paid"] * (1 - parts["shrinkage"]) * parts["occupancy"] * parts["ramp"] + overtime
    given_as_hours = draw(hnp.arrays(bool, (2, 1)))
    return Crew(hours, **{name: np.where(given_as_hours, np.nan, each) for name, each in parts.items()})


@settings(max_examples=everyday(20, 60), deadline=None)
@given(crews(), crews())
def test_what_took_hours_adds_up_to_the_hours_that_are_short_and_to_no_more(agreed: Crew, actual: Crew) -> None:
    lost = hours_lost(agreed, actual, 3)
    short = np.maximum(agreed.hours - actual.hours, 0.0)
    size = np.maximum(agreed.hours, actual.hours)
    assert all((each >= 0).all() for each in lost.values())
    assert np.allclose(sum(lost.values()), short, rtol=1e-9, atol=1e-9 * float(size.max()) + 1e-9)


@settings(max_examples=everyday(20, 60), deadline=None)
@given(crews())
def test_the_same_crew_took_nothing(crew: Crew) -> None:
    same = Crew(*(getattr(crew, each.name).copy() for each in fields(Crew)))
    assert all(not each.any() for each in hours_lost(crew, same, 3).values())


@settings(max_examples=everyday(20, 60), deadline=None)
@given(
    hnp.arrays(np.float64, (5, 3), elements=amounts),
    hnp.arrays(np.int64, 5, elements=st.integers(0, 2)),
    hnp.arrays(np.float64, (3, 3), elements=st.floats(-1e6, 1e6)),
)
def test_a_cause_explains_no_more_than_it_took_nor_than_is_missed(
    left: np.ndarray, group: np.ndarray, available: np.ndarray
) -> None:
    taken = explained(left, group, available)
    assert (taken >= 0).all()
    assert (taken <= left * (1 + 1e-12)).all()
    by_group = np.zeros(available.shape)
    np.add.at(by_group, group, taken)
    assert (by_group <= np.maximum(available, 0) * (1 + 1e-9) + 1e-9).all()


@settings(max_examples=everyday(20, 60), deadline=None)
@given(
    hnp.arrays(np.float64, (6, 2), elements=amounts),
    hnp.arrays(bool, (6, 2)),
    hnp.arrays(np.int64, (2, 6), elements=st.integers(0, 2)),
)
def test_new_closed_and_moved_pairs_are_all_there_is_and_moving_adds_up_to_nothing(
    amount: np.ndarray, is_new: np.ndarray, whose: np.ndarray
) -> None:
    new, closed = np.where(is_new, amount, 0.0), np.where(is_new, 0.0, amount)
    apart = tell_apart(new, closed, *whose)
    size = float(amount.sum()) + 1.0
    assert np.allclose(apart.new + apart.closed + apart.moved, new - closed, atol=1e-9 * size)
    assert np.allclose(apart.moved.sum(axis=0), 0, atol=1e-9 * size)
    assert (apart.new >= 0).all()
    assert (apart.closed <= 0).all()
