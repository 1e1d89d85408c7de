"""Basis: values counted per day, per FTE day or on the baseline become totals of their rows.

    per working day: value × working days · per FTE day: value × Σ FTE × working days
    % of baseline: value × history of the row · points on baseline: history of the row + value
    % of agreed: value × what was sealed for the row

Owns: these sums, and rows for which there is nothing to count by.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.building.asked import OF_AGREED, OF_BASELINE, POINTS
from engine.building.journal import Journal, Problem
from engine.fair.crew import people
from engine.formulation.linear import counted_leaves, linear_rows
from engine.issues import Place
from engine.plan import Plan, Scopes
from engine.rates.averages import averages, baseline_of_rows, rate_cover

PER_DAY, PER_FTE_DAY = "per working day", "per FTE day"

LEAST_ASKED, MOST_ASKED = 0.5, 5.0
"""Parts of the baseline outside which a person is asked whether that is meant."""


class Totals:
    """Turns values of rows into totals of a plan."""

    def __init__(self, plan: Plan, journal: Journal) -> None:
        self._plan = plan
        self._journal = journal
        self._wrong: dict[Place, str] = {}
        self._asked: dict[Place, str] = {}
        self._left_out: dict[Place, set[int]] = {}

    def of(
        self, scopes: Scopes, values: np.ndarray, basis: Sequence[str], places: Sequence[Place], is_part: np.ndarray
    ) -> np.ndarray:
        """Return the values as totals: float64, shape (rows,); infinite ones stay.

        Parameters
        ----------
        is_part : bool, shape (rows,), rows that Each made: where one has nothing to count by, it is nan and left out
        """
        found, bare = values.copy(), set[int]()
        for word, count in (
            (PER_DAY, self._days), (PER_FTE_DAY, self._fte_days), (OF_BASELINE, self._history), (POINTS, self._history),
            (OF_AGREED, self._agreed),
        ):  # fmt: skip
            counted = np.array([each == word for each in basis], dtype=bool)
            if word in (PER_DAY, PER_FTE_DAY):  # a rate is no amount per day, and named as such
                counted &= ~self._plan.metrics.is_kind(scopes.metric, "rate")
            rows = np.flatnonzero(counted & np.isfinite(values))
            if len(rows) == 0:
                continue
            by = count(scopes.take(rows))
            lacking = rows[~np.isfinite(by)]
            some = {places[row] for row in rows[np.isfinite(by)].tolist()}
            for row in lacking.tolist():
                if is_part[row] and places[row] in some:
                    self._left_out.setdefault(places[row], set()).add(row)
                    bare.add(row)
                    continue
                self._wrong[places[row]] = f"{word}, and {_LACKING[word]} for the row"
            found[rows] = by + values[rows] if word == POINTS else by * values[rows]
            if word == OF_BASELINE:
                odd = (values[rows] < LEAST_ASKED) | (values[rows] > MOST_ASKED)
                for row in rows[odd].tolist():
                    self._asked[places[row]] = f"{values[row]:.6g} of the baseline, which is {values[row]:.0%}"
        found = np.where(np.isnan(found), 0.0, found)
        found[sorted(bare)] = np.nan
        return found

    def report(self) -> None:
        """Name what could not be counted, and what is likely a slip."""
        parts = {place: f"{len(rows)} node(s) or period(s) of the row" for place, rows in self._left_out.items()}
        for code, problems in (("TC226", self._wrong), ("TC517", self._asked), ("TC529", parts)):
            self._journal.add_each(code, [Problem(place, found) for place, found in problems.items()])

    def _days(self, scopes: Scopes) -> np.ndarray:
        days = self._plan.calendar.working_days
        return np.array([days[counted_leaves(self._plan, scopes, row)].sum() for row in range(len(scopes))])

    def _fte_days(self, scopes: Scopes) -> np.ndarray:
        by_day = people(self._plan) * self._plan.calendar.working_days[None, :]
        found = []
        for row in range(len(scopes)):
            teams = self._plan.org.leaf_positions(int(scopes.org[row]))
            found.append(float(by_day[np.ix_(teams, counted_leaves(self._plan, scopes, row))].sum()))
        counted = np.array(found)
        return np.where(counted > 0, counted, np.nan)

    def _history(self, scopes: Scopes) -> np.ndarray:
        plan = self._plan
        history = np.nan_to_num(plan.cells.baseline)
        rows = linear_rows(plan, scopes)
        known = rows.matrix @ np.isfinite(plan.cells.baseline).astype(np.float64) > 0
        totals = np.where(known, rows.matrix @ history, np.nan)
        for balance in plan.balances:  # a backlog's history is what is open at the start
            for row in np.flatnonzero(scopes.metric == balance.stock).tolist():
                queues = plan.queues.leaf_positions(int(scopes.queue[row]))
                totals[row] = np.nansum(balance.opening[queues])
        is_rate = plan.metrics.is_kind(scopes.metric, "rate")
        return np.where(is_rate, baseline_of_rows(plan, scopes), totals)

    def _agreed(self, scopes: Scopes) -> np.ndarray:
        plan, agreed = self._plan, self._plan.agreed
        if agreed is None:
            return np.full(len(scopes), np.nan)
        rows = linear_rows(plan, scopes)
        known = rows.matrix @ np.isfinite(agreed).astype(np.float64) > 0
        found = np.where(known, rows.values(np.nan_to_num(agreed)), np.nan)
        for rate in plan.rates:  # an average of what was agreed, weighted by the volumes that were agreed
            at = np.flatnonzero(scopes.metric == rate.metric)
            weight = np.nan_to_num(agreed[rate.cells])
            found[at] = averages(rate_cover(plan, rate, scopes.take(at)), weight, plan.agreed_others[rate.metric])
        for stock in plan.metrics.backlog_of.values():
            sealed = plan.agreed_others[stock]
            for row in np.flatnonzero(scopes.metric == stock).tolist():
                last = int(plan.periods.leaf_span[scopes.period[row], 1]) - 1
                ends = sealed[plan.queues.leaf_positions(int(scopes.queue[row])), last]
                found[row] = np.nansum(ends) if np.isfinite(ends).any() else np.nan
        return found


_LACKING = {
    PER_DAY: "no working days",
    PER_FTE_DAY: "no FTE or working days",
    OF_BASELINE: "no history",
    POINTS: "no history",
    OF_AGREED: "nothing sealed",
}
