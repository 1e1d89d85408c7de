"""Packages as the corpus makes them: from parts, part by part, in each way a ZIP file can be written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import xlsxwriter

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 12
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MS = "http://schemas.microsoft.com/office"
SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"

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
