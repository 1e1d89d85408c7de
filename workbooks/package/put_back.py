"""The engine's tables of an earlier state put back into a workbook that people have changed since.

Owns: what is put back: tables, loose cells, colours, links and charts of our sheets that still stand. All else stays.
"""

from __future__ import annotations

from engine.codes import issue
from engine.issues import NOWHERE
from workbooks.package.archive import ArchiveError
from workbooks.package.compose import Composed, ComposeOptions, TypedOver, compose
from workbooks.package.own_book import OwnBook
from workbooks.package.ownership import find_own
from workbooks.package.read_back import read_back
from workbooks.package.relations import relations_name
from workbooks.package.xml import XmlError


def put_back(data: bytes, before: bytes, typed_over: TypedOver) -> Composed:
    """Return a workbook with the engine's tables as they stood in an earlier state of it.

    Parameters
    ----------
    data : the workbook as it is; before : the earlier state
    typed_over : what happens to numbers that somebody typed over ours since
    """
    try:
        standing = find_own(data).sheets
        sheets = [sheet for sheet in read_back(before) if sheet.name in standing]
        if not sheets:
            return Composed(None, (issue("TC667", NOWHERE, "no results before the run"),))
        composed = compose(data, sheets, ComposeOptions(typed_over=typed_over, only_exchange=True))
        if composed.data is None:
            return composed
        return Composed(_with_charts(composed.data, before), composed.issues, composed.edits, composed.numbers_changed)
    except (ArchiveError, XmlError) as broken:
        return Composed(None, (issue("TC601", NOWHERE, str(broken)),))


def _with_charts(data: bytes, before: bytes) -> bytes:
    """Return a workbook with our charts as they stood: their titles say what the numbers said."""
    now, then = OwnBook(data), OwnBook(before)
    parts = then.book.parts
    for name in now.own.keys() & then.own.keys():
        charts = then.hangings.own_charts(then.part_of(name))
        for number, chart in now.hangings.own_charts(now.part_of(name)).items():
            was = charts.get(number)
            if was is not None and not parts.has(relations_name(was)):  # else it hangs on parts that only it has
                now.book.parts.put(chart, parts.part(was))
    return now.book.parts.data()
