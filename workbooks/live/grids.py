"""Values and formulas of sheets that are open, in one call each.

Owns: the reading of ranges, and which of the texts that come back are formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from workbooks.package.contents_only import Grid

if TYPE_CHECKING:
    import xlwings


def read_grid(area: xlwings.Range) -> Grid:
    """Return what stands in a range, with errors as their texts."""
    values = area.options(ndim=2, err_to_str=True).value
    return Grid(area.row, area.column, values, read_formulas(area, values))


def read_formulas(area: xlwings.Range, values: Sequence[Sequence[object]]) -> list[list[str]]:
    """Return the formulas of a range; a text that begins like one is none."""
    if _holds_none(area):
        return [[""] * len(row) for row in values]
    texts = _rows(area.formula, area.shape)
    return [
        [
            text if isinstance(text, str) and text.startswith("=") and text != value else ""
            for text, value in zip(row, shown, strict=True)
        ]
        for row, shown in zip(texts, values, strict=True)
    ]


def _holds_none(area: xlwings.Range) -> bool:
    """Whether the program says that no cell of a range is a formula: then they need not be read."""
    for name in ("HasFormula", "has_formula"):  # Windows, Mac
        with suppress(Exception):
            told = getattr(area.api, name)
            return (told.get() if hasattr(told, "get") else told) is False
    return False


def _rows(block: object, shape: tuple[int, int]) -> list[list[object]]:
    """Return a block as rows: one cell, one row and one column come back flat."""
    rows, columns = shape
    if not isinstance(block, (list, tuple)):
        return [[block]]
    if block and isinstance(block[0], (list, tuple)):
        return [list(row) for row in block]
    return [list(block)] if rows == 1 else [[value] for value in block] if columns == 1 else [list(block)]
