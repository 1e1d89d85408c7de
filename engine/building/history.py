"""Periods of history: those of Baseline that are not periods of the plan.

Owns: the time slots that history may stand in, and their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from engine.building.columns import TableReader
from engine.building.entries import ALL_TIME, Times
from engine.building.periods import PlanPeriods
from engine.building.references import UNKNOWN
from engine.building.spans import Span, moment_span, period_span
from engine.building.texts import key_of, text_of
from engine.issues import Place


class History:
    """Time slots of history: the leaf periods of the plan, then the periods of history in order of appearance.

    A *time* is the position of a plan node, or the number of plan nodes plus that of a history period.
    """

    def __init__(self, periods: PlanPeriods, month_names: Mapping[str, int]) -> None:
        self.periods = periods
        self.names: list[str] = []
        self.spans: list[Span | None] = []
        self._month_names = month_names
        self._at: dict[str, int] = {}
        self._seen: set[int] = set()
        self._named_by_like = {key_of(like) for like in periods.like if like is not None}

    @property
    def times(self) -> Times:
        """How Baseline's periods are read: any text may be a period of history."""
        return Times(self._column, self._header)

    @property
    def plan_slots(self) -> int:
        """Number of leaf periods of the plan."""
        return len(self.periods.tree.leaves)

    def __len__(self) -> int:
        """Return the number of slots."""
        return self.plan_slots + len(self.names)

    def slot_name(self, slot: int) -> str:
        """Return the id of a slot's period."""
        if slot >= self.plan_slots:
            return self.names[slot - self.plan_slots]
        return self.periods.tree.ids[int(self.periods.tree.leaves[slot])]

    def slot_span(self, slot: int) -> Span | None:
        """Return the days of a slot, None where unknown."""
        return self.spans[slot - self.plan_slots] if slot >= self.plan_slots else self.periods.spans[slot]

    def slots_of(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first slot of each time, and the one after its last."""
        nodes = len(self.periods.tree)
        of_plan = time < nodes
        span = self.periods.tree.leaf_span[np.where(of_plan, time, 0)]
        own = self.plan_slots + time - nodes
        return np.where(of_plan, span[:, 0], own), np.where(of_plan, span[:, 1], own + 1)

    @property
    def has_rows(self) -> np.ndarray:
        """bool, shape (slots,): whether Baseline names the period, or a longer one that holds it."""
        named = np.zeros(len(self), dtype=bool)
        first, last = self.slots_of(np.array(sorted(self._seen), dtype=np.int64))
        for start, end in zip(first.tolist(), last.tolist(), strict=True):
            named[start:end] = True
        return named

    def count_only(self, times: np.ndarray) -> None:
        """Let only some times count as named: rates do not tell which history a period is like."""
        self._seen &= set(times.tolist())

    def find(self, value: object) -> int | None:
        """Return the slot that a cell of Like means; None where Baseline knows no such period."""
        nodes = self.periods.named.names.find(value)
        tree = self.periods.tree
        if len(nodes) == 1 and tree.is_leaf[nodes[0]] and key_of(value) not in self._at:
            return int(tree.leaf_span[nodes[0], 0])
        if key_of(value) in self._at:
            return self.plan_slots + self._at[key_of(value)]
        wanted = period_span(value, self._month_names)
        if wanted is None:
            return None
        inside = [at for at, span in enumerate(self.spans) if span and wanted.holds(Span(span.first, span.first))]
        return self.plan_slots + inside[0] if len(inside) == 1 else None

    def in_time_order(self) -> list[int]:
        """Return the slots of history in the order of time where all tell when they are, else by natural order."""

        def when(slot: int) -> tuple[Span, ...]:
            span = self.slot_span(slot)
            return (span,) if span else ()

        slots = range(self.plan_slots, len(self))
        by_name = sorted(slots, key=lambda slot: natural_key(self.slot_name(slot)))
        return sorted(by_name, key=when) if None not in self.spans else by_name

    def _column(self, reader: TableReader) -> np.ndarray:
        labels = reader.labels("Period")
        positions = np.array([self._time(value) for value in labels.distinct] + [ALL_TIME], dtype=np.int64)
        self._seen.update(positions[labels.code[~labels.faulty]].tolist())
        return np.where(labels.faulty, UNKNOWN, positions[labels.code])

    def _header(self, value: object, place: Place) -> int | None:
        del place  # every period is welcome, nothing to report
        is_period = (
            self.periods.named.names.find(value)
            or period_span(value, self._month_names)
            or key_of(value) in self._named_by_like
        )
        if not is_period:
            return None
        time = self._time(value)
        self._seen.add(time)
        return time

    def _time(self, value: object) -> int:
        nodes = self.periods.named.names.find(value)
        if len(nodes) == 1:
            return nodes[0]
        held = self.periods.holding(value, self._month_names)
        if held and len(held) == 1:
            return held[0]
        return len(self.periods.tree) + self._history_period(value)

    def _history_period(self, value: object) -> int:
        moment = moment_span(value, self._month_names)
        # "Jan-25" and "2025-01" are one month
        month = f"{moment.first:%Y-%m}" if moment and moment.days > 1 else key_of(value)
        at = self._at.get(key_of(value), self._at.get(month))
        if at is None:
            at = len(self.names)
            self.names.append(text_of(value))
            self.spans.append(period_span(value, self._month_names))
        self._at.setdefault(key_of(value), at)
        self._at.setdefault(month, at)
        return at


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts W2 before W10."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
