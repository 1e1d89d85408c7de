"""A family of nested sums as a forest: every cell, and every sum, stands right inside one sum at most.

Owns: what sums come to, which are left when some are taken out, and sums added below others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

import numpy as np

from solver.frozen import frozen

NOWHERE = -1


@frozen
class Nest:
    """Nested sums.

    inside : int64, shape (cells,), the smallest sum that each cell stands in, −1 = none
    around : int64, shape (sums,), the smallest sum right around each, −1 = none
    most : float64, shape (sums,), what each may come to, in units
    price : float64, shape (sums,), what it costs that one is a unit off where not all can be kept
    levels : what ``_from_within`` found, once it was asked
    """

    inside: np.ndarray
    around: np.ndarray
    most: np.ndarray
    price: np.ndarray
    levels: list[np.ndarray] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.around)

    def totals(self, value: np.ndarray) -> np.ndarray:
        """Return what each sum comes to. value : float64, shape (cells,); float64, shape (sums,)."""
        return self._all_totals(value)[0]

    def _all_totals(self, *values: np.ndarray) -> list[np.ndarray]:
        inside = self.inside + 1
        found = [np.asarray(np.bincount(inside, value, len(self) + 1)[1:]) for value in values]
        for level in self._from_within():
            found = [each + np.bincount(self.around[level], each[level], len(self)) for each in found]
        return found

    def common(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return whether cells of a sum differ in a value, and the value where not: bool, int64, shapes (sums,).

        Parameters
        ----------
        value : int64, shape (cells,), 0 to some millions

        Notes
        -----
        They do not where their mean square is the square of their mean; every number here is whole, so exact.
        """
        count, first, second = self._all_totals(np.ones(len(value)), value, value * value)
        differ = count * second != first * first
        is_one = (count > 0) & ~differ
        return differ, np.where(is_one, np.rint(first / np.maximum(count, 1.0)), NOWHERE).astype(np.int64)

    def with_all_around(self, which: np.ndarray) -> np.ndarray:
        """Return some sums and all that stand around them: bool, shape (sums,)."""
        found = which.copy()
        for level in self._from_within():
            found[self.around[level[found[level]]]] = True
        return np.asarray(found)

    def may_break(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Return which sums could leave their bounds, cells being 0 or 1 and sums inside them within theirs.

        Parameters
        ----------
        low, high : float64, shape (sums,)

        Returns
        -------
        bool, shape (sums,)
        """
        least, most = np.zeros(len(self)), np.bincount(self.inside + 1, minlength=len(self) + 1)[1:].astype(np.float64)
        for level in self._from_within():
            around = self.around[level]
            least += np.bincount(around, np.maximum(least, low)[level], len(self))
            most += np.bincount(around, np.minimum(most, high)[level], len(self))
        return np.asarray((least < low) | (most > high))

    def nearest(self, which: np.ndarray) -> np.ndarray:
        """Return each sum where it is one of these, else the nearest of them around it, −1 = none: int64."""
        found = np.where(which, np.arange(len(self)), self.around)
        while (leads := (found >= 0) & ~np.append(which, True)[found]).any():
            found[leads] = found[found[leads]]
        return np.asarray(found)

    def innermost(self, which: np.ndarray) -> np.ndarray:
        """Return the smallest of some sums that each cell stands in, −1 = none: int64, shape (cells,)."""
        return np.asarray(np.append(self.nearest(which), NOWHERE)[self.inside])

    def only(self, which: np.ndarray) -> Nest:
        """Return the same without all but some sums."""
        place = np.where(which, np.cumsum(which) - 1, NOWHERE)
        nearest = np.append(np.append(place, NOWHERE)[self.nearest(which)], NOWHERE)
        return Nest(nearest[self.inside], nearest[self.around[which]], self.most[which], self.price[which])

    def within(self, holder: np.ndarray) -> np.ndarray:
        """Return the smallest sum right around each, for the outermost what else holds them: int64, shape (sums,).

        Parameters
        ----------
        holder : int64, shape (sums,), of sums that cells stand right inside; −1 = nothing holds them
        """
        found = holder.copy()
        for level in self._from_within():
            np.maximum.at(found, self.around[level], found[level])
        return np.where(self.around >= 0, self.around, found)

    def with_chains(self, cells: np.ndarray, chain: np.ndarray, step: np.ndarray, price: float) -> Nest | None:
        """Return the same with chains of sums added below those that are there; None where they would cross them.

        Parameters
        ----------
        cells : int64, shape (members,), no cell twice
        chain : int64, shape (members,), ascending, the chain each belongs to
        step : int64, shape (members,), ascending; each step is a sum of its cells and of those of the chain's steps
            before
        price : of the new sums
        """
        if not len(cells):
            return self
        first = np.flatnonzero(np.append(True, np.diff(chain) != 0))
        host = self.inside[cells]
        if (np.repeat(host[first], np.diff(np.append(first, len(cells)))) != host).any():
            return None
        start = np.flatnonzero(np.append(True, np.diff(step) != 0))
        new = len(self) + np.arange(len(start))
        is_last = np.append(np.diff(chain[start]) != 0, True)
        around = np.where(is_last, host[start], np.append(new[1:], NOWHERE))
        inside = self.inside.copy()
        inside[cells] = np.repeat(new, np.diff(np.append(start, len(cells))))
        more = len(new)
        return Nest(
            inside,
            np.append(self.around, around),
            np.append(self.most, np.full(more, np.inf)),
            np.append(self.price, np.full(more, price)),
        )

    def _from_within(self) -> Iterator[np.ndarray]:
        """Yield the sums that stand in others, those deepest within first, level by level: int64, (sums,), each."""
        if self.levels:
            yield from self.levels
            return
        depth, above = np.zeros(len(self), dtype=np.int64), self.around
        padded = np.append(self.around, NOWHERE)
        while (is_within := above >= 0).any():
            depth += is_within
            above = padded[above]
        order = np.argsort(-depth, kind="stable")
        self.levels.extend(np.split(order, np.cumsum(np.bincount(depth)[:0:-1]))[:-1])
        yield from self.levels
