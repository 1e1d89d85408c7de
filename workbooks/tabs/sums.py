"""Sums as formulas over cells of the same tab, within Excel's limits.

Owns: turning lists of rows or columns into arguments of SUM.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.addresses import column_letters

MAX_ARGUMENTS = 255
MAX_FORMULA = 8_000
"""Characters; Excel takes 8,192."""


def runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending positions as (first, last) of unbroken runs.

    >>> runs([5, 6, 7, 9])
    [(5, 7), (9, 9)]
    """
    found: list[tuple[int, int]] = []
    for position in positions:
        if found and position == found[-1][1] + 1:
            found[-1] = (found[-1][0], position)
        else:
            found.append((position, position))
    return found


def sum_of(references: Sequence[str]) -> str:
    """Return SUM over references, nested where there are more than SUM takes; "" where it would be too long."""
    parts = list(references)
    while len(parts) > MAX_ARGUMENTS:
        parts = [f"SUM({','.join(parts[at : at + MAX_ARGUMENTS])})" for at in range(0, len(parts), MAX_ARGUMENTS)]
    formula = f"SUM({','.join(parts)})"
    return formula if len(formula) <= MAX_FORMULA else ""


def sum_down(rows: Sequence[tuple[int, int]], letters: str) -> str:
    """Return the sum of runs of rows in one column; "" where it would be too long."""
    return sum_of(
        [f"{letters}{first}:{letters}{last}" if last > first else f"{letters}{first}" for first, last in rows]
    )


def sum_across(columns: Sequence[tuple[int, int]], row: int) -> str:
    """Return the sum of runs of columns in one row."""
    return sum_of(
        [
            f"{column_letters(first)}{row}:{column_letters(last)}{row}"
            if last > first
            else f"{column_letters(first)}{row}"
            for first, last in columns
        ]
    )
