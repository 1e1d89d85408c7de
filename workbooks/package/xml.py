"""XML parts of a package: read without trusting them, written as they were but for what changed.

Owns: the parser and its refusals.
"""

from __future__ import annotations

from lxml import etree

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


HEAD = 4096
"""Bytes of a part among which a document type declaration is looked for."""


class XmlError(ValueError):
    """A part is not XML that we read."""


def parsed(data: bytes) -> etree._Element:
    """Return the root of an XML part.

    Raises
    ------
    XmlError
        Broken XML, or a document type declaration: no workbook has one, attacks have.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise XmlError(f"broken XML: {broken}") from broken
    if declares_type(data[:HEAD]):
        raise XmlError("a document type declaration")
    return root


def declares_type(head: bytes) -> bool:
    """Whether a part begins with a document type declaration: no workbook has one, attacks have."""
    return b"<!DOCTYPE" in head.replace(b"\0", b"").upper()


def written(root: etree._Element) -> bytes:
    """Return an XML part."""
    return _HEAD + etree.tostring(root, encoding="UTF-8")


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
