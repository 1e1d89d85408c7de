"""A worksheet part as a whole: frame, rows, colours, links, and where its other parts hang.

Owns: the order of elements that Excel insists on, and the XML of a sheet that is all ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from solver.frozen import frozen
from workbooks.addresses import MAX_ROWS, cell_name
from workbooks.package.cells import StyleNumber, loose_cell, table_lines
from workbooks.package.namespaces import MAIN, REL, X14, Dialect
from workbooks.package.styles import StyleBook
from workbooks.package.table_part import table_range
from workbooks.package.texts import escaped
from workbooks.tabs.model import DataBar, Sheet

ELEMENTS = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""Elements of a worksheet in the order of the standard."""

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_BLOCK = 2048
"""Rows that are put together at once."""


@frozen
class Anchors:
    """Relationship ids of the parts that hang on a sheet; "" where it has none."""

    drawing: str = ""
    notes: str = ""
    table: str = ""


def sheet_part(sheet: Sheet, styles: StyleBook, anchors: Anchors, dialect: Dialect) -> bytes:
    """Return the part of a sheet that is all ours."""
    frame = dialect.said(f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{REL}" xmlns:x14="{X14}">')
    blocks = encoded(row_lines(sheet, styles.cell_format, _marks(sheet)))
    tail = [
        "</sheetData>",
        *rules_xml(sheet, styles),
        hyperlinks_xml(sheet),
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
        f'<pageSetup paperSize="9" orientation="{"landscape" if sheet.landscape else "portrait"}" '
        f'fitToHeight="{sheet.pages_high}"/>',
        f'<drawing r:id="{anchors.drawing}"/>' if anchors.drawing else "",
        f'<legacyDrawing r:id="{anchors.notes}"/>' if anchors.notes else "",
        f'<tableParts count="1"><tablePart r:id="{anchors.table}"/></tableParts>' if anchors.table else "",
        bar_extensions_xml(sheet.bars),
        "</worksheet>",
    ]
    head = f"{frame}{frame_xml(sheet)}<sheetData>"
    return b"".join([head.encode(), *blocks, "".join(tail).encode()])


def encoded(lines: Iterator[str]) -> list[bytes]:
    """Return rows as the blocks of a part: a large sheet never stands in memory as text."""
    blocks = []
    while block := list(islice(lines, _BLOCK)):
        blocks.append(b"".join(map(str.encode, block)))  # row by row: one odd sign would make all of the block slow
    return blocks


Beside = Mapping[int, Sequence[tuple[int, str]]]
"""Row → column and XML of cells that are not ours."""


def row_lines(
    sheet: Sheet, number_of: StyleNumber, marks: Mapping[int, str], beside: Beside | None = None
) -> Iterator[str]:
    """Yield the rows as XML, from top to bottom.

    Parameters
    ----------
    marks : row → its attributes beside its number; outside the table a row without cells is written for their sake
    beside : other people's cells, outside the table
    """
    loose: dict[int, list[tuple[int, str]]] = {row: list(cells) for row, cells in (beside or {}).items()}
    for cell in sheet.cells:
        loose.setdefault(cell.row, []).append((cell.column, loose_cell(cell, number_of)))
    table = sheet.table
    covered = range(table.top, table.top + table.length + 1) if table is not None else range(0)
    around = sorted(row for row in {*loose, *marks} if row not in covered)
    start = covered.start if table is not None else MAX_ROWS + 1
    yield from (_row(row, marks, loose.get(row, ())) for row in around if row < start)
    if table is not None:
        for row, line in zip(covered, table_lines(table, number_of, marks), strict=True):
            yield _line_with(line, loose[row], table.left) if row in loose else line
    yield from (_row(row, marks, loose.get(row, ())) for row in around if row > start)


def _row(row: int, marks: Mapping[int, str], cells: Sequence[tuple[int, str]]) -> str:
    listed = "".join(xml for _, xml in sorted(cells))
    return f'<row r="{row}"{marks.get(row, "")}>{listed}</row>' if listed else f'<row r="{row}"{marks.get(row, "")}/>'


def _line_with(line: str, cells: Sequence[tuple[int, str]], left: int) -> str:
    """Return a row of the table with cells before and behind those of the table. left : its first column."""
    head = line.index(">") + 1
    before = "".join(xml for column, xml in sorted(cells) if column < left)
    behind = "".join(xml for column, xml in sorted(cells) if column > left)
    return f"{line[:head]}{before}{line[head:].removesuffix('</row>')}{behind}</row>"


def _marks(sheet: Sheet) -> dict[int, str]:
    """Return the attributes of the rows of a sheet that is all ours: those that hold something."""
    table = sheet.table
    held = {cell.row for cell in sheet.cells}
    return {
        row: "".join(f' {name}="{value}"' for name, value in each.items())
        for row, each in row_marks(sheet).items()
        if row in held or (table is not None and table.top <= row <= table.top + table.length)
    }


def row_marks(sheet: Sheet) -> dict[int, dict[str, str]]:
    """Return the attributes of rows that have an outline level or a height."""
    marks = {row: {"ht": f"{height:g}", "customHeight": "1"} for row, height in sheet.heights.items()}
    if sheet.table is not None and sheet.table.outline is not None:
        for row, level in enumerate(sheet.table.outline.tolist(), start=sheet.table.top + 1):
            if level:
                marks.setdefault(row, {})["outlineLevel"] = f"{level}"
    return marks


def frame_xml(sheet: Sheet) -> str:
    """Return everything above the rows: tab colour, view, frozen panes, widths."""
    colour = f'<tabColor rgb="FF{sheet.tab_colour}"/>' if sheet.tab_colour else ""
    gridlines = "" if sheet.show_gridlines else ' showGridLines="0"'
    outline = sheet.table.outline if sheet.table is not None else None
    levels = (
        f' outlineLevelRow="{int(outline.max())}"' if outline is not None and len(outline) and outline.max() else ""
    )
    return (
        f'<sheetPr>{colour}<outlinePr summaryBelow="0" summaryRight="0"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="{extent(sheet)}"/>'
        f'<sheetViews><sheetView{gridlines} workbookViewId="0">{_pane(sheet)}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"{levels}/>{columns_xml(sheet)}'
    )


def extent(sheet: Sheet) -> str:
    """Return the range from A1 to the last cell that is ours."""
    last_row = max((cell.row for cell in sheet.cells), default=1)
    last_column = max((cell.column for cell in sheet.cells), default=1)
    if sheet.table is not None:
        last_row = max(last_row, sheet.table.top + max(sheet.table.length, 1))
        last_column = max(last_column, sheet.table.left + len(sheet.table.columns) - 1)
    return f"A1:{cell_name(last_row, last_column)}"


def columns_xml(sheet: Sheet) -> str:
    """Return the widths."""
    widths = dict(sheet.widths)
    if sheet.table is not None:
        widths |= {sheet.table.left + at: column.width for at, column in enumerate(sheet.table.columns)}
    listed = "".join(
        f'<col min="{column}" max="{column}" width="{width:g}" customWidth="1"/>'
        for column, width in sorted(widths.items())
    )
    return f"<cols>{listed}</cols>" if listed else ""


def rules_xml(sheet: Sheet, styles: StyleBook, *, with_bars: bool = True, first: int = 1) -> list[str]:
    """Return colour rules, and data bars unless a sheet that stands has them. first : their first priority."""
    rules = [
        f'<conditionalFormatting sqref="{rule.cells}"><cfRule type="expression" dxfId="{styles.colour_format(rule)}" '
        f'priority="{at}"><formula>{escaped(rule.formula)}</formula></cfRule></conditionalFormatting>'
        for at, rule in enumerate(sheet.colours, start=first)
    ]
    rules += [
        f'<conditionalFormatting sqref="{bar.cells}"><cfRule type="dataBar" priority="{at}"><dataBar>'
        f'<cfvo type="num" val="0"/><cfvo type="num" val="{bar.full:g}"/><color rgb="FF{bar.colour}"/></dataBar>'
        f'<extLst><ext xmlns:x14="{X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{_bar_id(bar)}'
        "</x14:id></ext></extLst></cfRule></conditionalFormatting>"
        for at, bar in enumerate(sheet.bars if with_bars else (), start=first + len(sheet.colours))
    ]
    return rules


def bar_extensions_xml(bars: Iterable[DataBar]) -> str:
    """Return what newer Excels read of data bars: solid, from 0 to full."""
    listed = "".join(
        '<x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        f'<x14:cfRule type="dataBar" id="{_bar_id(bar)}"><x14:dataBar minLength="0" maxLength="100" gradient="0">'
        f'<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>{bar.full:g}</xm:f></x14:cfvo>'
        f"</x14:dataBar></x14:cfRule><xm:sqref>{bar.cells}</xm:sqref></x14:conditionalFormatting>"
        for bar in bars
    )
    if not listed:
        return ""
    return (
        f'<extLst><ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407D-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings>'
        f"{listed}</x14:conditionalFormattings></ext></extLst>"
    )


def hyperlinks_xml(sheet: Sheet) -> str:
    """Return the internal hyperlinks."""
    links = [(cell.row, cell.column, cell.link, "") for cell in sheet.cells if cell.link]
    links += [(link.row, link.column, link.to, link.tip) for link in sheet.links]
    listed = "".join(
        f'<hyperlink ref="{cell_name(row, column)}" location="{escaped(to)}"'
        + (f' tooltip="{escaped(tip)}"' if tip else "")
        + "/>"
        for row, column, to, tip in sorted(links)
    )
    return f"<hyperlinks>{listed}</hyperlinks>" if listed else ""


def table_corner(sheet: Sheet) -> str:
    """Return the range of the sheet's table, "" where it has none."""
    return table_range(sheet.table) if sheet.table is not None else ""


def _pane(sheet: Sheet) -> str:
    row, column = sheet.freeze
    if (row, column) == (1, 1):
        return ""
    split = (f' xSplit="{column - 1}"' if column > 1 else "") + (f' ySplit="{row - 1}"' if row > 1 else "")
    name = {(True, True): "bottomRight", (True, False): "bottomLeft", (False, True): "topRight"}[row > 1, column > 1]
    return (
        f'<pane{split} topLeftCell="{cell_name(row, column)}" activePane="{name}" state="frozen"/>'
        f'<selection pane="{name}" activeCell="{cell_name(row, column)}" sqref="{cell_name(row, column)}"/>'
    )


def _bar_id(bar: DataBar) -> str:
    from uuid import NAMESPACE_OID, uuid5

    return "{" + str(uuid5(NAMESPACE_OID, f"target-cascade {bar.cells}")).upper() + "}"
