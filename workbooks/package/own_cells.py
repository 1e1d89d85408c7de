"""Cells of ours that tell how far people are with the plan, set anew on a sheet that stays as it is.

Owns: that only cells are touched that still stand where they were written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbooks.package.mark import MARK_SHEET, mark_xml
from workbooks.package.old_sheet import SheetReader, cell_place
from workbooks.package.own_book import OwnBook
from workbooks.package.ownership import read_holds
from workbooks.package.part_digest import digest_of
from workbooks.package.set_cells import set_cells


def with_status_cells(data: bytes, logical: str, texts: Sequence[str]) -> bytes:
    """Return a workbook with other texts in the status cells of one of our sheets.

    Parameters
    ----------
    texts : of all of them, in the order of the mark, "" = empty; the first one, a heading, never changes

    Notes
    -----
    Where somebody moved the cells, or an earlier version of ours wrote others, the sheet stays as it is until the
    next cascade.
    """
    ours = OwnBook(data)
    record = ours.records.get(logical)
    if record is None or logical not in ours.own or len(record.status) != len(texts) or not texts:
        return data
    part = ours.part_of(logical)
    now = _shown(ours, part, record.status)
    if now[0] != texts[0] or now == list(texts):
        return data
    changed = zip(record.status, now, texts, strict=True)
    values = {cell_place(name): text or None for name, was, text in changed if was != text}
    sheet = set_cells(ours.book.parts.part(part), values)
    if ours.is_as_written(logical):
        records = {**ours.records, logical: replace(record, part_hash=digest_of((sheet,)), size=len(sheet))}
        mark = ours.book.dialect.said(mark_xml(records, read_holds(data))).encode()
        ours.book.parts.put(ours.by_name[MARK_SHEET.casefold()].part, mark)
    ours.book.parts.put(part, sheet)
    return ours.book.parts.data()


def _shown(ours: OwnBook, part: str, names: Sequence[str]) -> list[str]:
    """Return what some cells show."""
    places = {cell_place(name): name for name in names}
    last, found = max(row for row, _ in places), dict.fromkeys(names, "")
    for row in SheetReader(ours.book.parts.pieces(part), ours.book.dialect, ours.strings).rows():
        if row.number > last:
            break
        for column, cell in row.cells.items():
            name = places.get((row.number, column))
            if name is not None and cell.cached not in (None, ""):
                found[name] = str(cell.cached)
    return list(found.values())
