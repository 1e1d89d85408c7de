"""Which cells of a part go up, so that the sums over them stay where they should be.

Owns: what gives way in which order where no whole numbers keep it all, and what is asked of hours.
"""

from __future__ import annotations

import numpy as np

from engine.whole.flow import giving, nearness, part_network, part_program, with_most
from engine.whole.part import SNAP, Chosen, Part
from engine.whole.sift import LEAST, sift
from solver.flows import cheapest_flow, is_installed
from solver.units import MOST_SEARCHED, round_to_units

_AGAIN = 3
"""How often rows of hours that came out over may join."""


def round_part(part: Part) -> Chosen | None:
    """Return which cells go up; None where no whole numbers keep what can never give way.

    Notes
    -----
    Minimise Σ (1 − 2 share_i) y_i, y_i ∈ {0, 1}: the least Σ |rounded − plan| (Cox, 1987, controlled rounding).
    Hours whose sums found no place may go over by more than an item: they join the program as rows of their own.
    """
    held = np.zeros(len(part.left), dtype=bool)
    found = _choose(part, held)
    if found is None:
        return None
    # that is a search, which a large part is not given
    for _ in range(_AGAIN if len(part.share) <= MOST_SEARCHED else 0):
        over = part.hours @ found.up > part.left + SNAP
        if not (over & ~held).any():
            break
        held |= over
        again = _choose(part, held)
        if again is not None and (part.hours @ again.up > part.left + SNAP).sum() < over.sum():
            found = again
    return found


def _choose(part: Part, held: np.ndarray) -> Chosen | None:
    """Return the same, some rows of hours kept. held : bool, shape (rows of hours,)."""
    with_crossing, cost = bool((part.sum_of < 0).any()), nearness(part)
    is_flow = len(part.share) >= LEAST and not with_crossing and not held.any()
    if is_flow and (up := _by_flow(part, cost)) is not None:
        return Chosen(up, _comes_to_goals(part, up))
    # a plan that keeps its rows to a millionth may have sums that no whole numbers match to the unit
    for crossing, bounds, gives in _TRIES:
        if crossing and not with_crossing:
            continue
        program = part_program(part, cost, bounds, with_crossing=crossing)
        if gives:
            program = giving(program, part)
        if held.any():
            program = with_most(program, part.hours[held], part.left[held])
        sums = None if crossing or held.any() else len(part.share) + np.arange(len(part.around))
        found = round_to_units(program, len(part.share), sums)
        if found is not None:
            up = found[: len(part.share)]
            return Chosen(up, not gives and _comes_to_goals(part, up))
    return None


def _by_flow(part: Part, cost: np.ndarray) -> np.ndarray | None:
    """Return which cells go up so that sums are kept and no plan is nearer; None where that is left to a whole search.

    As there is one such plan, either way comes to it.
    """
    if not is_installed():
        return sift(part, cost)
    found = cheapest_flow(part_network(part, cost))
    return None if found is None else found[: len(cost)]


def _comes_to_goals(part: Part, up: np.ndarray) -> bool:
    """Whether every sum that was asked comes to what it asks."""
    return bool((np.abs(part.asked @ up - part.goal) < 0.5).all())


_TRIES = ((True, 0, False), (False, 0, False), (False, 1, False), (True, 0, True), (False, 0, True))
"""With crossing sums or without; sums without noise or as they are; whether sums may give way."""
