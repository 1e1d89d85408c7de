"""XML parts of a package: read without trusting them, written as they were but for what changed.

Owns: the parser and its refusals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from workbooks.package.archive import TooLargeError
from workbooks.package.limits import MOST_OF_A_TREE, MOST_TAGS_OF_A_TREE

_MOST_DIGITS = 12
_ATTRIBUTES = (b'="', b"='")
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


HEAD = 4096
"""Bytes of a part among which its first element must begin."""

_ENCODING = re.compile(r"""encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = re.compile(r"(?i)utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-8859-\d+|windows-125\d")


class XmlError(ValueError):
    """A part is not XML that we read."""


def parsed(data: bytes, most_tags: int = MOST_TAGS_OF_A_TREE) -> etree._Element:
    """Return the root of an XML part.

    Parameters
    ----------
    most_tags : more of them, attributes counted too, are refused before they are held in memory

    Raises
    ------
    XmlError
        Broken XML, or a document type declaration: no workbook has one, attacks have.
    TooLargeError
        More of it than a tree should hold.
    """
    check_beginning(data[:HEAD])
    if len(data) > MOST_OF_A_TREE:
        raise TooLargeError(f"a part of {len(data) / 2**20:,.0f} MiB that must be read as a whole")
    weight = data.count(b"<") + sum(map(data.count, _ATTRIBUTES))
    if weight > most_tags:
        raise TooLargeError(f"a part of {weight:,} tags and attributes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise XmlError(f"broken XML: {broken}") from broken
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise XmlError("a document type declaration")
    return root


def check_beginning(head: bytes) -> None:
    """Raise where a part begins in a way that no workbook's does, before any parser sees it.

    Parameters
    ----------
    head : its first bytes, ``HEAD`` of them where there are so many

    Raises
    ------
    XmlError
        A document type declaration, an odd encoding, or no element within these bytes.
    """
    text = _decoded(head)
    at = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    for start, end in _each_beginning(text, at):
        at = end
        encoding = _ENCODING.search(text[start:end]) if text.startswith("<?xml", start) else None
        if encoding is not None and not _ENCODINGS.fullmatch(encoding[1]):
            raise XmlError("an encoding that no workbook has")
    if text[at : at + 9].upper() == "<!DOCTYPE":
        raise XmlError("a document type declaration")
    if text[at : at + 1] != "<" or text[at + 1 : at + 2] in ("", "!", "?", "/"):
        raise XmlError("broken XML: no element where one should begin")


def _each_beginning(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield where instructions and comments before the first element start, and where what follows them starts."""
    ends = {"<?": "?>", "<!--": "-->"}
    while True:
        opening = next((each for each in ends if text.startswith(each, at)), None)
        if opening is None:
            return
        end = text.find(ends[opening], at)
        if end < 0:
            return
        end += len(ends[opening])
        end += len(text[end:]) - len(text[end:].lstrip())
        yield at, end
        at = end


def _decoded(head: bytes) -> str:
    for marks, encoding in (
        ((b"\xff\xfe", b"<\0"), "utf-16-le"),
        ((b"\xfe\xff", b"\0<"), "utf-16-be"),
        ((b"\xef\xbb\xbf",), "utf-8"),
    ):
        if head.startswith(marks):
            return head.decode(encoding, "replace")
    return head.decode("latin-1")


def number_of(element: etree._Element, name: str, default: int = 0) -> int:
    """Return the whole number in an attribute.

    Raises
    ------
    XmlError
        Something else stands there.
    """
    text = element.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.strip().lstrip("-").isdigit() and len(text) <= _MOST_DIGITS):
        raise XmlError(f"{local_name(element)} has {name} {text[:20]!r}")
    return int(text)


def written(root: etree._Element) -> bytes:
    """Return an XML part."""
    return _HEAD + etree.tostring(root, encoding="UTF-8")


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
