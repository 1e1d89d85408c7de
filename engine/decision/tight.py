"""What all plans at frozen levels have in common: the rows and cells that the programs' prices hold at their bound.

Frozen levels leave a body without an interior, where a search for the fairest plan wanders. On the face that these
rows and cells make, there is room again.

Owns: which program row is which kept row.
"""

from __future__ import annotations

import numpy as np

from engine.decision.levels import BAND, ITEMS, MIX, KeptRows
from engine.formulation.problem import Problem
from solver.frozen import frozen


@frozen
class Tight:
    """bool arrays: hard rows in their order; items and mix, shape (targets,); band, shape (totals,); cells."""

    hard: np.ndarray
    items: np.ndarray
    mix: np.ndarray
    band: np.ndarray
    cells: np.ndarray

    def rows(self, kept: KeptRows) -> np.ndarray:
        """Return which of the kept rows are tight: bool, shape (kept rows,)."""
        found = np.zeros(len(kept.family), dtype=bool)
        found[: len(self.hard)] = self.hard
        for family, tight in ((ITEMS, self.items), (MIX, self.mix), (BAND, self.band)):
            of_family = kept.family == family
            found[of_family] = tight[kept.index[of_family]]
        return found

    @property
    def any(self) -> bool:
        """Whether anything is tight."""
        parts = (self.hard, self.items, self.mix, self.band, self.cells)
        return any(bool(part.any()) for part in parts)


def tight_parts(problem: Problem, n_hard: int, rows: np.ndarray, cells: np.ndarray) -> Tight:
    """Return tight program rows by what they are.

    Parameters
    ----------
    n_hard : how many hard rows stand in front
    rows : bool, tight rows of a program: hard rows, then shortfalls in items, shortfalls in fair-mix hours, excesses
        in items, and, within the mix guard, bands
    cells : bool, shape (cells,)
    """
    targets = problem.targets
    short, over = np.flatnonzero(targets.has_shortfall), np.flatnonzero(targets.has_excess)
    ends = np.cumsum([n_hard, len(short), len(short), len(over)])
    hard, in_items, in_mix, in_excess, band = np.split(rows, ends)
    items, mix = np.zeros(len(targets), dtype=bool), np.zeros(len(targets), dtype=bool)
    items[short] |= in_items
    items[over] |= in_excess
    mix[short] |= in_mix
    none = np.zeros(problem.queues.matrix.shape[0], dtype=bool)
    return Tight(hard, items, mix, band if len(band) else none, cells)
