"""From the number of a cell format back to a ``Style``: the way of ``StyleBook`` walked backwards.

Owns: reading formats, as we or another program wrote them.
"""

from __future__ import annotations

from lxml import etree

from workbooks.package.limits import MOST_TAGS_OF_STYLES
from workbooks.package.namespaces import Dialect
from workbooks.package.styles import BUILT_IN
from workbooks.package.xml import local_name, number_of, parsed
from workbooks.tabs.model import PLAIN, ColourWhen, Style


class StyleReader:
    """The style part of a package, to be asked what its formats look like."""

    def __init__(self, data: bytes | None, dialect: Dialect) -> None:
        self._dialect = dialect
        self._root = parsed(data, MOST_TAGS_OF_STYLES) if data is not None else None
        self._codes = {number: code for code, number in BUILT_IN.items()}
        self._codes |= {number_of(each, "numFmtId"): each.get("formatCode", "") for each in self._family("numFmts")}
        self._known: dict[int, Style] = {}

    def style(self, number: int) -> Style:
        """Return what a cell format looks like; a plain one where there is none of that number."""
        if number not in self._known:
            formats = self._family("cellXfs")
            self._known[number] = self._read(formats[number]) if 0 <= number < len(formats) else PLAIN
        return self._known[number]

    def rule(self, number: int, cells: str, formula: str) -> ColourWhen | None:
        """Return the colour rule of a differential format, None where it sets other things than our rules do."""
        formats = self._family("dxfs")
        if not 0 <= number < len(formats):
            return None
        fill = _colour(formats[number], "bgColor")
        colour = _colour(formats[number], "color")
        return ColourWhen(cells, formula, fill, colour) if fill and colour else None

    def _read(self, xf: etree._Element) -> Style:
        font = self._member("fonts", number_of(xf, "fontId"))
        plain = self._member("fonts", 0)
        border = self._member("borders", number_of(xf, "borderId"))
        alignment = next((each for each in xf if local_name(each) == "alignment"), None)
        set_there = {str(key): str(value) for key, value in alignment.attrib.items()} if alignment is not None else {}
        size = _value(font, "sz")
        return Style(
            number_format=self._codes.get(number_of(xf, "numFmtId"), "General"),
            bold=_is_set(font, "b"),
            italic=_is_set(font, "i"),
            size=float(size) if size and size != _value(plain, "sz") else 0,
            colour=_colour(font, "color"),
            fill=_colour(self._member("fills", number_of(xf, "fillId")), "fgColor"),
            align=set_there.get("horizontal", ""),
            indent=int(set_there.get("indent", "0")),
            wrap=set_there.get("wrapText") in ("1", "true"),
            border_top=_colour(_child(border, "top"), "color"),
            border_bottom=_colour(_child(border, "bottom"), "color"),
        )

    def _family(self, name: str) -> list[etree._Element]:
        found = self._root.find(self._dialect.tag(name)) if self._root is not None else None
        return list(found) if found is not None else []

    def _member(self, family: str, number: int) -> etree._Element | None:
        members = self._family(family)
        return members[number] if 0 <= number < len(members) else None


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((each for each in element if local_name(each) == name), None) if element is not None else None


def _is_set(font: etree._Element | None, name: str) -> bool:
    found = _child(font, name)
    return found is not None and found.get("val", "1") not in ("0", "false")


def _value(font: etree._Element | None, name: str) -> str:
    found = _child(font, name)
    return found.get("val", "") if found is not None else ""


def _colour(element: etree._Element | None, name: str) -> str:
    """Return RRGGBB of the first colour of that name below an element, "" where it has none of its own."""
    if element is None:
        return ""
    found = next((each for each in element.iter() if local_name(each) == name), None)
    return found.get("rgb", "")[-6:] if found is not None else ""
