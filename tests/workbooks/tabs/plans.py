"""Outcomes for the tabs to lay out: a realistic one, and its facts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from engine.outcome import Outcome
from engine.plan import Plan, Sense
from engine.recompute import recompute
from engine.trees import Tree, grow
from tests.plans import PlanParts, random_parts
from workbooks.tabs.run_log import RunFacts

FACTS = RunFacts(1, "2026-01-05 09:00:00 UTC", "Aoife", "targets cascade plan.xlsx", "0.1", "ab12", 3, 1.25)

_QUEUES = {"Safety": ("Hate speech", "Harassment"), "Integrity": ("Spam", "Fraud"), "Youth": ("Grooming", "Minors")}


def _tree(levels: tuple[str, ...], nodes: dict[str, dict | tuple]) -> Tree:
    ids, parents, names = [], [], []

    def plant(children: dict | tuple, parent: int, depth: int) -> None:
        for child in children:
            ids.append(child)
            parents.append(parent)
            names.append(levels[depth])
            if isinstance(children, dict):
                plant(children[child], len(ids) - 1, depth + 1)

    plant(nodes, -1, 0)
    return grow(ids, ids, parents, names)


def moderation_parts(hours_short: float = 0.06) -> PlanParts:
    """Return 3 regions × 4 sites × 6 queues × 6 months, short of hours."""
    rng = np.random.default_rng(4)
    regions = {region: tuple(f"{region} {site}" for site in range(1, 5)) for region in ("EMEA", "APAC", "AMER")}
    months = {f"2026-Q{q}": tuple(f"2026-{3 * q - 3 + m:02d}" for m in (1, 2, 3)) for q in (1, 2)}
    org = _tree(("Region", "Site"), regions)
    queues = _tree(("Area", "Queue"), _QUEUES)
    periods = _tree(("Half-year", "Quarter", "Month"), {"2026-H1": months})
    leaf_queues = [queue for area in _QUEUES.values() for queue in area]
    sites = [site for region in regions.values() for site in region]
    leaf_months = [month for quarter in months.values() for month in quarter]
    handle_s = dict(zip(leaf_queues, (95.0, 80.0, 22.0, 140.0, 210.0, 120.0), strict=True))
    size = {(site, queue): float(np.exp(rng.normal(8.5, 0.7))) for site in sites for queue in leaf_queues}
    baseline = {
        (site, queue, month): round(volume * rng.uniform(0.85, 1.15))
        for (site, queue), volume in size.items()
        for month in leaf_months
        if (site, queue) != ("EMEA 4", "Spam")
    }
    parts = PlanParts(org, queues, periods, handle_s, baseline, list(size))
    total = sum(baseline.values())
    emea = sum(value for (site, _, _), value in baseline.items() if site.startswith("EMEA"))
    grooming = sum(value for (_, queue, _), value in baseline.items() if queue == "Grooming")
    parts.targets = [
        (None, None, None, Sense.EXACTLY, round(total * 1.08, -3), 1.0),
        (None, "Grooming", None, Sense.AT_LEAST, round(grooming * 1.15), 2.0),
        ("EMEA", None, "2026-Q1", Sense.AT_LEAST, round(emea * 0.55), 2.0),
    ]
    for site in sites:
        for month in leaf_months:
            need = sum(baseline.get((site, queue, month), 0.0) * handle_s[queue] / 3600 for queue in leaf_queues)
            parts.capacity.append((site, None, month, round(need * 1.08 * (1 - hours_short) * rng.uniform(0.95, 1.1))))
    parts.limits = [("APAC 1", "Fraud", "2026-02", 3000.0, 3000.0), (None, "Spam", "2026-03", -np.inf, 90000.0)]
    return parts


def moderation_plan() -> Plan:
    """Return the realistic plan, named."""
    plan = moderation_parts().build()
    days = np.array([21.0, 20.0, 22.0, 20.0, 19.0, 22.0])
    settings = replace(plan.settings, plan_name="Moderation 2026 H1", cycle="2026 H1", version="3", scenario="Base")
    return replace(plan, settings=settings, calendar=replace(plan.calendar, working_days=days))


@cache
def moderation() -> Outcome:
    """Return the outcome of the realistic plan."""
    return recompute(moderation_plan())


@cache
def random_outcome(seed: int) -> Outcome:
    """Return the outcome of a random plan."""
    return recompute(random_parts(seed).build())
