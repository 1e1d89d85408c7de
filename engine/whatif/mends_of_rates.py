"""What would close the miss of a rate: asked less, moved to another period, a limit released, a bound raised.

Owns: which changes are tried for rates. Volumes stay as they are: rates are averaged by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.building.texts import key_of, text_of
from engine.issues import Place
from engine.outcome import Judged, Outcome
from engine.plan import Rate
from engine.rates.averages import rate_cover
from engine.reasons.rolling import period_words
from engine.whatif.advice import Mend, MendKind
from engine.whatif.again import Again
from engine.whatif.asked import Asked, number_words, typed
from engine.whatif.binding import limits_at_end
from engine.whatif.edits import Edit, value_at
from engine.whatif.mends import Found, Search, other_periods

_LIMITS = 4
_STEPS = 5
"""How often the way from a bound to the end of its scale is halved."""

_BEYOND = 2.0  # how far bounds of rates without an end are raised at most, in times what they are


def find_rate_mends(again: Again, outcome: Outcome, row: int, asking: Asked, rate: Rate) -> Found:
    """Return what would close the miss of one target of a rate, at most one change of each kind."""
    search = RateSearch(again, outcome, row, asking, rate)
    return search.each((
        (MendKind.LOWER, search.ask_less), (MendKind.MOVE, search.move), (MendKind.LIMIT, search.release),
        (MendKind.BOUND, search.raise_bounds),
    ))  # fmt: skip


@dataclass
class RateSearch(Search):
    """The search for changes that close the miss of one target of a rate."""

    rate: Rate

    def _metric_of_cells(self, metric: int) -> int:
        return self.rate.weight

    @property
    def _is_in_points(self) -> bool:
        basis = self.outcome.plan.targets.basis
        return bool(basis) and "points" in basis[self.row]

    def _asking(self, before: float, achieved: float) -> float:
        off = achieved - self.asked
        wanted = before + off if self._is_in_points or self.asked == 0 else before * achieved / self.asked
        return typed(wanted, up=self.achieved > self.asked)

    def move(self) -> tuple[Mend, Judged] | None:
        """Ask for less here and for as much more in another period, by the items that each period counts."""
        plan, place = self.outcome.plan, self.outcome.plan.targets.place[self.row]
        before = value_at(self.again.inputs, place)
        if before is None or self.asked == 0:
            return None
        now, weights = self._asking(before, self.achieved), self._weights()
        for other in other_periods(self.outcome, self.row):
            other_place = plan.targets.place[other]
            other_before = value_at(self.again.inputs, other_place)
            if other_before is None or weights[other] <= 0 or other_place == place:
                continue
            more = (self.asked - self.achieved) * float(weights[self.row] / weights[other])
            other_now = typed(other_before + more, up=more > 0)
            edits = (Edit(place, before, now), Edit(other_place, other_before, other_now))
            run = self.met_by(edits)
            if run is not None and run.targets.met[other]:
                period = period_words(plan.periods, [int(plan.targets.scope.period[other])])
                words = f"ask for {number_words(now)} here and {number_words(other_now)}{period}"
                return self.mend(MendKind.MOVE, words, edits, run)
        return None

    def _weights(self) -> np.ndarray:
        """float64, shape (targets,): planned items that each target of this rate is averaged by, 0 for all others."""
        plan = self.outcome.plan
        result = next(each for each in self.outcome.rates if each.rate.metric == self.rate.metric)
        scope = plan.targets.scope
        return np.asarray(np.where(
            scope.metric == self.rate.metric, rate_cover(plan, self.rate, scope) @ result.weight, 0.0
        ))  # fmt: skip

    def release(self) -> tuple[Mend, Judged] | None:
        """Release a limit of this rate at its end, one alone, else all of them."""
        return self.release_of(limits_at_end(self.outcome, self.covered, self.rate)[:_LIMITS])

    def raise_bounds(self) -> tuple[Mend, Judged] | None:
        """Move the bound that is in the way, else Best, else both: no further than it takes."""
        bound = "Ceiling" if self.achieved < self.asked else "Floor"
        good = bool(self.outcome.plan.metrics.higher_is_better[self.rate.metric])
        names = [(bound,)] + ([("Best",), (bound, "Best")] if good == (bound == "Ceiling") else [])
        for columns in names:
            cells = [each for name in columns for each in self._cells(name)]
            found = self._moved(cells, up=bound == "Ceiling") if cells else None
            if found is not None:
                end, edits, run = found
                old = sorted({edit.before for edit in edits if edit.before is not None})
                was = " and ".join(number_words(each) for each in old[:2]) + (" and more" if len(old) > 2 else "")
                words = f"{' and '.join(columns)} of {number_words(end)} instead of {was}"
                return self.mend(MendKind.BOUND, words, edits, run)
        return None

    def _cells(self, column: str) -> Iterator[Place]:
        """Yield the cells that give this rate a bound: in Metrics, and in Benchmarks."""
        name = key_of(self.outcome.plan.metrics.ids[self.rate.metric])
        for table in ("Metrics", "Benchmarks"):
            found = self.again.inputs.tables.get(table)
            if found is None or column not in found.values:
                continue
            for record, said in enumerate(found.values["Metric"].tolist()):
                place = found.place(record, column)
                if key_of(text_of(said)) == name and value_at(self.again.inputs, place) is not None:
                    yield place

    def _moved(self, cells: list[Place], *, up: bool) -> tuple[float, tuple[Edit, ...], Judged] | None:
        """Return the nearest value that bounds may take so that the target is met, tried between here and the end."""
        held = [value_at(self.again.inputs, place) or 0.0 for place in cells]
        near, far = (min(held), self._end(max(held), up=True)) if up else (max(held), self._end(min(held), up=False))
        best = self._at(cells, far, up=up)
        if best is None:
            return None
        for _ in range(_STEPS):
            middle = typed((near + far) / 2, up=up)
            if middle in (near, far):
                break
            found = self._at(cells, middle, up=up)
            near, far, best = (near, middle, found) if found is not None else (middle, far, best)
        return far, *best

    def _end(self, value: float, *, up: bool) -> float:
        if self.outcome.plan.metrics.units[self.rate.metric] == "%":
            return 1.0 if up else 0.0
        return value * _BEYOND if up else 0.0

    def _at(self, cells: list[Place], end: float, *, up: bool) -> tuple[tuple[Edit, ...], Judged] | None:
        """Return the edits that let bounds lie at a value, those that lie further stay, and what comes of them."""
        before = [value_at(self.again.inputs, place) for place in cells]
        edits = tuple(
            Edit(place, was, end)
            for place, was in zip(cells, before, strict=True)
            if was is not None and (was < end if up else was > end)
        )
        run = self.met_by(edits) if edits else None
        return None if run is None else (edits, run)
