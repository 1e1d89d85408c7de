"""The workbook part: its sheets and defined names.

Owns: adding sheets at the end, hidden names, what must not be there for a safe run.
"""

from __future__ import annotations

from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import quoted
from workbooks.package.namespaces import MAIN_STRICT, WORKSHEET, Dialect
from workbooks.package.parts import Parts
from workbooks.package.xml import XmlError, local_name, number_of, parsed, written

_AFTER_NAMES = (
    "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


@frozen
class BookSheet:
    """A sheet of the workbook. kind : worksheet, chartsheet …; part : its part name."""

    name: str
    part: str
    kind: str


@frozen
class DefinedName:
    """A defined name; sheet : position of the sheet it belongs to, None = the book."""

    name: str
    text: str
    sheet: int | None


_PRINT_AREA, _PRINT_TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"


class Book:
    """The workbook part of a package, to be read and changed."""

    def __init__(self, parts: Parts) -> None:
        """Find and read the workbook part.

        Raises
        ------
        XmlError, ArchiveError
            There is none, or it cannot be read.
        """
        self.parts = parts
        found = parts.relations("").of_kind("officeDocument")
        if not found:
            raise XmlError("no workbook in the package")
        self.part = found[0].target
        self._root = parsed(parts.part(self.part))
        if local_name(self._root) != "workbook":
            raise XmlError("the main part is no workbook")
        self.dialect = Dialect(etree.QName(self._root).namespace == MAIN_STRICT)
        self._is_changed = False

    @property
    def sheets(self) -> list[BookSheet]:
        """The sheets in their order."""
        relations = {relation.id: relation for relation in self.parts.relations(self.part).all}
        found = []
        for element in self._sheets():
            relation = relations.get(element.get(f"{{{self.dialect.rel}}}id", ""))
            if relation is not None:
                found.append(BookSheet(element.get("name", ""), relation.target, relation.kind))
        return found

    @property
    def counts_from_1904(self) -> bool:
        """Whether days count from 1904, as old Macs had it."""
        found = self._root.find(self.dialect.tag("workbookPr"))
        return found is not None and found.get("date1904") in ("1", "true")

    @property
    def names(self) -> list[DefinedName]:
        """The defined names."""
        return [
            DefinedName(
                element.get("name", ""),
                element.text or "",
                number_of(element, "localSheetId") if "localSheetId" in element.attrib else None,
            )
            for element in self._root.iter(self.dialect.tag("definedName"))
        ]

    @property
    def is_protected(self) -> bool:
        """Whether people protected the order and the names of the sheets."""
        found = self._root.find(self.dialect.tag("workbookProtection"))
        return found is not None and found.get("lockStructure") in ("1", "true")

    def add_sheet(self, name: str, pattern: str, data: bytes, *, is_hidden: bool = False) -> str:
        """Add a worksheet at the end and return its part name. pattern : of part names, ``sheet{}.xml``."""
        part = self.parts.free_name(pattern)
        self.parts.put(part, data, WORKSHEET)
        relation = self.parts.relations(self.part).add(f"{self.dialect.rel}/worksheet", part)
        container = self._sheets()
        used = {number_of(element, "sheetId") for element in container}
        element = etree.SubElement(container, self.dialect.tag("sheet"))
        element.set("name", name)
        element.set("sheetId", str(max(used, default=0) + 1))
        if is_hidden:
            element.set("state", "veryHidden")
        element.set(f"{{{self.dialect.rel}}}id", relation)
        self._is_changed = True
        return part

    @property
    def code_name(self) -> str:
        """What macros call the workbook, "" where nobody said."""
        found = self._root.find(self.dialect.tag("workbookPr"))
        return found.get("codeName", "") if found is not None else ""

    def set_code_name(self, name: str) -> None:
        """Say what macros call the workbook."""
        found = self._root.find(self.dialect.tag("workbookPr"))
        if found is None:
            found = etree.Element(self.dialect.tag("workbookPr"))
            at = sum(local_name(each) in ("fileVersion", "fileSharing") for each in self._root)
            self._root.insert(at, found)
        found.set("codeName", name)
        self._is_changed = True

    def set_hidden_name(self, name: str, sheet: str, cells: str = "$A$1") -> None:
        """Let a hidden name refer to cells of a sheet: it follows the sheet when people rename it."""
        text = f"{quoted(sheet)}!{cells}"
        container = self._names()
        for element in container:
            if element.get("name") == name:
                if element.text != text:
                    element.text = text
                    self._is_changed = True
                return
        element = etree.SubElement(container, self.dialect.tag("definedName"))
        element.set("name", name)
        element.set("hidden", "1")
        element.text = text
        container[:] = sorted(container, key=lambda each: each.get("name", "").casefold())
        self._is_changed = True

    def set_print_area(self, sheet: str, cells: str) -> None:
        """Say what of a sheet is printed, down to its last row; an area of other columns, people's choice, stays."""
        text = f"{quoted(sheet)}!{cells}"
        present = self._name_on(_PRINT_AREA, sheet)
        if present is None:
            self._add_name(_PRINT_AREA, sheet, text)
        elif (present.text or "").rstrip("0123456789") == text.rstrip("0123456789") and present.text != text:
            present.text = text
            self._is_changed = True

    def set_print_titles(self, sheet: str, row: int) -> None:
        """Say which row of a sheet is printed on top of every page; what people chose stays."""
        if self._name_on(_PRINT_TITLES, sheet) is None:
            self._add_name(_PRINT_TITLES, sheet, f"{quoted(sheet)}!${row}:${row}")

    def _name_on(self, name: str, sheet: str) -> etree._Element | None:
        """Return a defined name of one sheet, None where it has none."""
        position = self._position(sheet)
        return next(
            (each for each in self._names() if each.get("name") == name and each.get("localSheetId") == position), None
        )

    def _position(self, sheet: str) -> str:
        return str(next(at for at, element in enumerate(self._sheets()) if element.get("name") == sheet))

    def _add_name(self, name: str, sheet: str, text: str) -> None:
        container = self._names()
        element = etree.SubElement(container, self.dialect.tag("definedName"))
        element.set("name", name)
        element.set("localSheetId", self._position(sheet))
        element.text = text
        container[:] = sorted(container, key=lambda each: each.get("name", "").casefold())
        self._is_changed = True

    def drop_names(self) -> None:
        """Remove all defined names."""
        for found in list(self._root.iterchildren(self.dialect.tag("definedNames"))):
            self._root.remove(found)
            self._is_changed = True

    def drop_calc_chain(self) -> None:
        """Remove the calculation chain: Excel rebuilds it, and one that names a cell without a formula is a fault."""
        relations = self.parts.relations(self.part)
        for relation in relations.of_kind("calcChain"):
            self.parts.remove(relation.target)
            relations.remove(relation.id)

    def recalculate_on_load(self) -> None:
        """Ask for a full calculation when the book is opened."""
        found = self._root.find(self.dialect.tag("calcPr"))
        if found is None:
            found = etree.Element(self.dialect.tag("calcPr"))
            self._insert_before(found, _AFTER_NAMES[1:])
        if found.get("fullCalcOnLoad") != "1":
            found.set("fullCalcOnLoad", "1")
            self._is_changed = True

    def store(self) -> None:
        """Put the workbook part into the package."""
        if self._is_changed:
            self.parts.put(self.part, written(self._root))

    def _sheets(self) -> etree._Element:
        found = self._root.find(self.dialect.tag("sheets"))
        if found is None:
            raise XmlError("the workbook lists no sheets")
        return found

    def _names(self) -> etree._Element:
        found = self._root.find(self.dialect.tag("definedNames"))
        if found is None:
            found = etree.Element(self.dialect.tag("definedNames"))
            self._insert_before(found, _AFTER_NAMES)
        return found

    def _insert_before(self, element: etree._Element, names: tuple[str, ...]) -> None:
        for at, each in enumerate(self._root):
            if local_name(each) in names:
                self._root.insert(at, element)
                return
        self._root.append(element)
