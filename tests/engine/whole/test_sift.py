"""A part rounded by way of a small one comes to what the flow over all its cells comes to."""

import numpy as np
import pytest

from engine.whole import sift as sifting
from engine.whole.flow import nearness, part_program
from engine.whole.kept import whole_part
from engine.whole.part import Part
from engine.whole.sift import sift
from solver.program import LinearProgram
from solver.units import Flow, round_flow, round_to_units
from tests.counts import everyday
from tests.engine.whole.test_by_period import LARGER, of_plan

SEEDS = range(everyday(8, 200))


def by_the_whole_flow(part: Part) -> np.ndarray | None:
    found = round_to_units(
        part_program(part, nearness(part)), len(part.share), len(part.share) + np.arange(len(part.around))
    )
    return None if found is None else found[: len(part.share)]


def test_the_same_cells_go_up_as_by_the_flow_over_all_cells() -> None:
    done = 0
    for seed in (*SEEDS, *LARGER):
        part = whole_part(of_plan(seed))
        up, expected = sift(part, nearness(part)), by_the_whole_flow(part)
        if up is not None:
            assert expected is not None
            assert np.array_equal(up, expected), seed
            done += 1
    assert done >= 0.8 * len(SEEDS)


def test_cells_that_were_held_to_the_wrong_side_are_found_by_the_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[int] = []

    def counted(program: LinearProgram, first: np.ndarray) -> Flow | None:
        searches.append(len(program.cost))
        return round_flow(program, first)

    monkeypatch.setattr(sifting, "_WITHIN", (0.03, 0.7))
    monkeypatch.setattr(sifting, "_ROUNDS", 0)
    monkeypatch.setattr(sifting, "round_flow", counted)
    for seed in LARGER:
        part = whole_part(of_plan(seed))
        searches.clear()
        up, expected = sift(part, nearness(part)), by_the_whole_flow(part)
        assert up is not None
        assert expected is not None
        assert np.array_equal(up, expected), seed
        assert len(searches) > 1, "searched once only"


def test_cells_as_near_to_both_units_as_others_are_told_apart() -> None:
    cost = nearness(whole_part(of_plan(-1)))
    assert len(np.unique(cost)) == len(cost)
