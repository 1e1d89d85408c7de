"""Code names: what macros call the sheets of a workbook.

Owns: giving one to each sheet that has none, by a change of a few bytes at the head of its part.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

from workbooks.package.book import Book

_HEAD = 4096
_PROPERTIES = re.compile(rb"<((?:\w+:)?)sheetPr\b([^>]*?)(/?)>")
_ROOT = re.compile(rb"<((?:\w+:)?)(?:worksheet|chartsheet)\b[^>]*>")
_CODE_NAME = re.compile(rb"""\scodeName=["']([^"']*)["']""")


def give_code_names(book: Book, skipped: Collection[str]) -> dict[str, str]:
    """Give every sheet a code name that has none, and return code name → kind in the order of the sheets.

    Parameters
    ----------
    skipped : names of sheets that are left as they are, without one
    """
    sheets = [sheet for sheet in book.sheets if sheet.kind in ("worksheet", "chartsheet")]
    present = {sheet.part: code_name(book.parts.part(sheet.part)) for sheet in sheets}
    taken = {name.casefold() for name in present.values() if name}
    names = {}
    for sheet in sheets:
        name = present[sheet.part]
        if not name and sheet.name not in skipped:
            name = next(each for number in count(1) if (each := f"Sheet{number}").casefold() not in taken)
            taken.add(name.casefold())
            book.parts.put(sheet.part, with_code_name(book.parts.part(sheet.part), name))
        if name:
            names[name] = sheet.kind
    return names


def code_name(part: bytes) -> str:
    """Return the code name of a sheet, "" where it has none."""
    found = _PROPERTIES.search(part[:_HEAD])
    named = _CODE_NAME.search(found.group(2)) if found else None
    return named.group(1).decode() if named else ""


def with_code_name(part: bytes, name: str) -> bytes:
    """Return a sheet's part with a code name; every other byte is as it was."""
    attribute = f' codeName="{name}"'.encode()
    found = _PROPERTIES.search(part[:_HEAD])
    if found:
        at = found.start() + len(b"<sheetPr") + len(found.group(1))
        return part[:at] + attribute + part[at:]
    root = _ROOT.search(part[:_HEAD])
    if root is None:
        raise ValueError("a sheet without a root element")
    return part[: root.end()] + b"<" + root.group(1) + b"sheetPr" + attribute + b"/>" + part[root.end() :]
