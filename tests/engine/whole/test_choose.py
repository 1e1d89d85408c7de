"""Which cells go up does not hang on which library is there to search for them."""

import numpy as np
import pytest

from engine.whole import choose
from engine.whole.kept import whole_part
from engine.workers import ALONE
from tests.counts import everyday
from tests.engine.whole.test_by_period import LARGER, of_plan
from workbooks.workers import OnCores

SEEDS = range(everyday(4, 200))


@pytest.mark.parametrize("seed", [*SEEDS, *LARGER])
def test_it_is_the_same_with_a_library_made_for_flows_and_without(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    part, found = whole_part(of_plan(seed)), []
    monkeypatch.setattr(choose, "LEAST", 0)
    for is_there in (True, False):
        monkeypatch.setattr(choose, "is_installed", lambda is_there=is_there: is_there)
        found.append(choose.round_part(part))
    with_it, without = found
    assert (with_it is None) == (without is None)
    if with_it is not None and without is not None:
        assert np.array_equal(with_it.up, without.up)
        assert with_it.keeps_all == without.keeps_all


@pytest.mark.parametrize("seed", LARGER)
def test_a_large_part_is_a_flow_that_is_found_at_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    part = whole_part(of_plan(seed))
    monkeypatch.setattr(choose, "LEAST", 0)
    monkeypatch.setattr(choose, "is_installed", lambda: True)
    monkeypatch.setattr(choose, "_TRIES", ())
    assert choose.round_part(part) is not None


def test_parts_searched_side_by_side_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [whole_part(of_plan(seed)) for seed in LARGER] * 4
    monkeypatch.setattr(choose, "LEAST", 0)
    monkeypatch.setattr(choose, "is_installed", lambda: True)
    for alone, shared in zip(
        ALONE.map(choose.round_part, parts), OnCores(3).map(choose.round_part, parts), strict=True
    ):
        assert alone is not None
        assert shared is not None
        assert np.array_equal(alone.up, shared.up)
