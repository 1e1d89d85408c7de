"""The checks of the Summary: one overall cell, and what it counts.

Owns: the formulas that compare our tabs with each other and with capacity.
"""

from __future__ import annotations

import numpy as np

from engine.trees import ROOT
from workbooks.tabs.capacity_use import is_over, over_hours
from workbooks.tabs.looks import NOTE_AFTER, SHARE, WHOLE, bad, good, number
from workbooks.tabs.metric_looks import value_format
from workbooks.tabs.model import ColourWhen, LooseCell, Style
from workbooks.tabs.node_targets import NodeSheet
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.sources import Sources, table_of

_CHECKS = 6
_BIG = Style(bold=True, size=14, align="center")
_COUNT = Style(number_format=WHOLE, align="center")
_DIGITS = 9
"""Sums tie to nine digits, as the engine promises."""


def add_checks(page: Page, sources: Sources, overall: int) -> tuple[ColourWhen, ...]:
    """Put the list of checks, and the one cell that counts their problems; return how they are coloured.

    Parameters
    ----------
    overall : row of the overall check, kept free further up
    """
    first, last = page.row + 2, page.row + 1 + _CHECKS
    checks = _checks(sources, last + 3)
    page.heading(["Checks", "Problems", "What was looked at"], 1)
    for name, problem, check, looked_at in checks:
        page.line([Entry(name), Entry(problem, _COUNT, check), Entry(looked_at, NOTE_AFTER)])
    _add_totals(page, sources)
    count = sum(int(problem) for _, problem, _, _ in checks)
    words = "OK" if count == 0 else f"{count} problem" + ("" if count == 1 else "s")
    problems, counted = f"SUM(B{first}:B{last})", f"B{first}:B{last}"
    formula = f'IF({problems}=0,"OK",{problems}&" problem"&IF({problems}=1,"","s"))'
    page.cells.append(LooseCell(overall, 1, "Overall check", Style(bold=True, size=12)))
    page.cells.append(LooseCell(overall, 2, words, _BIG, formula))
    return (
        good(f"B{overall}", f'$B{overall}="OK"'),
        bad(f"B{overall}", f'$B{overall}<>"OK"'),
        good(counted, f"$B{first}=0"),
        bad(counted, f"$B{first}>0"),
    )


def _checks(sources: Sources, totals: int) -> list[tuple[str, float, str, str]]:
    """Return name, problems, formula and what was looked at of each check; ``totals`` = first row of the totals."""
    outcome = sources.outcome
    last = totals + len(_compared(sources)) - 1
    used, there, rounding = (sources.column(sources.capacity_use, header) for header in ("Used", "Hours", "Rounding"))
    met, limits, proofs = outcome.targets.met, outcome.limits.contradicted, outcome.certificate.proofs
    apart = _apart(sources)
    return [
        (
            "Totals agree on all tabs",
            float(np.count_nonzero(apart[:, 3])),
            f'COUNTIF(E{totals}:E{last},">0")',
            "Cascade, Org Targets and Queue Targets add up to the same, metric by metric",
        ),
        (
            "Hours within capacity",
            float(np.count_nonzero(is_over(outcome))),
            f"SUMPRODUCT(--({over_hours(used, there, rounding)}))",
            f"{len(outcome.capacity.used):,} rows of Capacity Use, but for one item each that rounding may add",
        ),
        ("Limits kept", float(np.count_nonzero(limits)), "", f"{len(limits):,} rows of Limits; see Diagnostics"),
        (
            "Targets met",
            float(np.count_nonzero(~met)),
            f'COUNTIF({sources.column(sources.target_check, "Met")},"no")',
            f"{int(met.sum()):,} of {len(met):,} targets are met",
        ),
        (
            "Answer holds when checked anew",
            float(sum(not proof.holds for proof in proofs)),
            "",
            f"{len(proofs)} checks of the answer against the plan, made apart from the decision",
        ),
        ("Answer is complete", float(not outcome.is_complete), "", "No time limit cut it short"),
    ]


def _apart(sources: Sources) -> np.ndarray:
    """Return totals by volume and rate: Cascade, Org Targets, Queue Targets, and how far they are apart, as a share."""
    outcome = sources.outcome
    volumes = _compared(sources)
    totals = np.bincount(outcome.plan.cells.metric, outcome.value, minlength=len(outcome.plan.metrics))
    for each in outcome.rates:
        weight = float(each.weight.sum())
        totals[each.rate.metric] = float(each.weight @ each.value) / weight if weight > 0 else 0.0
    cells = totals[volumes]
    org, queues = (
        np.nan_to_num(nodes.totals.planned[[nodes.totals.first_row(metric) or 0 for metric in volumes], ROOT])
        for nodes in (sources.org, sources.queues)
    )
    apart = np.maximum(np.abs(cells - org), np.abs(cells - queues)) / np.maximum(1.0, np.abs(cells))
    return np.column_stack([cells, org, queues, np.round(apart, _DIGITS)])


def _add_totals(page: Page, sources: Sources) -> None:
    plan = sources.outcome.plan
    page.heading(["Totals that must agree", "Cascade", "Org Targets", "Queue Targets", "Apart, share"], 4)
    weighs = {each.rate.metric: each.weight.sum() > 0 for each in sources.outcome.rates}
    metric_of = np.array(table_of(sources.cascade).columns[0].values)
    for metric, (cells, org, queues, apart) in zip(_compared(sources), _apart(sources).tolist(), strict=True):
        records = np.flatnonzero(metric_of == plan.metrics.ids[metric])
        row, items = page.row, number(value_format(plan.metrics, metric))
        page.line(
            [
                Entry(plan.metrics.ids[metric]),
                Entry(cells, items, _cascade_total(sources, records, weighs=weighs.get(metric))),
                Entry(org, items, _root(sources, sources.org, metric)),
                Entry(queues, items, _root(sources, sources.queues, metric)),
                Entry(
                    apart,
                    number(SHARE),
                    f"ROUND(MAX(ABS(B{row}-C{row}),ABS(B{row}-D{row}))/MAX(1,ABS(B{row})),{_DIGITS})",
                ),
            ]
        )


def _compared(sources: Sources) -> list[int]:
    """Return the metrics that add up, or average out, over everything."""
    plan = sources.outcome.plan
    rates = {rate.metric for rate in plan.rates}
    return [metric for metric, kind in enumerate(plan.metrics.kinds) if kind == "volume" or metric in rates]


def _cascade_total(sources: Sources, records: np.ndarray, *, weighs: bool | None) -> str:
    """Return the sum over some records of Cascade; of a rate, their weighted mean; "" where there is none.

    Parameters
    ----------
    records : int64, one after the other
    weighs : whether anything weighs a rate; None for a metric that adds up
    """
    if not len(records) or weighs is False:
        return ""
    headers = ("Weighted value", "Weight") if weighs else ("Target",)
    first, last = int(records[0]), int(records[-1])
    return "/".join(f"SUM({sources.part(sources.cascade, header, first, last)})" for header in headers)


def _root(sources: Sources, nodes: NodeSheet, metric: int) -> str:
    return sources.node(nodes, nodes.totals.first_row(metric) or 0, nodes.total_column)
