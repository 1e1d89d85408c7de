"""Properties of variances, over plans and actuals of any kind."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_matrix

from engine.variance.blocks import Block, Cells, rate_block, volume_block
from engine.variance.drivers import lmdi, shapley
from engine.variance.nodes import Elapsed, Nodes
from tests.counts import everyday

PERIODS = Elapsed(
    np.array([0, 1, 2, 3]), np.array([0, 0, 1, 2]), np.array([3, 1, 2, 3]), np.array([True, False, False, False])
)
"""A year to date over three months."""

amounts = st.floats(0, 1e7, allow_nan=False).map(lambda value: round(value, 3))


def _nodes(groups: np.ndarray) -> Nodes:
    """Return a top over groups over pairs."""
    pairs, count = len(groups), int(groups.max()) + 1
    top = np.ones((1, pairs))
    middle = (groups[None, :] == np.arange(count)[:, None]).astype(float)
    member = csr_matrix(np.vstack([top, middle, np.eye(pairs)]))
    parent = np.concatenate([[-1], np.zeros(count, np.int64), np.zeros(pairs, np.int64)])
    nothing = np.full(1 + count + pairs, -1)
    return Nodes(nothing, nothing, parent, member, 1 + count)


@st.composite
def cells(draw: st.DrawFn, most: float = 1e7) -> Cells:
    pairs = draw(st.integers(1, 6))
    shape = (pairs, 3)
    numbers = hnp.arrays(np.float64, shape, elements=st.floats(0, most).map(lambda value: round(value, 6)))
    missing = hnp.arrays(bool, shape)
    agreed, actual = draw(numbers), draw(numbers)
    agreed[draw(missing) & (draw(st.integers(0, 2)) == 0)] = np.nan
    actual[draw(missing)] = np.nan
    latest = np.where(draw(missing), np.nan, agreed)
    return Cells(agreed, latest, actual, np.ones(shape), np.full(shape, np.nan), np.zeros(shape, dtype=bool))


def _residual(block: Block) -> np.ndarray:
    effects = sum(np.nan_to_num(each) for each in (block.rate, block.mix, block.volume, block.new_or_closed))
    size = np.maximum(1.0, np.maximum(np.nan_to_num(np.abs(block.agreed)), np.nan_to_num(np.abs(block.actual))))
    found: np.ndarray = np.nan_to_num(np.abs(block.variance - effects)) / size
    return found


@settings(max_examples=everyday(20, 60), deadline=None)
@given(cells(), st.data())
def test_effects_of_volumes_add_up_at_every_node(one: Cells, data: st.DataObject) -> None:
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(one.agreed), max_size=len(one.agreed))))
    assert _residual(volume_block(one, _nodes(groups), PERIODS)).max() < 1e-9


@settings(max_examples=everyday(20, 60), deadline=None)
@given(st.data())
def test_effects_of_rates_add_up_at_every_node(data: st.DataObject) -> None:
    weights = data.draw(cells())
    shape = weights.agreed.shape
    rates = hnp.arrays(np.float64, shape, elements=st.floats(0, 1).map(lambda value: round(value, 6)))
    one = Cells(
        np.where(np.isfinite(weights.agreed), data.draw(rates), np.nan), data.draw(rates),
        np.where(np.isfinite(weights.actual), data.draw(rates), np.nan), np.ones(shape), np.full(shape, np.nan),
        np.zeros(shape, dtype=bool),
    )  # fmt: skip
    block = rate_block(one, weights, _nodes(np.zeros(shape[0], np.int64)), PERIODS)
    assert _residual(block).max() < 1e-9


@settings(max_examples=everyday(20, 60), deadline=None)
@given(cells(), st.randoms())
def test_another_order_of_rows_or_another_parent_changes_no_total(one: Cells, random: object) -> None:
    pairs = len(one.agreed)
    order = list(range(pairs))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed = Cells(*(getattr(one, name)[order] for name in Cells.__match_args__))
    straight = volume_block(one, _nodes(np.zeros(pairs, np.int64)), PERIODS)
    other = volume_block(mixed, _nodes(np.arange(pairs) % 2), PERIODS)
    for name in ("agreed", "actual", "volume", "new_or_closed"):
        left, right = getattr(straight, name)[0], getattr(other, name)[0]
        assert np.allclose(left, right, rtol=1e-9, atol=1e-6, equal_nan=True)


@settings(max_examples=everyday(20, 60), deadline=None)
@given(cells(most=1e5))
def test_a_team_split_into_two_halves_of_the_same_rates_changes_no_total(one: Cells) -> None:
    shape = one.agreed.shape
    rate = Cells(
        np.where(np.isfinite(one.agreed), 0.9, np.nan), np.full(shape, 0.9),
        np.where(np.isfinite(one.actual), 0.8, np.nan), np.ones(shape), np.full(shape, np.nan), np.zeros(shape, bool),
    )  # fmt: skip

    def halved(each: Cells, part: float) -> Cells:
        doubled = (np.vstack([getattr(each, name)] * 2) for name in Cells.__match_args__)
        agreed, latest, actual, *others = doubled
        return Cells(agreed * part, latest * part, actual * part, *others)

    whole = rate_block(rate, one, _nodes(np.zeros(len(one.agreed), np.int64)), PERIODS)
    split = rate_block(halved(rate, 1.0), halved(one, 0.5), _nodes(np.zeros(2 * len(one.agreed), np.int64)), PERIODS)
    for name in ("agreed", "actual", "rate", "mix"):
        assert np.allclose(getattr(whole, name)[0], getattr(split, name)[0], equal_nan=True, atol=1e-9)


@settings(max_examples=everyday(20, 60), deadline=None)
@given(cells())
def test_actuals_equal_to_targets_give_zero_everywhere(one: Cells) -> None:
    same = Cells(one.agreed, one.agreed, one.agreed, one.covered, one.count, one.estimated)
    block = volume_block(same, _nodes(np.zeros(len(one.agreed), np.int64)), PERIODS)
    for each in (block.variance, block.mix, block.volume, block.new_or_closed, block.not_reported):
        assert np.nan_to_num(np.abs(each)).max() <= 1e-6 * max(float(np.nansum(one.agreed)), 1.0)


@settings(max_examples=everyday(20, 60), deadline=None)
@given(cells())
def test_what_is_missing_never_counts_as_zero(one: Cells) -> None:
    """Without a value, a pair neither lowers nor raises the variance of anything above it."""
    nodes = _nodes(np.zeros(len(one.agreed), np.int64))
    block = volume_block(one, nodes, PERIODS)
    told = np.isfinite(one.actual) | one.is_closed
    silent = Cells(
        np.where(told, one.agreed, np.nan),
        one.latest,
        one.actual,
        *(getattr(one, n) for n in ("covered", "count", "estimated")),
    )
    without = volume_block(silent, nodes, PERIODS)
    size = max(1.0, float(np.nansum(one.agreed)))
    left, right = np.nan_to_num(block.variance[0]), np.nan_to_num(without.variance[0])
    assert np.allclose(left, right, rtol=1e-9, atol=1e-9 * size)


@settings(max_examples=everyday(20, 40), deadline=None)
@given(hnp.arrays(np.float64, (2, 5, 3), elements=st.floats(0.01, 1e4)))
def test_drivers_add_up_whatever_the_formula(values: np.ndarray) -> None:
    before, after = values

    def formula(each: object) -> np.ndarray:
        a, b, c, d, e = each  # type: ignore[misc]
        return np.asarray(a * b / (c + d) - e)

    total = formula(after) - formula(before)
    assert np.allclose(sum(shapley(formula, list(before), list(after))), total, rtol=1e-9, atol=1e-6)
    product = after.prod(axis=0) - before.prod(axis=0)
    assert np.allclose(lmdi(before, after).sum(axis=0), product, rtol=1e-7, atol=1e-9 * np.abs(product).max() + 1e-9)
