"""The same workbook as other programs write it: other namespaces, encodings, places of parts; and next to nothing."""

from __future__ import annotations

import re

from tests.corpus.packing import BOOK, MAIN, OFFICE, SHEET, SHEET_ML, Parts

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
