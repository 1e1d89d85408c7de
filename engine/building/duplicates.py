"""Rows that say something about the same thing.

Owns: finding equal keys without a loop over rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import LISTED, Problem
from engine.issues import Place


def report_duplicates(
    reader: TableReader, keys: Sequence[np.ndarray], place: Callable[[int], Place], words: Callable[[int], str]
) -> None:
    """Name every entry whose key an earlier one has, with the row of the first.

    Parameters
    ----------
    keys : arrays of shape (entries,) that together identify an entry
    place, words : where an entry stands, and what it says
    """
    if len(keys[0]) == 0:
        return
    order = np.lexsort(keys[::-1])
    table = np.column_stack(keys)[order]
    is_first = np.append(True, (table[1:] != table[:-1]).any(axis=1))
    first = order[np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))]
    repeated = np.flatnonzero(~is_first)
    repeated = repeated[np.argsort(order[repeated])]
    problems = []
    for position in repeated[: LISTED + 1].tolist():
        entry, original = int(order[position]), int(first[position])
        there, here = place(original), place(entry)
        column = f", column “{there.field}”," if there.column != here.column else ""
        found = f"{words(entry)}; row {there.row}{column} says {words(original)} about the same"
        problems.append(Problem(here, found))
    reader.journal.add_each("TC211", problems, len(repeated))
