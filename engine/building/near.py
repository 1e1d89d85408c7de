"""Keep near, Move only, Smallest move, Smallest rate move: numbers that are to stay where they were sealed.

Owns: reading what these settings name, and the holds that follow from Move only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.building.agreed import leaf_values, of_cells, of_others
from engine.building.journal import Journal
from engine.building.references import Found, Known, find_org_or_queue
from engine.building.settings import setting_place
from engine.cycle.held import STAYS, cells_below, of_rate, start_near, with_fixed
from engine.plan import Plan
from engine.tables import Inputs


def with_near(plan: Plan, inputs: Inputs, known: Known, journal: Journal) -> Plan:
    """Return the plan whose numbers stay near what was sealed, as far as Settings ask for it."""
    settings = plan.settings
    given = {"Keep near": settings.keep_near == "agreed", "Move only": settings.move_only != "",
             "Smallest move": settings.smallest_move > 0,
             "Smallest rate move": settings.smallest_rate_move > 0}  # fmt: skip
    asked = [name for name, is_asked in given.items() if is_asked]
    nodes, wrong = find_movers(known, settings.move_only)
    for each in wrong:
        journal.add(each.code, setting_place(inputs, "Move only"), each.words + each.hint(), expected=each.expected)
    if asked and plan.agreed is None:
        journal.add("TC645", setting_place(inputs, asked[0]), ", ".join(asked))
    agreed = plan.agreed
    if agreed is None:
        return plan
    if settings.keep_near == "agreed":
        plan = _near(plan, agreed, plan.agreed_others)
    elif not settings.keep_near and inputs.start is not None:
        start = leaf_values(inputs.start, plan)[0]
        plan = _near(plan, of_cells(plan, start), of_others(plan, start))
        journal.add("TC646", setting_place(inputs, "Keep near"), f"version {inputs.start.version}")
    if not nodes:
        return plan
    stays = ~cells_below(plan, nodes)
    limits = with_fixed(plan.limits, plan, np.where(stays, agreed, np.nan), STAYS)
    for rate in plan.rates:
        held = of_rate(plan, rate, plan.agreed_others.get(rate.metric), stays)
        limits = with_fixed(limits, plan, held, STAYS, rate.metric)
    return replace(plan, limits=limits)


def _near(plan: Plan, agreed: np.ndarray, others: Mapping[int, np.ndarray]) -> Plan:
    """Return a plan that starts from what was agreed. others : of rates, by metric."""
    rates = tuple(replace(rate, near=others.get(rate.metric)) for rate in plan.rates)
    return replace(plan, near=start_near(plan, agreed), rates=rates)


def find_movers(known: Known, text: str) -> tuple[Sequence[tuple[int, int]], Sequence[Found]]:
    """Return the nodes that a list names, as org and queue of each, and the names that mean nothing.

    Parameters
    ----------
    text : names, comma between; a name may hold commas itself
    """
    org, queues = known.org, known.queues
    parts = [part for part in text.split(",") if part.strip()]
    nodes: list[tuple[int, int]] = []
    wrong: list[Found] = []
    while parts and org is not None and queues is not None:
        longest = next((end for end in range(len(parts), 0, -1) if _is_known(known, parts[:end])), 1)
        found, is_queue = find_org_or_queue(org, queues, ",".join(parts[:longest]).strip())
        parts = parts[longest:]
        if found.code:
            wrong.append(found)
        else:
            nodes.append((0, found.position) if is_queue else (found.position, 0))
    return nodes, wrong


def _is_known(known: Known, parts: Sequence[str]) -> bool:
    if known.org is None or known.queues is None:
        return False
    return not find_org_or_queue(known.org, known.queues, ",".join(parts).strip())[0].code
