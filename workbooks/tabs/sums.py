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


def product_down(rows: Sequence[tuple[int, int]], shift: int, letters: str) -> str:
    """Return Σ value × weight over runs of rows in one column, each weight ``shift`` rows below its value."""
    parts = [
        f"SUMPRODUCT({letters}{first}:{letters}{last},{letters}{first + shift}:{letters}{last + shift})"
        if last > first
        else f"{letters}{first}*{letters}{first + shift}"
        for first, last in rows
    ]
    return _added(parts)


def product_across(columns: Sequence[tuple[int, int]], row: int, weight_row: int) -> str:
    """Return Σ value × weight over runs of columns, values in one row and weights in another."""
    parts = []
    for first, last in columns:
        ends = column_letters(first), column_letters(last)
        values, weights = (f"{ends[0]}{at}:{ends[1]}{at}" for at in (row, weight_row))
        single = f"{ends[0]}{row}*{ends[0]}{weight_row}"
        parts.append(f"SUMPRODUCT({values},{weights})" if last > first else single)
    return _added(parts)


def _added(parts: Sequence[str]) -> str:
    formula = "+".join(parts)
    formula = f"({formula})" if len(parts) > 1 else formula
    return formula if len(formula) <= MAX_FORMULA else ""


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
