"""What would close a miss: the cheapest change of each kind that a second run proves.

Owns: which changes are tried, in which order, and how large they must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, copysign

import numpy as np

from engine.formulation.cover import cover
from engine.issues import Place
from engine.outcome import Judged, Outcome
from engine.plan import EVERY_METRIC, TURNAROUND, Plan
from engine.reasons.rolling import limits_words, period_words
from engine.reasons.words import amount_words, target_words
from engine.trees import ROOT
from engine.whatif.advice import Mend, MendKind
from engine.whatif.again import Again, cost_of
from engine.whatif.asked import ONE_OF_MANY, Asked, number_words, typed
from engine.whatif.binding import Binding, bindings_words, full_capacity, limits_at_end
from engine.whatif.compare import breaks_more, effect_words
from engine.whatif.edits import Edit, released, value_at
from engine.whatif.mends_of_guard import change_guard
from solver.frozen import frozen

_STEP = 1e-3
"""Hours are raised in tenths of a per cent: what is said is what is tried."""

_DIGITS = 9
"""Digits behind the point of hours that are typed: what binary numbers add to a product is none of it."""

_NAMED = 3
"""Limits that are named, where more are released at once."""

_MUCH = 0.25
"""Part of hours above which nobody adds them at one place: less of it at more places is told first."""

_NEAR = 0.05
"""Part of added hours to which it is found how few of them do, where much was tried for other misses already."""

_HOPE = 2.5, 0.9
"""Times the hours that seem to be missing after which so much of a miss of a small plan must not be left."""

_UNKNOWN = 0.02
"""Part of hours that is tried first where nobody can say how many are missing: for backlogs and turnarounds."""

_MOVED = 1e-4
"""Part of what is achieved from which on it is told why less must be asked."""

_LITTLE_LESS = 1e-5
"""Part below what is achieved that is asked of a large plan at once: fair shares move a little with what is asked."""


def find_mends(again: Again, outcome: Outcome, row: int, asking: Asked) -> Found:
    """Return what would close the miss of one target, at most one change of each kind.

    Parameters
    ----------
    row : of the plan's Targets, missed, and about no rate
    """
    search = Search(again, outcome, row, asking)
    tries = (
        (MendKind.LOWER, search.ask_less), (MendKind.MOVE, search.move), (MendKind.LIMIT, search.release),
        (MendKind.GUARD, partial(change_guard, search)), (MendKind.HOURS, search.add_hours),
    )  # fmt: skip
    return search.each(tries)


@frozen
class Found:
    """What closes a miss, with the run that proves it; and the kinds of changes that were tried and do not.

    is_whole : whether all kinds were tried
    """

    mends: tuple[tuple[Mend, Judged], ...]
    failed: tuple[MendKind, ...]
    is_whole: bool = True


def also_closed(again: Again, outcome: Outcome, found: Found, row: int) -> Iterator[Mend]:
    """Yield changes found for another miss that close this one as well, as their runs say."""
    plan, about = outcome.plan, again.about
    for mend, run in found.mends:
        if mend.kind is not MendKind.MOVE and run.targets.met[row]:
            of_whom = f"{target_words(plan, mend.target)}: " if mend.kind is MendKind.LOWER else ""
            others = effect_words(again.before(outcome), run, frozenset({row}), about)
            yield replace(mend, target=row, words=of_whom + mend.words, others=others, alternatives=())


@dataclass
class Search:
    """The search for changes that close one miss."""

    again: Again
    outcome: Outcome
    row: int
    asking: Asked

    def __post_init__(self) -> None:
        """Look up what is asked, what is achieved, and which cells the target covers."""
        plan = self.outcome.plan
        self.achieved = float(self.outcome.targets.achieved[self.row])
        self.asked = float(plan.targets.value[self.row])
        self.effort = self.asking.effort
        scope = plan.targets.scope.take(np.array([self.row]))
        metric = int(scope.metric[0])
        waiting = next((each for each in plan.balances if each.stock == metric), None)
        # more work done means less that waits
        self.is_lowered_by_work = waiting is not None or metric == TURNAROUND
        metric = self._metric_of_cells(metric) if waiting is None else waiting.volume
        scope = replace(scope, metric=np.array([metric]))
        if self.is_lowered_by_work:
            scope = replace(scope, period=np.array([ROOT]))
        self.covered = np.zeros(len(plan.cells), dtype=bool)
        self.covered[cover(plan, scope).indices] = True
        if self.is_lowered_by_work:  # what was handled in any period before does not wait
            end = int(plan.periods.leaf_positions(int(plan.targets.scope.period[self.row])).max())
            self.covered &= plan.cells.period <= end

    def _metric_of_cells(self, metric: int) -> int:
        """Return the metric of the cells that a target is about; of hours, people, turnaround all there are."""
        return EVERY_METRIC if metric < 0 else metric

    def each(self, tries: Sequence[tuple[MendKind, Callable[[], tuple[Mend, Judged] | None]]]) -> Found:
        """Return what a few kinds of changes come to.

        The last is tried first: where all is met then, as with more hours, a run of a large plan takes a fraction of
        the others, and what may be spent is well spent on it.
        """
        mends: list[tuple[Mend, Judged]] = []
        failed: list[MendKind] = []
        for kind, find in reversed(tries):
            if self.again.spent >= self.asking.end:
                return Found(tuple(mends[::-1]), tuple(failed[::-1]), is_whole=False)
            so_far = self.again.asked
            mend = find()
            if mend is not None:
                mends.append(mend)
            elif self.again.asked > so_far:
                failed.append(kind)
        return Found(tuple(mends[::-1]), tuple(failed[::-1]))

    def _asking(self, before: float, achieved: float) -> float:
        """Return what to type so that what is achieved is asked. before : what is typed now."""
        return typed(before * achieved / self.asked, up=self.achieved > self.asked)

    def ask_less(self) -> tuple[Mend, Judged] | None:
        """Ask for what is achieved; what is fair moves with it, so a second look may be needed."""
        place = self.outcome.plan.targets.place[self.row]
        before = value_at(self.again.inputs, place)
        if before is None or self.asked == 0 or self.asking.is_repeated:
            return None
        now, achieved = before, self.achieved
        if self.again.only_misses:
            achieved -= copysign(_LITTLE_LESS * achieved, self.asked - achieved)
        for _ in range(self.effort.lowerings):
            now = self._asking(before, achieved)
            edits = (Edit(place, before, now),)
            run = self.met_by(edits)
            if run is not None:
                why = self._less_than_achieved(now, before)
                words = f"ask for {number_words(now)} instead of {number_words(before)}{why}"
                return self.mend(MendKind.LOWER, words, edits, run)
            tried = self.again.last
            if tried is None or len(tried.targets.achieved) <= self.row or self._is_less_in_vain():
                return None
            achieved = float(tried.targets.achieved[self.row])
        return None

    def _less_than_achieved(self, now: float, before: float) -> str:
        """Return why less must be asked than is achieved, in words; "" where it is not."""
        achieved = abs(self.asked * now / before - self.achieved) <= max(1.0, _MOVED * abs(self.achieved))
        if achieved or self.achieved > self.asked or not self.outcome.used_guard:
            return ""
        return " (what queues may lose is counted from the fair outcome, which moves with what is asked)"

    def move(self) -> tuple[Mend, Judged] | None:
        """Ask for the missing part in another period, where there is a target of the same kind."""
        plan = self.outcome.plan
        missing = self.asked - self.achieved
        place = plan.targets.place[self.row]
        before = value_at(self.again.inputs, place)
        if missing <= 0 or before is None:
            return None
        for other in other_periods(self.outcome, self.row):
            other_place = plan.targets.place[other]
            other_before = value_at(self.again.inputs, other_place)
            if other_before is None or plan.targets.value[other] <= 0 or other_place == place:
                continue
            now = typed(before * self.achieved / self.asked, up=False)
            part = self.asked * (1 - now / before)
            other_now = typed(other_before * (1 + part / float(plan.targets.value[other])), up=True)
            edits = (Edit(place, before, now), Edit(other_place, other_before, other_now))
            run = self.met_by(edits)
            if run is not None and run.targets.met[other]:
                period = period_words(plan.periods, [int(plan.targets.scope.period[other])])
                more = f"{amount_words(part)} more{period} ({number_words(other_now)})"
                words = f"ask for {number_words(now)} here and {more}"
                return self.mend(MendKind.MOVE, words, edits, run)
        return None

    def release(self) -> tuple[Mend, Judged] | None:
        """Release a limit at its end that stands in the way: one alone, else all of them."""
        near = self.covered | self._beside()
        return self.release_of(limits_at_end(self.outcome, near)[: self.effort.limits])

    def release_of(self, bindings: list[Binding]) -> tuple[Mend, Judged] | None:
        """Release one limit, the one that leaves the least missed, and tell which others do; else all of them."""
        found = [each for binding in bindings if (each := self._released([binding])) is not None]
        if not found:
            return self._released(bindings) if len(bindings) > 1 else None
        (best, run), *others = sorted(found, key=lambda each: float(np.nansum(each[1].targets.shortfall)))
        return replace(best, alternatives=tuple(mend for mend, _ in others)), run

    def _released(self, bindings: list[Binding]) -> tuple[Mend, Judged] | None:
        """Release some limits together."""
        edits = tuple(edit for binding in bindings for edit in released(self.again.inputs, binding.place))
        run = self.met_by(edits) if edits else None
        if run is None:
            return None
        named = limits_words(self.outcome.plan, [int(row) for binding in bindings for row in binding.of_row])
        more = len(named) - _NAMED  # one row of Limits may stand for hundreds, by Each
        told = [*named[:_NAMED], f"{more} other limit{'s' if more > 1 else ''}"] if more > 0 else named
        return self.mend(MendKind.LIMIT, "release the " + " and the ".join(told), edits, run)

    def _beside(self) -> np.ndarray:
        """bool, shape (cells,): cells that draw on the same full hours."""
        plan = self.outcome.plan
        rows = [row for binding in full_capacity(self.outcome, self.covered) for row in binding.rows.tolist()]
        scope = plan.capacity.scope.take(np.array(rows, dtype=np.int64))
        beside = np.zeros(len(plan.cells), dtype=bool)
        beside[cover(plan, scope).indices] = True
        return beside

    def add_hours(self) -> tuple[Mend, Judged] | None:
        """Raise the hours of one site, else of all that is full: by the same per cent, the least that will do."""
        if (self.achieved >= self.asked) != self.is_lowered_by_work:
            return None
        if any(mend.kind is MendKind.HOURS for mend in self.asking.known):
            return None  # hours for a larger miss do for this one
        full = full_capacity(self.outcome, self.covered)
        if not full:
            return None
        found: list[tuple[bool, float, tuple[Mend, Judged]]] = []
        for at, group in enumerate(self._groups(full)):
            # a place that would have to grow by much is tried where nothing else does
            if self.again.only_misses and found and self._part(group) > _MUCH:
                continue
            found += self._raised(group)
            if self.again.is_in_vain or (at == 0 and not found and self.effort is ONE_OF_MANY):
                break  # what all that is full leaves open, one place of it leaves open as well
        return min(found, key=lambda each: each[:2])[2] if found else None

    def _groups(self, full: list[Binding]) -> list[list[Binding]]:
        groups = _groups(self.outcome.plan, full, self.effort.sites)
        return groups[::-1] if self.again.only_misses or self.effort is ONE_OF_MANY else groups

    def _part(self, group: list[Binding]) -> float:
        """Return by which part the hours of a group would have to grow, as far as can be told without a run."""
        full = sum(float(self.outcome.plan.capacity.hours[binding.rows].sum()) for binding in group)
        return _UNKNOWN if self.is_lowered_by_work else self._missing_hours() / max(full, 1e-9)

    def _raised(self, group: list[Binding]) -> Iterator[tuple[bool, float, tuple[Mend, Judged]]]:
        # what is typed into a cell counts in all its periods, also in those that are not full
        there = sum(float(self.outcome.plan.capacity.hours[binding.of_row].sum()) for binding in group)
        low, high, run = self._bracket(group)
        if run is None:
            return
        # of a large plan the hours that seem to be missing are the least, to a tenth of a per cent or two
        is_sure = self.again.only_misses and low == 0
        for _ in range(0 if is_sure else self.effort.refinements):
            middle = ceil((low + high) / 2 / _STEP) * _STEP
            if middle >= high or (self.again.is_small and high - low <= _NEAR * high):
                break
            better = self._met_with(group, middle)
            low, high, run = (low, middle, better) if better is not None else (middle, high, run)
        edits = self._more(group, high)
        more = amount_words(there * high)
        cell = f" ({number_words(edits[0].now or 0.0)} instead of {number_words(edits[0].before or 0.0)})"
        words = f"hours of {bindings_words(self.outcome.plan, group)} +{high:.1%}{cell if len(edits) == 1 else ''}"
        yield high > _MUCH, there * high, self.mend(MendKind.HOURS, f"{words}, {more} h more in all", edits, run)

    def _as_it_went(self, part: float, else_part: float) -> float:
        """Return which part would do if more hours went on to help as a first part did; another where it did not."""
        last, missed = self.again.last, float(self.outcome.targets.shortfall[self.row])
        if last is None or len(last.targets.met) != len(self.outcome.targets.met):
            return else_part
        helped = missed - float(last.targets.shortfall[self.row])
        return max(part * missed / helped, part + _STEP / 2) if helped > missed / 2 else else_part

    def _bracket(self, group: list[Binding]) -> tuple[float, float, Judged | None]:
        """Return a part of more hours that does not do, one that does, and the run; None where none does.

        What was tried for other misses is looked at first: a small plan's answers are kept.
        """
        low, part = 0.0, self._part(group)
        for tried in sorted(self.again.raised.get(_places(group), ())):
            run = self._met_with(group, tried)
            if run is not None:
                return low, tried, run
            low = tried
        for at, growth in enumerate(self.effort.growths):
            needed = part * growth if at != 1 else self._as_it_went(low, part * growth)
            high = ceil(round(needed / _STEP, 6)) * _STEP
            if high <= low:
                continue
            run = self._met_with(group, high)
            if run is not None:
                return low, high, run
            if self._is_in_vain(growth):
                break
            low = high
        return low, low, None

    def _met_with(self, group: list[Binding], part: float) -> Judged | None:
        if self.again.is_small:
            self.again.raised.setdefault(_places(group), set()).add(part)
        return self.met_by(self._more(group, part))

    def _is_less_in_vain(self) -> bool:
        return self.again.only_misses and self._is_in_vain(1.0)

    def _is_in_vain(self, growth: float) -> bool:
        """Whether what was tried last left so much of the miss that something else must be in the way."""
        last = self.again.last
        if self.again.is_in_vain:
            return True
        if last is None or len(last.targets.met) != len(self.outcome.targets.met):
            return False
        left = float(last.targets.shortfall[self.row] / self.outcome.targets.shortfall[self.row])
        return left > 1 / 2 if self.again.only_misses else growth >= _HOPE[0] and left > _HOPE[1]

    def _missing_hours(self) -> float:
        """Return about how many hours the missing items take."""
        cells, value = self.outcome.plan.cells, self.outcome.value
        items = float(value[self.covered].sum())
        hours = float((value * cells.hours)[self.covered].sum())
        return (self.asked - self.achieved) * (hours / items if items > 0 else float(cells.hours[self.covered].mean()))

    def _more(self, group: list[Binding], part: float) -> tuple[Edit, ...]:
        edits = []
        for binding in group:
            before = value_at(self.again.inputs, binding.place)
            if before is not None:
                # not rounded up: who multiplies by what is told comes to what was tried
                edits.append(Edit(binding.place, before, round(before * (1 + part), _DIGITS)))
        return tuple(edits)

    def met_by(self, edits: tuple[Edit, ...]) -> Judged | None:
        """Return the second run if it meets the target and breaks no more limits than the first."""
        # where a run takes its time, that half of the miss is left is told without it
        half = float(self.asked - self.outcome.targets.fair_outcome[self.row]) / 2
        run = self.again.misses(edits, (self.row, half) if half > 0 and cost_of(self.outcome) > 1 else None)
        if run is None or len(run.targets.met) != len(self.outcome.targets.met):
            return None
        return run if run.targets.met[self.row] and not breaks_more(self.outcome, run) else None

    def mend(self, kind: MendKind, words: str, edits: tuple[Edit, ...], run: Judged) -> tuple[Mend, Judged]:
        """Return a change that was proven, and the run. run : what came of it."""
        others = effect_words(self.again.before(self.outcome), run, frozenset({self.row}), self.again.about)
        return Mend(self.row, kind, words, edits, others), run


def _places(group: list[Binding]) -> tuple[Place, ...]:
    return tuple(binding.place for binding in group)


def other_periods(outcome: Outcome, row: int) -> list[int]:
    """Return rows that ask for the same in another period of the same length and are met, the nearest first."""
    plan = outcome.plan
    scope, periods = plan.targets.scope, plan.periods
    keys = np.column_stack([scope.metric, scope.org, scope.queue, plan.targets.sense, periods.depth[scope.period]])
    alike = (keys == keys[row]).all(axis=1) & (scope.period != scope.period[row]) & outcome.targets.met
    rows = np.flatnonzero(alike).tolist()
    return sorted(rows, key=lambda other: (abs(int(scope.period[other]) - int(scope.period[row])), other))[:2]


def _groups(plan: Plan, full: list[Binding], most: int) -> list[list[Binding]]:
    """Return full hours by the node above them, the largest first, and at the end all of them."""
    by_site: dict[int, list[Binding]] = {}
    for binding in full:
        org = int(plan.capacity.scope.org[binding.rows[0]])
        by_site.setdefault(int(plan.org.parent[org]) if 0 < org < len(plan.org) else org, []).append(binding)
    sites = sorted(by_site.values(), key=lambda group: -sum(binding.amount for binding in group))
    if len(sites) == 1:  # all below one node: one of them alone may do, and is easier to arrange
        return [*([binding] for binding in full[: max(most - 1, 1)] if len(full) > 1), full]
    return [*sites[:most], full]
