"""The parts that hang on one of our sheets: its table, its notes, its charts.

Owns: making them for a new sheet, and bringing them up to date on one that stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from workbooks.package.book import Book
from workbooks.package.chart_frames import own_frames, rearranged
from workbooks.package.chart_part import chart_xml, drawing_xml
from workbooks.package.namespaces import CHART, COMMENTS, DRAWING, TABLE, VML
from workbooks.package.notes_part import comments_xml, is_ours, notes_of, vml_xml
from workbooks.package.relations import Relation
from workbooks.package.sheet_part import HEAD, Anchors
from workbooks.package.table_part import table_xml
from workbooks.package.table_renewal import renewed_table
from workbooks.package.xml import local_name, number_of, parsed
from workbooks.tabs.model import Chart, Sheet

_MOST_DIGITS = 6


class Hangings:
    """Parts below our sheets, made and renewed in one book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._parts = book.parts
        self._last_table_id: int | None = None

    def hang_new(self, sheet: Sheet, part: str, table_name: str) -> Anchors:
        """Make the parts of a new sheet and return how they are anchored; ``part`` is the sheet's."""
        relations = self._parts.relations(part)
        rel = self._book.dialect.rel
        drawing = notes = table = ""
        if sheet.charts:
            drawing = relations.add(f"{rel}/drawing", self._new_drawing(sheet))
        if found := notes_of(sheet.table):
            number = len(self._parts.names)
            self._parts.set_default_type("vml", VML)
            vml = self._parts.free_name("xl/drawings/vmlDrawing{}.vml")
            self._parts.put(vml, vml_xml(found, number).encode())
            notes = relations.add(f"{rel}/vmlDrawing", vml)
            comments = self._parts.free_name("xl/comments{}.xml")
            self._put(comments, comments_xml(found), COMMENTS)
            relations.add(f"{rel}/comments", comments)
        if sheet.table is not None:
            name = self._parts.free_name("xl/tables/table{}.xml")
            self._put(name, table_xml(sheet.table, table_name, self._free_table_id()), TABLE)
            table = relations.add(f"{rel}/table", name)
        return Anchors(drawing, notes, table)

    def anchors(self, part: str) -> Anchors:
        """Return how the parts of a sheet that stands are anchored."""
        first = {relation.kind: relation.id for relation in reversed(self._parts.relations(part).all)}
        return Anchors(first.get("drawing", ""), first.get("vmlDrawing", ""), first.get("table", ""))

    def renew(self, sheet: Sheet, part: str, old_table: str, *, with_notes: bool) -> None:
        """Bring table, charts and notes of a sheet that stands up to date.

        Parameters
        ----------
        old_table : range of our table as it was
        with_notes : whether the notes are all ours
        """
        relations = self._parts.relations(part)
        if sheet.table is not None:
            for relation in relations.of_kind("table"):
                before = self._parts.part(relation.target)
                if (renewed := renewed_table(before, sheet.table, old_table, self._book.dialect)) is not None:
                    self._parts.put(relation.target, renewed)
        # a sheet read back from a workbook knows no charts: those that stand must not be taken for too many
        for relation in relations.of_kind("drawing") if sheet.charts else ():
            self._renew_charts(relation.target, sheet)
        if with_notes and (found := notes_of(sheet.table)) and self._are_ours(relations.of_kind("comments")):
            for relation in relations.of_kind("comments"):
                self._put(relation.target, comments_xml(found), COMMENTS)
            for relation in relations.of_kind("vmlDrawing"):
                self._parts.put(
                    relation.target, vml_xml(found, _shape_number(self._parts.part(relation.target))).encode()
                )

    def table_at(self, part: str, corner: str) -> str:
        """Return the range of the table on a sheet that starts at a cell, "" where there is none."""
        for relation in self._parts.relations(part).of_kind("table"):
            reference = parsed(self._parts.part(relation.target)).get("ref", "")
            if reference.partition(":")[0] == corner:
                return reference
        return ""

    def table_parts(self, part: str) -> dict[str, str]:
        """Return the tables on a sheet: the cell at their corner → name of their part."""
        return {
            parsed(self._parts.part(relation.target)).get("ref", "").partition(":")[0]: relation.target
            for relation in self._parts.relations(part).of_kind("table")
        }

    def own_charts(self, part: str) -> dict[int, str]:
        """Return our charts on a sheet of ours: number → part."""
        return {
            number: chart
            for relation in self._parts.relations(part).of_kind("drawing")
            for number, chart in self._own_charts(relation.target)
        }

    def _are_ours(self, notes: Sequence[Relation]) -> bool:
        """Whether nobody else wrote a note among these."""
        return all(is_ours(parsed(self._parts.part(relation.target)), self._book.dialect) for relation in notes)

    def _new_drawing(self, sheet: Sheet) -> str:
        drawing = self._parts.free_name("xl/drawings/drawing{}.xml")
        self._parts.put(drawing, b"", DRAWING)
        ids = []
        for chart in sheet.charts:
            name = self._parts.free_name("xl/charts/chart{}.xml")
            self._put(name, chart_xml(chart), CHART)
            ids.append(self._parts.relations(drawing).add(f"{self._book.dialect.rel}/chart", name))
        self._put(drawing, drawing_xml(sheet.charts, ids), DRAWING)
        return drawing

    def _renew_charts(self, drawing: str, sheet: Sheet) -> None:
        for number, chart in self._own_charts(drawing):
            if 1 <= number <= len(sheet.charts):
                self._put(chart, chart_xml(sheet.charts[number - 1]), CHART)
        relations = self._parts.relations(drawing)

        def add(chart: Chart) -> str:
            name = self._parts.free_name("xl/charts/chart{}.xml")
            self._put(name, chart_xml(chart), CHART)
            return relations.add(f"{self._book.dialect.rel}/chart", name)

        if (renewed := rearranged(self._parts.part(drawing), sheet.charts, self._book.dialect, add)) is not None:
            self._parts.put(drawing, renewed)

    def _own_charts(self, drawing: str) -> Iterator[tuple[int, str]]:
        """Yield number and part of our charts in a drawing."""
        relations = self._parts.relations(drawing)
        for number, frame in own_frames(parsed(self._parts.part(drawing))):
            chart = relations.target_of(_relation_id(frame))
            if self._parts.has(chart):
                yield number, chart

    def _put(self, name: str, xml: str, content_type: str) -> None:
        self._parts.put(name, self._book.dialect.said(HEAD + xml).encode(), content_type)

    def _free_table_id(self) -> int:
        if self._last_table_id is None:
            tables = self._parts.of_type(TABLE)
            ids = (number_of(parsed(self._parts.part(name)), "id") for name in tables)
            self._last_table_id = max(ids, default=0)
        self._last_table_id += 1
        return self._last_table_id


def _relation_id(frame: etree._Element) -> str:
    for each in frame.iter():
        if local_name(each) == "chart":
            return next((str(value) for key, value in each.attrib.items() if str(key).endswith("}id")), "")
    return ""


def _shape_number(vml: bytes) -> int:
    text = vml.decode("utf-8", "replace")
    start = text.find('data="')
    digits = text[start + 6 :].partition('"')[0] if start >= 0 else ""
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else 1
