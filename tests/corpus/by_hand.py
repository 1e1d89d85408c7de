"""What people's workbooks hold and XlsxWriter has no word for, put into the parts of a small one by hand.

What counts is that parts, relationships and attributes of that kind are there, for no reader here looks further.
"""

from __future__ import annotations

import xlsxwriter

from tests.corpus.packing import BOOK, MAIN, MS, OFFICE, OLE, SHEET, SHEET_ML, Parts, add, parts_of, put, with_writer


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


def shared_formulas(parts: Parts) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><f t="shared"%s si="0">%s</f><v>1</v></c></row>'
        % (row, row, b' ref="A20:A39"' if row == 20 else b"", b"B1+1" if row == 20 else b"")
        for row in range(20, 40)
    )
    put(parts, SHEET, b"</sheetData>", rows)
