"""A package that holds contents alone: values, formulas, tables and names, without looks.

Workbooks that are open come to the reader in this form, and what a click replaced is kept in it.

Owns: the parts of such a package.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from solver.frozen import frozen
from workbooks.addresses import column_letters
from workbooks.package.namespaces import CONTENT_TYPES, MAIN, REL, RELATIONSHIPS, STYLES, TABLE, WORKSHEET
from workbooks.package.old_sheet import Rectangle
from workbooks.package.texts import escaped, plain_number

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_EPOCH = datetime(1899, 12, 30)
_DATE_STYLE = 1
_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="22" fontId="0" fillId="0" '
    'borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>'
)


ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})


@frozen
class Grid:
    """A block of cells. top, left : 1-based; values, formulas : rows, "" in ``formulas`` where there is none."""

    top: int
    left: int
    values: Sequence[Sequence[object]]
    formulas: Sequence[Sequence[str]]


@frozen
class TableImage:
    """An Excel table as it stands. headers : its header cells, as texts."""

    name: str
    area: str
    headers: tuple[str, ...]
    has_headers: bool
    has_totals: bool


@frozen
class SheetImage:
    """A sheet as it stands; a sheet that no plan is read from has neither grid nor tables."""

    name: str
    grid: Grid | None = None
    tables: tuple[TableImage, ...] = ()
    merges: tuple[str, ...] = ()


def packed(sheets: Sequence[SheetImage], names: Sequence[tuple[str, str]]) -> bytes:
    """Return a package of sheets and defined names."""
    target = io.BytesIO()
    tables = [(at, table) for at, sheet in enumerate(sheets, start=1) for table in sheet.tables]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _HEAD + _types(len(sheets), len(tables)))
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        links = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*links, ("styles", "styles.xml")]))
        archive.writestr("xl/workbook.xml", _HEAD + _book(sheets, names))
        archive.writestr("xl/styles.xml", _HEAD + _STYLES)
        for at, sheet in enumerate(sheets, start=1):
            archive.writestr(f"xl/worksheets/sheet{at}.xml", _HEAD + _sheet_xml(sheet))
            own = [number for number, (of, _) in enumerate(tables, start=1) if of == at]
            if own:
                links = [("table", f"../tables/table{number}.xml") for number in own]
                archive.writestr(f"xl/worksheets/_rels/sheet{at}.xml.rels", _relations(links))
        for number, (_, table) in enumerate(tables, start=1):
            archive.writestr(f"xl/tables/table{number}.xml", _HEAD + _table_xml(table, number))
    return target.getvalue()


def _types(sheets: int, tables: int) -> str:
    kinds = [("/xl/workbook.xml", _BOOK), ("/xl/styles.xml", STYLES)]
    kinds += [(f"/xl/worksheets/sheet{at}.xml", WORKSHEET) for at in range(1, sheets + 1)]
    kinds += [(f"/xl/tables/table{at}.xml", TABLE) for at in range(1, tables + 1)]
    listed = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds)
    return (
        f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _relations(links: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{REL}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(links, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{RELATIONSHIPS}">{listed}</Relationships>'


def _book(sheets: Sequence[SheetImage], names: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<sheet name="{escaped(sheet.name)}" sheetId="{at}" r:id="rId{at}"/>' for at, sheet in enumerate(sheets, 1)
    )
    # names of a single sheet have it in front of them; they clash with nothing of ours
    defined = "".join(
        f'<definedName name="{escaped(name)}">{escaped(text.removeprefix("="))}</definedName>'
        for name, text in sorted(names, key=lambda each: each[0].casefold())
        if "!" not in name
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets>'
        + (f"<definedNames>{defined}</definedNames>" if defined else "")
        + "</workbook>"
    )


def _sheet_xml(sheet: SheetImage) -> str:
    rows = "".join(_rows(sheet.grid)) if sheet.grid is not None else ""
    merges = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merges)
    tables = "".join(f'<tablePart r:id="rId{at}"/>' for at in range(1, len(sheet.tables) + 1))
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetData>{rows}</sheetData>'
        + (f"<mergeCells>{merges}</mergeCells>" if merges else "")
        + (f'<tableParts count="{len(sheet.tables)}">{tables}</tableParts>' if tables else "")
        + "</worksheet>"
    )


def _rows(grid: Grid) -> Iterator[str]:
    letters = [column_letters(grid.left + at) for at in range(len(grid.values[0]))] if grid.values else []
    for number, (values, formulas) in enumerate(zip(grid.values, grid.formulas, strict=True), start=grid.top):
        cells = [
            _cell(f"{letter}{number}", value, formula)
            for letter, value, formula in zip(letters, values, formulas, strict=True)
            if value is not None or formula
        ]
        if cells:
            yield f'<row r="{number}">{"".join(cells)}</row>'


def _cell(name: str, value: object, formula: str) -> str:
    text = f"<f>{escaped(formula[1:])}</f>" if formula else ""
    if isinstance(value, str):
        return _text_cell(name, value, text)
    if isinstance(value, bool):
        return f'<c r="{name}" t="b">{text}<v>{int(value)}</v></c>'
    if isinstance(value, (datetime, date)):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        days = (moment.replace(tzinfo=None) - _EPOCH).total_seconds() / 86400
        return f'<c r="{name}" s="{_DATE_STYLE}">{text}<v>{plain_number(days)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{name}">{text}<v>{plain_number(float(value))}</v></c>'
    return f'<c r="{name}" t="str">{text}<v></v></c>'


def _text_cell(name: str, value: str, formula: str) -> str:
    if value in ERRORS:
        return f'<c r="{name}" t="e">{formula}<v>{value}</v></c>'
    if formula:
        return f'<c r="{name}" t="str">{formula}<v>{escaped(value)}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'


def _table_xml(table: TableImage, number: int) -> str:
    headers = table.headers or tuple(f"Column{at}" for at in range(1, _width(table.area) + 1))
    columns = "".join(
        f'<tableColumn id="{at}" name="{escaped(header)}"/>' for at, header in enumerate(headers, start=1)
    )
    return (
        f'<table xmlns="{MAIN}" id="{number}" name="{escaped(table.name)}" displayName="{escaped(table.name)}" '
        f'ref="{table.area}"'
        + ("" if table.has_headers else ' headerRowCount="0"')
        + (' totalsRowCount="1"' if table.has_totals else "")
        + f'><tableColumns count="{len(headers)}">{columns}</tableColumns></table>'
    )


def _width(area: str) -> int:
    held = Rectangle.of(area)
    return held.right - held.left + 1
