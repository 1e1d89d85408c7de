"""Codes of rates, by way of a real workbook or plan in which exactly that goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.issues import Issue
from engine.rates.decide import decide_rates
from engine.rates.findings import rate_findings
from engine.recompute import recompute
from engine.tables import Inputs
from tests.builders import BASELINE, plan_of
from tests.builders_rates import CASES
from tests.rate_books import HANDLE_TIME, metrics, rated
from tests.workbooks.books import book_of
from workbooks.run import read_plan


def _case(make: Callable[[], Inputs]) -> Callable[[], Sequence[Issue]]:
    return lambda: read_plan(book_of(make())).issues


def _over_nothing() -> Sequence[Issue]:
    return recompute(plan_of(rated(("Accuracy", "Lisbon", None, "2026-01", None, 0.99)))).findings


def _stand_in() -> Sequence[Issue]:
    """A search that stopped short of full precision."""
    outcome = recompute(plan_of(rated()))
    (decision,) = decide_rates(outcome.plan, outcome.value)
    coarse = replace(decision, is_projected=False, residual=1e-4)
    return tuple(rate_findings(outcome.plan, (coarse,), outcome.value))


def _faster_than_planned() -> Sequence[Issue]:
    history = [("AHT", "EMEA", None, None, 62)]
    target = ("AHT", None, None, None, "at most", 45)
    return recompute(plan_of(rated(target, Metrics=metrics(HANDLE_TIME), Baseline=[*BASELINE, *history]))).findings


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {code: _case(make) for code, make in CASES.items()} | {
    "TC710": _over_nothing,
    "TC711": _stand_in,
    "TC712": _faster_than_planned,
}
