"""From history to target at any node: the lines add up, whatever the row order, and the page says them."""

import numpy as np
import pytest

from engine.outcome import ReasonKind
from engine.plan import Sense
from engine.reasons.bridge import Node, bridge, change, find_peers, members
from engine.reasons.page import WIDTH, page, page_text
from engine.recompute import recompute
from engine.trees import ROOT
from tests.plans import PlanParts, random_parts, tree
from tests.referee.case import solved
from tests.workbooks.tabs.plans import moderation

PLANS = range(0, 120, 10)


def three_sites(**more) -> PlanParts:
    sites = ("Dublin", "Lisbon", "Porto", "Cork", "Riga")
    months = ("2024-01", "2024-02")
    parts = PlanParts(
        org=tree(*sites),
        queues=tree("Hate", "Spam"),
        periods=tree("2024Q1", *(f"  {month}" for month in months)),
        handle_s={"Hate": 60, "Spam": 60},
        baseline={(site, queue, month): 600.0 for site in sites for queue in ("Hate", "Spam") for month in months},
        targets=[(None, None, None, Sense.EXACTLY, 13200, 1)],
    )
    for name, value in more.items():
        setattr(parts, name, value)
    return parts


def peers_of(outcome, node):
    return find_peers(node, outcome.plan, lambda each: change(outcome, each))


def every_node(plan):
    rng = np.random.default_rng(0)
    for _ in range(6):
        yield Node(0, *(int(rng.integers(len(tree_))) for tree_ in (plan.org, plan.queues, plan.periods)))


@pytest.mark.parametrize("seed", PLANS)
def test_the_lines_add_up_to_the_target_at_any_node(seed):
    outcome = solved(seed).outcome
    for node in every_node(outcome.plan):
        found = bridge(outcome, node)
        size = max(1.0, abs(found.target), abs(found.fair))
        assert found.history + sum(line.amount for line in found.before) == pytest.approx(found.fair, abs=1e-6 * size)
        assert found.fair + sum(line.amount for line in found.after) == pytest.approx(found.target, abs=1e-6 * size)


@pytest.mark.parametrize("seed", range(0, 60, 15))
def test_the_reasons_do_not_change_with_the_row_order(seed):
    parts = random_parts(seed)
    plain, mixed = (recompute(parts.build(order)) for order in (None, np.random.default_rng(seed)))
    for node in every_node(plain.plan):
        before, after = bridge(plain, node), bridge(mixed, node)
        assert [line.words for line in before.lines] == [line.words for line in after.lines]
        size = max(1.0, before.target)
        assert [line.amount for line in before.lines] == pytest.approx(
            [line.amount for line in after.lines], abs=1e-6 * size
        )


def test_limit_rounding_and_fallback_are_terms_of_their_own():
    limits = [("Dublin", "Hate", "2024-01", -np.inf, 400.0)]
    outcome = recompute(three_sites(limits=limits).build())
    cell = Node(0, 1, 1, 1)
    assert members(outcome.plan, cell).sum() == 1
    words = [line.words for line in bridge(outcome, cell).after]
    assert "your own limits and holds" in words
    assert {ReasonKind.LIMIT, ReasonKind.UNITS, ReasonKind.FALLBACK} <= set(ReasonKind)
    taken = bridge(outcome, Node(0, 2, 0, 0))
    assert any(line.words.startswith("taken over for others' locks") and line.amount > 0 for line in taken.after)


def text_of(outcome, node, levers):
    return page_text(page(outcome.plan, node, bridge(outcome, node), peers_of(outcome, node), levers))


def test_a_page_fits_on_a_sheet_and_ends_with_what_would_move_the_target():
    outcome = recompute(three_sites(capacity=[("Dublin", None, "2024-01", 15.0)]).build())
    node = Node(0, 1, 0, 0)
    text = text_of(outcome, node, [("10 % more hours of Dublin", 90.0)])
    lines = text.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= WIDTH
    assert "your hours" in text
    assert "Beside 4" in text
    assert "Lisbon" not in text  # peers stay anonymous
    other = Node(0, 2, 0, 0)
    assert "Dublin" not in text_of(outcome, other, [])
    assert "10 % more hours of Dublin" in lines[-1]


def test_fewer_than_three_peers_are_not_shown():
    parts = three_sites(org=tree("Dublin", "Lisbon"), targets=[(None, None, None, Sense.EXACTLY, 5000, 1)])
    parts.baseline = {key: value for key, value in parts.baseline.items() if key[0] in ("Dublin", "Lisbon")}
    outcome = recompute(parts.build())
    assert peers_of(outcome, Node(0, 1, 0, 0)) is None


def test_what_no_history_has_is_a_line_of_its_own():
    parts = three_sites(eligible=[*{(site, queue) for site, queue, _ in three_sites().baseline}, ("Sofia", "Hate")])
    parts.org = tree("Dublin", "Lisbon", "Porto", "Cork", "Riga", "Sofia")
    outcome = recompute(parts.build())
    words = [line.words for line in bridge(outcome, Node(0, 0, 0, 0)).before]
    assert words[0].startswith("growth asked of all")
    assert "work without history" in words


@pytest.mark.parametrize("seed", PLANS)
def test_what_a_line_is_made_of_adds_up_to_it(seed):
    outcome = solved(seed).outcome
    for node in every_node(outcome.plan):
        for line in bridge(outcome, node).after:
            if line.parts:
                assert sum(amount for _, amount in line.parts) == pytest.approx(line.amount, abs=0.6)


def test_long_names_are_folded_and_never_cut():
    outcome = recompute(three_sites(capacity=[("Dublin", None, "2024-01", 15.0)]).build())
    node = Node(0, 1, 0, 0)
    long = "10 % more hours of " + "Sexual Exploitation & Gender-Based Violence, Austria and Germany, " * 2 + "2024-01"
    text = text_of(outcome, node, [(long, 90.0)])
    assert max(map(len, text.splitlines())) <= WIDTH
    assert " ".join(text.split()).endswith(f"{long} +90")


def test_hours_are_told_by_what_they_take_in_the_end_not_by_what_a_shortage_gives_back():
    outcome = moderation()
    plan, reasons = outcome.plan, outcome.reasons
    kind = np.array(reasons.kinds)[reasons.label]

    for org in range(len(plan.org)):
        told = bridge(outcome, Node(0, org, ROOT, ROOT))
        mine = np.isin(plan.cells.org[reasons.cell], plan.org.leaf_positions(org))
        pulls = [
            float(reasons.amount[mine & (kind == each)].sum())
            for each in (ReasonKind.HOURS, ReasonKind.SHORTAGE, ReasonKind.GUARD)
        ]
        lines = {line.words: line.amount for line in told.after}
        together = [lines.get(words, 0.0) for words in ("your hours", "a shortage shared out", "mix guard")]
        assert min(pulls) < 0 < max(pulls)
        assert np.count_nonzero(together) == 1
        assert sum(together) == pytest.approx(sum(pulls))
        assert told.fair + sum(line.amount for line in told.after) == pytest.approx(told.target)
