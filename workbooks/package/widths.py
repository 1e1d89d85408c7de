"""Columns as wide as they stand on a sheet that others saved, and rows high enough for the texts in them.

Owns: which widths stay, and what heights follow from them.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from math import isfinite

import numpy as np
from lxml import etree

from workbooks.package.namespaces import Dialect
from workbooks.package.old_table import OldTable
from workbooks.package.xml import number_of
from workbooks.tabs.looks import line_heights
from workbooks.tabs.model import Column, Formulas, Sheet

_USUAL = 8.43  # characters, where nothing is said of a column
_NEAR = 0.5  # characters by which programs move widths


def with_room(root: etree._Element, sheet: Sheet, old: OldTable | None, dialect: Dialect) -> Sheet:
    """Return a sheet with rows as high as its wrapped texts need in the columns that stand.

    A column that held no text so far, or another column's, was never given a width for these texts: it gets ours.

    Parameters
    ----------
    root : the part as it stands; widths of such columns are set in it
    old : our table as it stands
    """
    table = sheet.table
    if table is None or not sheet.fits_lines:
        return sheet
    narrow = []
    for at, column in enumerate(table.columns, start=table.left):
        width, texts = _width_of(root, at, dialect), column.values
        if (
            isinstance(texts, Formulas | np.ndarray)
            or not column.style.wrap
            or width is None
            or width >= column.width - _NEAR
        ):
            continue
        if old is None or not _held_texts(old, at, column):
            _set_width(root, at, column.width, dialect)
        else:
            narrow.append((texts, width))
    heights = dict(sheet.heights)
    for row, height in line_heights(narrow).items() if narrow else ():
        heights[row] = max(height, heights.get(row, 0.0))
    return replace(sheet, heights=heights)


def _held_texts(old: OldTable, at: int, column: Column) -> bool:
    """Whether a column of the sheet showed texts under the same header."""
    place = at - old.area.left
    if not 0 <= place < len(old.columns) or old.headers[place] != column.header:
        return False
    return any(old.columns[place].cached(record) not in (None, "") for record in range(old.length))


def _covering(root: etree._Element, at: int, dialect: Dialect) -> etree._Element | None:
    listed = root.find(dialect.tag("cols"))
    for each in listed if listed is not None else ():
        if number_of(each, "min") <= at <= number_of(each, "max"):
            return each
    return None


def _width_of(root: etree._Element, at: int, dialect: Dialect) -> float | None:
    """Return how many characters wide a column is, None where it is hidden."""
    said = _covering(root, at, dialect)
    if said is None:
        return _USUAL
    if said.get("hidden") in ("1", "true"):
        return None
    try:
        width = float(said.get("width", _USUAL))
    except ValueError:
        return _USUAL
    return width if isfinite(width) else _USUAL


def _set_width(root: etree._Element, at: int, width: float, dialect: Dialect) -> None:
    """Set the width of one column; what is said of it and others together stays said of the others."""
    listed = root.find(dialect.tag("cols"))
    if listed is None:
        listed = etree.Element(dialect.tag("cols"))
        rows = root.find(dialect.tag("sheetData"))
        root.insert(len(root) if rows is None else root.index(rows), listed)
    said = _covering(root, at, dialect)
    if said is None:
        said = etree.Element(dialect.tag("col"), min=f"{at}", max=f"{at}")
        listed.insert(sum(number_of(each, "max") < at for each in listed), said)
    first, last, place = number_of(said, "min"), number_of(said, "max"), listed.index(said)
    listed.remove(said)
    for start, end in ((at + 1, last), (at, at), (first, at - 1)):
        if start <= end:
            part = deepcopy(said)
            part.set("min", f"{start}")
            part.set("max", f"{end}")
            if start == at == end:
                part.set("width", f"{width:g}")
                part.set("customWidth", "1")
            listed.insert(place, part)
