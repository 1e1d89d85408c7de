"""A corpus of our own making: one workbook per feature that must survive, and those that must be refused by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl

from tests.corpus import by_hand, by_writer, dialects
from tests.corpus.packing import BOOK, MAIN, OLE, SHEET_ML, Parts, add, streamed, with_folders, with_writer, zipped


def _changed(change: Callable[[Parts], object], pack: Callable[[Parts], bytes] = zipped) -> bytes:
    parts = by_hand.base()
    change(parts)
    return pack(parts)


def _nothing(parts: Parts) -> None:
    """Change nothing."""


def by_openpyxl() -> bytes:
    target = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(zipped(by_hand.base())))
    book.save(target)
    return target.getvalue()


def kept() -> dict[str, bytes]:
    """Return the workbooks that must come through whole."""
    made = {
        fill.__name__: with_writer(fill)
        for fill in (
            by_writer.plain, by_writer.charts, by_writer.rules, by_writer.pictures, by_writer.arrays, by_writer.scopes,
            by_writer.linked, by_writer.buttons,
        )
    }  # fmt: skip
    changes = (
        by_hand.threaded, by_hand.rich_data, by_hand.custom_xml, by_hand.external, by_hand.signed_macros,
        by_hand.active_x, by_hand.embedded, by_hand.pivot, by_hand.slicers, by_hand.queries, by_hand.views,
        by_hand.modern, by_hand.chained, dialects.strict, dialects.prefixed, dialects.utf16, dialects.absolute,
        dialects.elsewhere, dialects.bare, by_hand.shared_formulas,
    )  # fmt: skip
    made |= {change.__name__: _changed(change) for change in changes}
    made |= {
        "data descriptors": _changed(_nothing, streamed),
        "zip64": _changed(_nothing, lambda parts: zipped(parts, zip64=True)),
        "stored": _changed(_nothing, lambda parts: zipped(parts, zipfile.ZIP_STORED)),
        "folders and extras": _changed(_nothing, with_folders),
        "strict and prefixed": _changed(lambda parts: (dialects.prefixed(parts), dialects.strict(parts))),
        "1904": with_writer(by_writer.plain, date_1904=True),
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
        "package signature": (_changed(signed), "TC602"),
        "shared in the old way": (_changed(shared), "TC603"),
        "xlsb": (_changed(binary), "TC660"),
        "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "TC660"),
        "xls": (OLE + "Workbook".encode("utf-16-le"), "TC660"),
    }
