"""Rules that people laid over a whole column of our table follow it when it grows or shrinks, as they do in Excel.

Owns: ranges in rules of colour, of validation and of ignored errors on an engine's sheet.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from workbooks.addresses import cell_name
from workbooks.package.old_sheet import Rectangle
from workbooks.package.xml import XmlError, local_name

_WITH_RANGES = frozenset({"conditionalFormatting", "dataValidation", "ignoredError", "protectedRange"})


def stretch(root: etree._Element, before: Rectangle, after: Rectangle) -> None:
    """Let ranges that reach from the first to the last record of a table do so again.

    Parameters
    ----------
    root : a sheet's part
    before, after : the table as it was and as it will be
    """
    if before.bottom == after.bottom:
        return
    for element in root.iter():
        name = local_name(element)
        if name in _WITH_RANGES and "sqref" in element.attrib:
            element.set("sqref", _stretched(element.get("sqref", ""), before, after))
        elif name == "sqref" and element.text:  # of extensions
            element.text = _stretched(element.text, before, after)


def _stretched(ranges: str, before: Rectangle, after: Rectangle) -> str:
    return " ".join(_range(each, before, after) for each in ranges.split())


def _range(text: str, before: Rectangle, after: Rectangle) -> str:
    try:
        found = Rectangle.of(text)
    except XmlError:
        return text  # whole columns or rows reach far enough
    if (found.top, found.bottom) != (before.top + 1, before.bottom) or found.left > before.right:
        return text
    longer = replace(found, bottom=after.bottom)
    return f"{cell_name(longer.top, longer.left)}:{cell_name(longer.bottom, longer.right)}"
