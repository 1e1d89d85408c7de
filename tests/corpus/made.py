"""A corpus of our own making: one workbook per feature that must survive, and those that must be refused by name.

Made with XlsxWriter, and by hand where it has no word for a feature: what counts is that parts, relationships and
attributes of that kind are there, for no reader here looks further.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import xlsxwriter

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 12
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MS = "http://schemas.microsoft.com/office"
SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Parts = dict[str, bytes]


def with_writer(fill: Callable[[xlsxwriter.Workbook], object], **options: object) -> bytes:
    """Return a workbook that XlsxWriter makes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    fill(book)
    book.close()
    return target.getvalue()


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, *, zip64: bool = False) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, part in parts.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=zip64) as entry:
                entry.write(part)
    return target.getvalue()


class _Stream(io.RawIOBase):
    """A target that cannot go back: entries then get data descriptors."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self.held += data
        return len(data)


def streamed(parts: Mapping[str, bytes]) -> bytes:
    target = _Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return bytes(target.held)


def add(
    parts: Parts, name: str, content: bytes, kind: str, owner: str, content_type: str = "", **attributes: str
) -> str:
    """Put a part into a package with its relationship and content type; return the relationship's id."""
    folder, _, file = owner.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels" if owner else "_rels/.rels"
    listed = parts.get(rels, b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>')
    number = f"rIdX{listed.count(b'<Relationship ') + 1}"
    kind = kind if kind.startswith("http") else f"{OFFICE}/{kind}"
    target = attributes.pop("Target", f"/{name}")
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    entry = f'<Relationship Id="{number}" Type="{kind}" Target="{target}"{more}/></Relationships>'.encode()
    parts[rels] = re.sub(rb"/>\s*$", b"></Relationships>", listed) if listed.endswith(b'relationships"/>') else listed
    parts[rels] = parts[rels].replace(b"</Relationships>", entry)
    if name:
        parts[name] = content
    if content_type:
        override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'.encode()
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override)
    return number


def put(parts: Parts, name: str, before: bytes, new: bytes) -> None:
    """Insert bytes before others that must be there."""
    assert before in parts[name], (name, before)
    parts[name] = parts[name].replace(before, new + before, 1)


# --- workbooks that XlsxWriter makes -----------------------------------------------------------------------------


def plain(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Plain data")
    formats = [
        book.add_format({"num_format": code, "bold": at % 2, "font_color": colour, "bg_color": fill, "border": at % 5})
        for at, (code, colour, fill) in enumerate(
            [("0.00%", "#FF0000", "#EEEEEE"), ("yyyy-mm-dd", "#00FF00", "#DDDDFF"), ('#,##0 "pcs"', "blue", "yellow")]
        )
    ]
    for row in range(40):
        page.write_row(row, 0, [f"row {row}", row * 1.5, row % 2 == 0], formats[row % 3])
        page.write_formula(row, 4, f"=B{row + 1}*2", formats[(row + 1) % 3], row * 3)
    page.write_array_formula("G1:G3", "{=B1:B3*2}", None, 0)
    page.write_string("H1", "ünïcödé ✓ 漢字 \U0001f600")
    page.merge_range("J1:K2", "merged", formats[0])
    page.set_row(5, 33, formats[1])
    page.set_column("B:B", 21, formats[2], {"level": 1})
    page.freeze_panes(3, 2)
    page.autofilter("A1:C40")
    page.protect("secret", {"sort": True})
    page.unprotect_range("A1:A9", "range")
    page.ignore_errors({"number_stored_as_text": "A1:A9"})
    page.set_header("&LLeft&R&P")
    page.repeat_rows(0, 1)
    page.print_area("A1:F20")


def charts(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Charts")
    page.write_column("A1", list(range(1, 11)))
    page.write_column("B1", [each * each for each in range(10)])
    for at, kind in enumerate(["line", "bar", "column", "pie", "scatter", "area", "radar", "doughnut", "stock"]):
        chart = book.add_chart({"type": kind})
        chart.add_series({"values": "=Charts!$B$1:$B$10", "categories": "=Charts!$A$1:$A$10", "trendline":
                          {"type": "linear"} if kind in ("line", "scatter") else None})  # fmt: skip
        page.insert_chart(at * 16, 4, chart)
    sheet = book.add_chartsheet("A chart sheet")
    alone = book.add_chart({"type": "bar"})
    alone.add_series({"values": "=Charts!$B$1:$B$10"})
    sheet.set_chart(alone)


def rules(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Rules")
    page.write_column("A2", list(range(20)))
    page.add_table("C1:D9", {"name": "Theirs", "columns": [{"header": "A"}, {"header": "B", "total_function": "sum"}],
                             "total_row": True, "style": "Table Style Medium 4"})  # fmt: skip
    bold = book.add_format({"bold": True, "font_color": "red"})
    for options in (
        {"type": "2_color_scale"}, {"type": "3_color_scale"}, {"type": "data_bar", "data_bar_2010": True},
        {"type": "icon_set", "icon_style": "4_traffic_lights"}, {"type": "top", "value": 3, "format": bold},
        {"type": "cell", "criteria": ">", "value": 5, "format": bold}, {"type": "duplicate", "format": bold},
        {"type": "formula", "criteria": "=$A2>3", "format": bold},
    ):  # fmt: skip
        page.conditional_format("A2:A21", options)
    page.data_validation("F1", {"validate": "list", "source": ["a", "b"], "input_message": "choose"})
    page.data_validation("F2", {"validate": "custom", "value": "=AND(F2>1,A2<3)"})
    page.add_sparkline("G2", {"range": "Rules!A2:A21", "type": "column"})
    page.write_rich_string("H1", bold, "bold", " and ", book.add_format({"italic": True}), "slanted")


def pictures(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Pictures")
    page.insert_image("B2", "dot.png", {"image_data": io.BytesIO(PNG), "url": "https://example.com"})
    page.set_background(io.BytesIO(PNG), is_byte_stream=True)
    page.set_header("&C&G", {"image_center": "dot.png", "image_data_center": io.BytesIO(PNG)})
    page.insert_textbox("D4", "a box", {"font": {"bold": True}})
    page.embed_image("F2", "dot.png", {"image_data": io.BytesIO(PNG)})  # in the cell: richData
    page.write_comment("A1", "Ask Aoife", {"author": "Liam", "visible": True})
    page.write_comment("A2", "and Niamh")


def arrays(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Arrays")
    page.write_column("A1", [3, 1, 2])
    page.write_dynamic_array_formula("C1:C3", "=_xlfn._xlws.SORT(A1:A3)", None, 1)
    page.write_formula("E1", "=_xlfn.LET(_xlpm.x,A1,_xlpm.x*2)", None, 6)


def scopes(book: xlsxwriter.Workbook) -> None:
    for name in ("First", "It's “quoted” & more", "Hidden", "Very hidden", "Last"):
        book.add_worksheet(name).write("A1", name)
    book.get_worksheet_by_name("Hidden").hide()
    book.get_worksheet_by_name("Very hidden").very_hidden()
    book.get_worksheet_by_name("Last").activate()
    book.define_name("Everywhere", "=First!$A$1")
    book.define_name("First!Here", "=First!$A$1")
    book.define_name("Last!Here", "=Last!$A$1")
    book.define_name("A_number", "=3.14")
    book.define_name("Gone", "=#REF!$A$1")
    book.set_calc_mode("manual")


def linked(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Links")
    page.write_url("A1", "https://example.com/?a=1&b=2", string="outside", tip="go & see")
    page.write_url("A2", "internal:'Links'!B9")
    page.write_url("A3", r"external:other.xlsx#Sheet1!A1")


def buttons(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Buttons")
    book.add_vba_project(io.BytesIO(OLE), True)
    book.set_vba_name("ThisWorkbook")
    page.set_vba_name("Sheet1")
    page.insert_button("B2", {"macro": "Go", "caption": "Go"})
    page.insert_checkbox("B5", True)


# --- workbooks changed by hand -----------------------------------------------------------------------------------


def base(name: str = "Base") -> Parts:
    """Return the parts of a small workbook with styles, strings, a formula and a table."""

    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet(name)
        page.write_row("A1", ["Key", "Value"], book.add_format({"bold": True, "num_format": "0.000"}))
        for row in range(1, 6):
            page.write_row(row, 0, [f"key {row}", row])
        page.write_formula("D1", "=SUM(B2:B6)", None, 15)
        page.add_table("A1:B6", {"name": "Kept", "columns": [{"header": "Key"}, {"header": "Value"}]})
        book.add_worksheet("Other").write("A1", "other")

    return parts_of(with_writer(fill))


SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"


def threaded(parts: Parts) -> None:
    add(parts, "xl/threadedComments/threadedComment1.xml", b"<ThreadedComments xmlns='http://schemas.microsoft.com/office/"
        b"spreadsheetml/2018/threadedcomments'><threadedComment ref='A1' id='{1}' personId='{2}'><text>so?</text>"
        b"</threadedComment></ThreadedComments>", f"{MS}/2017/10/relationships/threadedComment", SHEET,
        "application/vnd.ms-excel.threadedcomments+xml")  # fmt: skip
    add(parts, "xl/persons/person.xml", b"<personList xmlns='http://schemas.microsoft.com/office/spreadsheetml/2018/"
        b"threadedcomments'><person displayName='Aoife' id='{2}'/></personList>",
        f"{MS}/2017/10/relationships/person", BOOK, "application/vnd.ms-excel.person+xml")  # fmt: skip


def rich_data(parts: Parts) -> None:
    for name in ("rdrichvalue", "rdrichvaluestructure", "rdRichValueTypes"):
        add(parts, f"xl/richData/{name}.xml", b"<rvData xmlns='x'/>", f"{MS}/2017/06/relationships/{name}", BOOK,
            f"application/vnd.ms-excel.{name.lower()}+xml")  # fmt: skip
    add(parts, "xl/metadata.xml", b"<metadata xmlns='" + MAIN + b"'/>", "sheetMetadata", BOOK,
        f"{SHEET_ML}.sheetMetadata+xml")  # fmt: skip
    parts[SHEET] = parts[SHEET].replace(b'<c r="B3"', b'<c r="B3" cm="1" vm="1"')


def custom_xml(parts: Parts) -> None:
    add(parts, "customXml/item1.xml", b"<mine a='1'>kept</mine>", "customXml", BOOK, Target="../customXml/item1.xml")
    add(parts, "customXml/itemProps1.xml", b"<ds:datastoreItem xmlns:ds='x'/>", "customXmlProps", "customXml/item1.xml",
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml", Target="itemProps1.xml")  # fmt: skip


def external(parts: Parts) -> None:
    number = add(parts, "xl/externalLinks/externalLink1.xml", b"<externalLink xmlns='" + MAIN + b"' xmlns:r='"
                 + OFFICE.encode() + b"'><externalBook r:id='rId1'/></externalLink>", "externalLink", BOOK,
                 f"{SHEET_ML}.externalLink+xml")  # fmt: skip
    add(parts, "", b"", "externalLinkPath", "xl/externalLinks/externalLink1.xml", Target="file:///C:/other.xlsx",
        TargetMode="External")  # fmt: skip
    put(
        parts,
        BOOK,
        b"<calcPr",
        f'<externalReferences><externalReference r:id="{number}"/></externalReferences>'.encode(),
    )
    parts[SHEET] = parts[SHEET].replace(b"<f>SUM(B2:B6)</f>", b"<f>SUM(B2:B6)+[1]Sheet1!A1</f>")


def signed_macros(parts: Parts) -> None:
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        f"{SHEET_ML}.sheet.main+xml".encode(), b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    add(
        parts,
        "xl/vbaProject.bin",
        OLE,
        f"{MS}/2006/relationships/vbaProject",
        BOOK,
        "application/vnd.ms-office.vbaProject",
    )
    for word in ("Signature", "SignatureAgile", "SignatureV3"):
        add(parts, f"xl/vbaProject{word}.bin", OLE[::-1], f"{MS}/2006/relationships/vbaProject{word}",
            "xl/vbaProject.bin", f"application/vnd.ms-office.vbaProject{word}")  # fmt: skip
    parts[SHEET] = parts[SHEET].replace(b"<dimension", b'<sheetPr codeName="Sheet1"/><dimension', 1)


def active_x(parts: Parts) -> None:
    number = add(parts, "xl/activeX/activeX1.xml", b"<ax:ocx xmlns:ax='x'/>", "control", SHEET,
                 "application/vnd.ms-office.activeX+xml")  # fmt: skip
    add(parts, "xl/activeX/activeX1.bin", OLE, f"{MS}/2006/relationships/activeXControlBinary",
        "xl/activeX/activeX1.xml", "application/vnd.ms-office.activeX")  # fmt: skip
    add(parts, "xl/ctrlProps/ctrlProp1.xml", b"<formControlPr xmlns='x'/>", "ctrlProp", SHEET,
        "application/vnd.ms-excel.controlproperties+xml")  # fmt: skip
    put(
        parts,
        SHEET,
        b"<tableParts",
        f'<controls><control shapeId="1025" r:id="{number}" name="C"/></controls>'.encode(),
    )


def embedded(parts: Parts) -> None:
    number = add(parts, "xl/embeddings/oleObject1.bin", OLE, "oleObject", SHEET,
                 "application/vnd.openxmlformats-officedocument.oleObject")  # fmt: skip
    put(parts, SHEET, b"<tableParts",
        f'<oleObjects><oleObject progId="Word" shapeId="1026" r:id="{number}"/></oleObjects>'.encode())  # fmt: skip
    add(parts, "xl/printerSettings/printerSettings1.bin", b"\0" * 900, "printerSettings", SHEET,
        f"{SHEET_ML}.printerSettings")  # fmt: skip


def pivot(parts: Parts) -> None:
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    number = add(parts, cache, b"<pivotCacheDefinition xmlns='" + MAIN + b"' recordCount='5'><cacheSource type="
                 b"'worksheet'><worksheetSource ref='A1:B6' sheet='Base'/></cacheSource><cacheFields count='2'>"
                 b"<cacheField name='Key'/><cacheField name='Value'/></cacheFields></pivotCacheDefinition>",
                 "pivotCacheDefinition", BOOK, f"{SHEET_ML}.pivotCacheDefinition+xml")  # fmt: skip
    add(parts, "xl/pivotCache/pivotCacheRecords1.xml", b"<pivotCacheRecords xmlns='" + MAIN + b"' count='0'/>",
        "pivotCacheRecords", cache, f"{SHEET_ML}.pivotCacheRecords+xml")  # fmt: skip
    add(parts, "xl/pivotTables/pivotTable1.xml", b"<pivotTableDefinition xmlns='" + MAIN + b"' name='P' cacheId='7'>"
        b"<location ref='A3:B4' firstHeaderRow='1' firstDataRow='1' firstDataCol='1'/></pivotTableDefinition>",
        "pivotTable", "xl/worksheets/sheet2.xml", f"{SHEET_ML}.pivotTable+xml")  # fmt: skip
    add(parts, "", b"", "pivotCacheDefinition", "xl/pivotTables/pivotTable1.xml", Target=f"/{cache}")
    put(parts, BOOK, b"</workbook>", f'<pivotCaches><pivotCache cacheId="7" r:id="{number}"/></pivotCaches>'.encode())


def slicers(parts: Parts) -> None:
    add(parts, "xl/slicers/slicer1.xml", b"<slicers xmlns='x'><slicer name='Key' cache='S'/></slicers>",
        f"{MS}/2007/relationships/slicer", SHEET, "application/vnd.ms-excel.slicer+xml")  # fmt: skip
    add(parts, "xl/slicerCaches/slicerCache1.xml", b"<slicerCacheDefinition xmlns='x' name='S'/>",
        f"{MS}/2007/relationships/slicerCache", BOOK, "application/vnd.ms-excel.slicerCache+xml")  # fmt: skip
    add(parts, "xl/timelines/timeline1.xml", b"<timelines xmlns='x'/>", f"{MS}/2011/relationships/timeline", SHEET,
        "application/vnd.ms-excel.timeline+xml")  # fmt: skip
    put(parts, BOOK, b"</workbook>", b"<extLst><ext uri='{BBE1A952-AA13-448e-AADC-164F8A28A991}' xmlns:x14='http://"
        b"schemas.microsoft.com/office/spreadsheetml/2009/9/main'><x14:slicerCaches/></ext></extLst>")  # fmt: skip


def queries(parts: Parts) -> None:
    add(parts, "xl/connections.xml", b"<connections xmlns='" + MAIN + b"'><connection id='1' name='Q' type='5' "
        b"refreshedVersion='6'/></connections>", "connections", BOOK, f"{SHEET_ML}.connections+xml")  # fmt: skip
    add(parts, "xl/queryTables/queryTable1.xml", b"<queryTable xmlns='" + MAIN + b"' name='Q' connectionId='1'/>",
        "queryTable", "xl/tables/table1.xml", f"{SHEET_ML}.queryTable+xml")  # fmt: skip
    add(parts, "xl/model/item.data", bytes(range(256)) * 40, f"{MS}/2011/relationships/powerPivotData", BOOK,
        "application/vnd.openxmlformats-officedocument.model+data")  # fmt: skip
    add(parts, "xl/xmlMaps.xml", b"<MapInfo xmlns='" + MAIN + b"' SelectionNamespaces=''/>", "xmlMaps", BOOK,
        "application/xml")  # fmt: skip


def views(parts: Parts) -> None:
    put(parts, BOOK, b"</workbook>", b'<customWorkbookViews><customWorkbookView name="Mine" guid="{1}" '
        b'windowWidth="9" windowHeight="9" activeSheetId="1"/></customWorkbookViews>')  # fmt: skip
    put(parts, SHEET, b"<pageMargins", b'<customSheetViews><customSheetView guid="{1}"/></customSheetViews>')
    put(parts, BOOK, b"<bookViews", b'<workbookProtection lockStructure="1"/>')


def modern(parts: Parts) -> None:
    parts[BOOK] = parts[BOOK].replace(
        b"<workbook ",
        b'<workbook xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15 xr" '
        b'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
        b'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" ', 1,
    )  # fmt: skip
    put(parts, BOOK, b"<bookViews", b'<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\" xmlns:'
        b'x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
        b'<xr:revisionPtr revIDLastSave="0" documentId="8_{1}"/>')  # fmt: skip
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(
        b"<styleSheet ",
        b'<styleSheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
        b'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" ', 1,
    )  # fmt: skip
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"<fonts ", b'<fonts x14ac:knownFonts="1" ', 1)


def chained(parts: Parts) -> None:
    add(parts, "xl/calcChain.xml", b"<calcChain xmlns='" + MAIN + b"'><c r='D1' i='1'/></calcChain>", "calcChain",
        BOOK, f"{SHEET_ML}.calcChain+xml")  # fmt: skip


_STRICT = (
    (b"spreadsheetml/2006/main", b"spreadsheetml/main"),
    (b"officeDocument/2006/", b"officeDocument/"),
    (b"drawingml/2006/", b"drawingml/"),
)


def strict(parts: Parts) -> None:
    for name in parts:
        if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml":
            for old, new in _STRICT:
                words = (b"http://schemas.openxmlformats.org/" + old, b"http://purl.oclc.org/ooxml/" + new)
                parts[name] = parts[name].replace(*words)


def prefixed(parts: Parts) -> None:
    for name in (BOOK, SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "xl/tables/table1.xml"):
        part = parts[name].replace(b'xmlns="' + MAIN, b'xmlns:x="' + MAIN)
        parts[name] = re.sub(rb"<(/?)([A-Za-z]\w*)(?=[\s/>])", rb"<\1x:\2", part)


def utf16(parts: Parts) -> None:
    for name in (
        BOOK,
        SHEET,
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    ):
        text = parts[name].decode().replace("UTF-8", "UTF-16")
        parts[name] = text.encode("utf-16")


def absolute(parts: Parts) -> None:
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b'Target="', b'Target="/')
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b'Target="', b'Target="/xl/')


def elsewhere(parts: Parts) -> None:
    for name in list(parts):
        if name.startswith("xl/"):
            parts["parts/deep/" + name[3:]] = parts.pop(name)
    for name, part in parts.items():
        parts[name] = part.replace(b"/xl/", b"/parts/deep/").replace(b'"xl/', b'"parts/deep/')


def bare(parts: Parts) -> None:
    """A workbook as little programs write it: no styles, no shared strings, no properties, no table."""
    kept = b'<row r="1"><c r="A1" t="inlineStr"><is><t>bare</t></is></c><c><v>2</v></c></row>'
    sheet = b"<worksheet xmlns='" + MAIN + b"'><sheetData>" + kept + b"</sheetData></worksheet>"
    head = b'<?xml version="1.0"?>'
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts.clear()
    parts["[Content_Types].xml"] = head + (
        b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='rels' "
        b"ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Override PartName='/book.xml' "
        b"ContentType='" + f"{SHEET_ML}.sheet.main+xml".encode() + b"'/><Override PartName='/one.xml' ContentType='"
        + f"{SHEET_ML}.worksheet+xml".encode() + b"'/></Types>"
    )  # fmt: skip
    for rels, number, kind, target in (
        ("_rels/.rels", "a", "officeDocument", "book.xml"), ("_rels/book.xml.rels", "b", "worksheet", "one.xml"),
    ):  # fmt: skip
        entry = f"<Relationship Id='{number}' Type='{OFFICE}/{kind}' Target='{target}'/>"
        parts[rels] = f"<Relationships xmlns='{relations}'>{entry}</Relationships>".encode()
    parts["book.xml"] = (
        f"<workbook xmlns='{MAIN.decode()}' xmlns:r='{OFFICE}'><sheets><sheet name='One' sheetId='5' r:id='b'/>"
        "</sheets></workbook>"
    ).encode()
    parts["one.xml"] = sheet


def shared_formulas(parts: Parts) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><f t="shared"%s si="0">%s</f><v>1</v></c></row>'
        % (row, row, b' ref="A20:A39"' if row == 20 else b"", b"B1+1" if row == 20 else b"")
        for row in range(20, 40)
    )
    put(parts, SHEET, b"</sheetData>", rows)


def by_hand(change: Callable[[Parts], object], pack: Callable[[Parts], bytes] = zipped) -> bytes:
    parts = base()
    change(parts)
    return pack(parts)


def with_folders(parts: Parts) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = b"made by hand"
        for folder in ("xl/", "xl/worksheets/"):
            archive.writestr(zipfile.ZipInfo(folder), b"")
        for at, (name, part) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, (2024, 2, 29, 23, 59, 58))
            info.compress_type = zipfile.ZIP_DEFLATED if at % 2 else zipfile.ZIP_STORED
            info.extra = b"\x55\x54\x05\x00\x01\x00\x00\x00\x00"
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, part)
    return target.getvalue()


def _nothing(parts: Parts) -> None:
    """Change nothing."""


def by_openpyxl() -> bytes:
    target = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(zipped(base())))
    book.save(target)
    return target.getvalue()


def kept() -> dict[str, bytes]:
    """Return the workbooks that must come through whole."""
    made = {
        fill.__name__: with_writer(fill)
        for fill in (plain, charts, rules, pictures, arrays, scopes, linked, buttons)
    }  # fmt: skip
    changes = (
        threaded, rich_data, custom_xml, external, signed_macros, active_x, embedded, pivot, slicers, queries, views,
        modern, chained, strict, prefixed, utf16, absolute, elsewhere, bare, shared_formulas,
    )  # fmt: skip
    made |= {change.__name__: by_hand(change) for change in changes}
    made |= {
        "data descriptors": by_hand(_nothing, streamed),
        "zip64": by_hand(_nothing, lambda parts: zipped(parts, zip64=True)),
        "stored": by_hand(_nothing, lambda parts: zipped(parts, zipfile.ZIP_STORED)),
        "folders and extras": by_hand(_nothing, with_folders),
        "strict and prefixed": by_hand(lambda parts: (prefixed(parts), strict(parts))),
        "1904": with_writer(plain, date_1904=True),
        "openpyxl": by_openpyxl(),
    }
    return made


def refused() -> dict[str, tuple[bytes, str]]:
    """Return the workbooks that cannot be kept whole, with the code each is refused by."""

    def signed(parts: Parts) -> None:
        kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
        origin = "application/vnd.openxmlformats-package.digital-signature-origin"
        add(parts, "_xmlsignatures/origin.sigs", b"", kind, "", origin)

    def shared(parts: Parts) -> None:
        add(parts, "xl/revisions/revisionHeaders.xml", b"<headers xmlns='" + MAIN + b"'/>", "revisionHeaders", BOOK,
            f"{SHEET_ML}.revisionHeaders+xml")  # fmt: skip

    def binary(parts: Parts) -> None:
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            f"{SHEET_ML}.sheet.main+xml".encode(), b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
        )

    return {
        "package signature": (by_hand(signed), "TC602"),
        "shared in the old way": (by_hand(shared), "TC603"),
        "xlsb": (by_hand(binary), "TC660"),
        "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "TC660"),
        "xls": (OLE + "Workbook".encode("utf-16-le"), "TC660"),
    }
