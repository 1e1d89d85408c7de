"""Where the sums of a plan stand: what nests with what hangs on which sums there are, on no number of the plan.

Full hours are the exception: which rows are full moves with every edit. Where rows share no cell, their sums hang below
those that are there anyhow, and are added to them; so all the rest is found once, and kept for later runs.

Owns: the order in which sums are offered a place, and what of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.formulation.problem import Problem
from engine.whole.families import Families, Placed
from engine.whole.nest import NOWHERE, Nest
from engine.whole.part import ASKED, HOURS, USUAL
from engine.whole.question import structure_of
from engine.whole.sums import QUEUES_FIRST, TEAMS_FIRST, AskedSums, full_rows, hour_chains, hour_sums, usual_sums
from solver.frozen import frozen
from solver.memory import Arrays, Memory, fingerprint, recalled
from solver.sparse import csr_matrix


@frozen
class Given:
    """Sums that hang on the numbers of a plan.

    arrived : csr of 0/1, what is handled up to a period; most : float64, the units each may come to
    asked : what was asked
    structure : of the plan, as ``engine.whole.question`` has it, "" where nobody asked for it yet
    """

    arrived: csr_matrix
    most: np.ndarray
    asked: AskedSums
    structure: str


@frozen
class Places:
    """Both families of sums, and where what was asked went."""

    families: tuple[Nest, Nest]
    placed: Placed


def find_places(problem: Problem, point: np.ndarray, unit: np.ndarray, given: Given, memory: Memory) -> Places:
    """Return where every sum stands.

    Parameters
    ----------
    point : float64, shape (cells,), the plan; unit : of each cell, 0 where nothing is rounded
    memory : what earlier runs found out
    """
    full = full_rows(problem, point)
    chains = hour_chains(problem, full, unit)
    if chains is not None:
        usual = _recalled(problem, given, (), memory)
        # sums of hours that hang below all others neither take a place from them nor are they kept from one
        teams = usual.families[TEAMS_FIRST].with_chains(*chains, HOURS)
        if teams is not None:
            return Places((usual.families[QUEUES_FIRST], teams), usual.placed)
    return _recalled(problem, given, list(hour_sums(problem, full, unit)), memory)


def _recalled(problem: Problem, given: Given, hours: Iterable[csr_matrix], memory: Memory) -> Places:
    asked = given.asked

    def key() -> str:
        structure = given.structure or structure_of(problem)
        which = (asked.limits, asked.targets, asked.first)
        return fingerprint("places", structure, given.arrived, given.most, *which, *hours)

    def work_out() -> Arrays:
        return _arrays(_offer_all(problem, given, hours))

    return _places(recalled(memory, key, work_out))


def _offer_all(problem: Problem, given: Given, hours: Iterable[csr_matrix]) -> Places:
    """Return where every sum stands, the important ones placed first."""
    families = Families(len(problem.plan.cells.metric))
    # what never came cannot be handled, whatever was asked
    families.offer(given.arrived, QUEUES_FIRST, USUAL, given.most)
    asked = given.asked
    n_asked = asked.matrix.shape[0]
    placed = Placed(np.full(n_asked, NOWHERE), np.full(n_asked, NOWHERE))
    for family in (QUEUES_FIRST, TEAMS_FIRST):
        mine = np.flatnonzero(asked.first == family)
        found = families.offer(asked.matrix[mine], family, ASKED)
        placed.family[mine], placed.row[mine] = found.family, found.row
    for sums in hours:
        families.offer(sums, TEAMS_FIRST, HOURS)
    for sums, family in usual_sums(problem):
        families.offer(sums, family, USUAL)
    return Places(families.nests(), placed)


def _arrays(places: Places) -> Arrays:
    found = {"family": places.placed.family, "row": places.placed.row}
    for at, nest in enumerate(places.families):
        found |= {f"inside{at}": nest.inside.astype(np.int32), f"around{at}": nest.around.astype(np.int32)}
        found |= {f"most{at}": nest.most, f"price{at}": nest.price}
    return found


def _places(kept: Arrays) -> Places:
    first, second = (
        Nest(
            kept[f"inside{at}"].astype(np.int64),
            kept[f"around{at}"].astype(np.int64),
            kept[f"most{at}"],
            kept[f"price{at}"],
        )
        for at in (0, 1)
    )
    return Places((first, second), Placed(kept["family"], kept["row"]))
