"""Pulls that hold each other are told as what is left of them, and come to the same in every cell."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from engine.outcome import ReasonKind
from engine.plan import Sense
from engine.reasons.folding import Pulls, fold
from engine.recompute import recompute
from tests.backlogs import TARGETS, backlog_book
from tests.builders import plan_of
from tests.plans import PlanParts, tree
from tests.referee.case import solved

KINDS = np.array([int(kind) for kind in (ReasonKind.HOURS, ReasonKind.HOURS, ReasonKind.INFLOW, ReasonKind.TARGET)])


def some_pulls(seed: int) -> Pulls:
    rng = np.random.default_rng(seed)
    cells, queues = 12, 3
    sign = np.where(KINDS == ReasonKind.TARGET, 1.0, -1.0)
    queue = rng.integers(0, queues, cells)
    move = rng.uniform(0, 5, cells)
    covers = rng.random((cells, len(KINDS))) < 0.6
    amount = np.where(covers, move[:, None] * rng.uniform(0, 300, len(KINDS)) * sign, 0.0)
    pulled = np.bincount(queue, amount.sum(axis=1), queues)
    answer = -10 / 11 * pulled[queue] * move / np.maximum(np.bincount(queue, move, queues), 1e-9)[queue]
    return Pulls(csr_matrix(amount), KINDS, queue, move, answer, np.zeros(cells))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_told_comes_to_what_was_pulled_in_every_cell(seed):
    pulls = some_pulls(seed)
    told, taken = fold(pulls)
    before = np.asarray(pulls.terms.sum(axis=1)).ravel() + pulls.answer
    after = np.asarray(told.sum(axis=1)).ravel() + taken
    assert after == pytest.approx(before, abs=1e-9 * np.abs(pulls.terms).sum())


@pytest.mark.parametrize("seed", range(20))
def test_no_row_is_told_as_more_than_it_pulls_or_the_other_way_round(seed):
    pulls = some_pulls(seed)
    told, _ = fold(pulls)
    before, after = pulls.terms.toarray(), told.toarray()
    assert (np.abs(after) <= np.abs(before) + 1e-9).all()
    assert (after * before >= -1e-9).all()


def test_inflow_that_is_all_there_is_tells_what_it_takes_away_and_no_target_against_it():
    outcome = recompute(plan_of(backlog_book(Targets=[TARGETS[0], ("Reviews", None, None, None, "exactly", 5000, 1)])))
    reasons = outcome.reasons
    kinds = np.array(reasons.kinds)[reasons.label]
    off = np.abs(outcome.value - outcome.fair)
    largest = np.zeros(len(off))
    np.maximum.at(largest, reasons.cell, np.abs(reasons.amount))
    assert (kinds == ReasonKind.INFLOW).any()
    # months of a queue stand in for each other, so that some of it may be for another month
    assert (largest <= 1.5 * off + 1).all()


def test_teams_that_all_lack_hours_do_not_take_over_from_each_other():
    teams = ("Team A", "Team B", "Team C")
    outcome = recompute(
        PlanParts(
            org=tree(*teams), queues=tree("Spam"), periods=tree("Jan"), handle_s={"Spam": 60},
            baseline={(team, "Spam", "Jan"): 600.0 for team in teams},
            targets=[(None, None, None, Sense.EXACTLY, 1800, 1)],
            capacity=[(team, None, None, 9.0) for team in teams],
        ).build()
    )  # fmt: skip
    words = {outcome.reasons.labels[label] for label in outcome.reasons.label.tolist()}
    assert "takes over within its queue" not in words
    assert outcome.value == pytest.approx([540.0] * 3)


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_reasons_are_no_larger_than_a_reader_believes(seed):
    outcome = solved(seed).outcome
    reasons = outcome.reasons
    size = max(float(outcome.value.max()), float(outcome.fair.max()))
    assert np.abs(reasons.amount).max(initial=0.0) <= 3 * size
