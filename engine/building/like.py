"""Which period of history each leaf period of the plan takes its size and shape from.

Owns: the column Like, and the default where it is blank.
"""

from __future__ import annotations

import re

import numpy as np

from engine.building.columns import TableReader
from engine.building.history import History
from engine.building.journal import Problem
from engine.building.spans import Span, year_earlier
from engine.building.texts import did_you_mean, quoted, shown_list, text_of

NO_SLOT = -1

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SAME_LENGTH = 0.25  # months differ by a tenth, quarters by a fiftieth; months and quarters by two thirds


def choose_likes(history: History, reader: TableReader) -> np.ndarray:
    """Return the slot of history that each leaf period takes, NO_SLOT where there is none.

    Parameters
    ----------
    reader : the table Periods

    Returns
    -------
    int64, shape (leaf periods,)
    """
    periods, count, has_rows = history.periods, history.plan_slots, history.has_rows
    slots = np.full(count, NO_SLOT)
    chosen: list[str] = []
    unknown: list[Problem] = []
    for leaf in range(count):
        typed = periods.like[leaf]
        if typed is not None:
            found = history.find(typed)
            if found is None or not has_rows[found]:
                known = [history.slot_name(slot) for slot in np.flatnonzero(has_rows).tolist()]
                place = reader.place(int(periods.like_record[leaf]), "Like")
                unknown.append(Problem(place, quoted(typed) + did_you_mean(text_of(typed), known)))
            else:
                slots[leaf] = found
        elif has_rows[leaf]:
            slots[leaf] = leaf
        else:
            slots[leaf] = _by_default(history, has_rows, leaf)
            if slots[leaf] != NO_SLOT:
                chosen.append(f"{history.slot_name(leaf)} like {history.slot_name(int(slots[leaf]))}")
    reader.journal.add_each("TC314", unknown)
    if chosen:
        reader.journal.add("TC505", reader.table.whole(), shown_list(chosen, 24))
    without = [history.slot_name(leaf) for leaf in np.flatnonzero(slots == NO_SLOT).tolist()]
    if without and not unknown:
        reader.journal.add("TC510", reader.table.whole(), shown_list(without, 24))
    return slots


def _by_default(history: History, has_rows: np.ndarray, leaf: int) -> int:
    """Return the same period a year earlier, else that of the last block of equal length."""
    earlier = _a_year_earlier(history, leaf)
    if earlier != NO_SLOT and has_rows[earlier]:
        return earlier
    own = history.slot_span(leaf)
    block = [slot for slot in history.in_time_order() if _are_alike(own, history.slot_span(slot)) and has_rows[slot]]
    count = history.plan_slots
    return block[len(block) - count + leaf] if len(block) >= count else NO_SLOT


def _a_year_earlier(history: History, leaf: int) -> int:
    name = history.slot_name(leaf)
    years = _YEAR.findall(name)
    if len(years) == 1:
        named = name.replace(years[0], str(int(years[0]) - 1))
        slot = _slot_named(history, named)
        if slot != NO_SLOT:
            return slot
    own = history.slot_span(leaf)
    if own is None:
        return NO_SLOT
    before = year_earlier(own)
    alike = [
        slot
        for slot in range(history.plan_slots, len(history))
        if (span := history.slot_span(slot)) and span.first == before.first and _are_alike(own, span)
    ]
    return alike[0] if len(alike) == 1 else NO_SLOT


def _slot_named(history: History, name: str) -> int:
    for slot in range(history.plan_slots, len(history)):
        if history.slot_name(slot).casefold() == name.casefold():
            return slot
    return NO_SLOT


def _are_alike(own: Span | None, other: Span | None) -> bool:
    """Whether two periods are about equally long; a single day stands for a period whose length nobody told."""
    if own is None or other is None or 1 in {own.days, other.days}:
        return True
    return abs(own.days / other.days - 1) <= _SAME_LENGTH
