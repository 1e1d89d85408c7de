"""The style part: grown, never reordered, and only by what is not there yet.

Owns: turning a ``Style`` into the number of a cell format, and a colour rule into that of a differential format.
"""

from __future__ import annotations

from lxml import etree

from workbooks.package.limits import MOST_TAGS_OF_STYLES
from workbooks.package.namespaces import MAIN, Dialect
from workbooks.package.xml import XmlError, local_name, number_of, parsed, written
from workbooks.tabs.model import ColourWhen, Style

BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "@": 49}
"""Number formats that every workbook has, without saying so: code → number."""
_FIRST_OWN_FORMAT = 164
_DEEPEST = 40
_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_MINIMAL = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip


class StyleBook:
    """The style part of a package, to be asked for numbers of formats."""

    def __init__(self, data: bytes | None, dialect: Dialect) -> None:
        self._dialect = dialect
        self._root = parsed(data if data is not None else dialect.said(_MINIMAL).encode(), MOST_TAGS_OF_STYLES)
        self._is_changed = data is None
        self._cell_numbers: dict[Style, int] = {}
        self._known: dict[str, dict[object, int]] = {}

    def cell_format(self, style: Style) -> int:
        """Return the number of a cell format, adding it if it is new."""
        if style not in self._cell_numbers:
            self._cell_numbers[style] = self._add_cell_format(style)
        return self._cell_numbers[style]

    def colour_format(self, rule: ColourWhen) -> int:
        """Return the number of the differential format of a colour rule."""
        found = self._new("dxf")
        font = self._child(found, "font")
        self._child(font, "color", rgb=_argb(rule.colour))
        fill = self._child(self._child(found, "fill"), "patternFill")
        self._child(fill, "bgColor", rgb=_argb(rule.fill))
        return self._number("dxfs", found)

    def data(self) -> bytes | None:
        """Return the part, None where nothing was added."""
        return written(self._root) if self._is_changed else None

    def _add_cell_format(self, style: Style) -> int:
        found = self._new("xf")
        for name, number in (
            ("numFmtId", self._number_format(style.number_format)),
            ("fontId", self._font(style)),
            ("fillId", self._fill(style.fill)),
            ("borderId", self._border(style)),
            ("xfId", 0),
        ):
            found.set(name, str(number))
        for name, is_set in (
            ("applyNumberFormat", style.number_format != "General"),
            ("applyFont", bool(style.bold or style.italic or style.size or style.colour)),
            ("applyFill", bool(style.fill)),
            ("applyBorder", bool(style.border_top or style.border_bottom)),
        ):
            if is_set:
                found.set(name, "1")
        found.set("applyAlignment", "1")
        alignment = self._child(found, "alignment")
        for name, value in (
            ("horizontal", style.align),
            ("vertical", "top"),  # beside a wrapped text of several lines, the others start where it does
            ("wrapText", "1" if style.wrap else ""),
            ("indent", str(style.indent) if style.indent else ""),
        ):
            if value:
                alignment.set(name, value)
        return self._number("cellXfs", found)

    def _number_format(self, code: str) -> int:
        if code in BUILT_IN:
            return BUILT_IN[code]
        formats = self._part("numFmts")
        for element in formats:
            if element.get("formatCode") == code:
                return number_of(element, "numFmtId")
        number = max([_FIRST_OWN_FORMAT - 1, *(number_of(element, "numFmtId") for element in formats)]) + 1
        self._child(formats, "numFmt", numFmtId=str(number), formatCode=code)
        self._counted(formats)
        return number

    def _font(self, style: Style) -> int:
        fonts = self._part("fonts")
        if not (style.bold or style.italic or style.size or style.colour):
            return 0
        parts = {local_name(element): dict(element.attrib) for element in fonts[0]} if len(fonts) else {}
        if style.bold:
            parts["b"] = {}
        if style.italic:
            parts["i"] = {}
        if style.size:
            parts["sz"] = {"val": f"{style.size:g}"}
        if style.colour:
            parts["color"] = {"rgb": _argb(style.colour)}
        found = self._new("font")
        for name in sorted(
            parts, key=lambda each: _FONT_ORDER.index(each) if each in _FONT_ORDER else len(_FONT_ORDER)
        ):
            self._child(found, name, **parts[name])
        return self._number("fonts", found)

    def _fill(self, colour: str) -> int:
        if not colour:
            return 0
        found = self._new("fill")
        pattern = self._child(found, "patternFill", patternType="solid")
        self._child(pattern, "fgColor", rgb=_argb(colour))
        self._child(pattern, "bgColor", indexed="64")
        return self._number("fills", found)

    def _border(self, style: Style) -> int:
        if not (style.border_top or style.border_bottom):
            return 0
        found = self._new("border")
        for name, colour in (
            ("left", ""), ("right", ""), ("top", style.border_top), ("bottom", style.border_bottom), ("diagonal", ""),
        ):  # fmt: skip
            side = self._child(found, name)
            if colour:
                side.set("style", "thin")
                self._child(side, "color", rgb=_argb(colour))
        return self._number("borders", found)

    def _number(self, family: str, element: etree._Element) -> int:
        """Return the position of an element in its family, appending it if none is like it."""
        container = self._part(family)
        if family not in self._known:
            known: dict[object, int] = {}
            for at, each in enumerate(container):
                known.setdefault(_key(each), at)
            self._known[family] = known
        known = self._known[family]
        key = _key(element)
        if key not in known:
            known[key] = len(container)
            container.append(element)
            self._counted(container)
        return known[key]

    def _part(self, name: str) -> etree._Element:
        found = self._root.find(self._dialect.tag(name))
        if found is not None:
            return found
        found = self._new(name)
        later = _ORDER[_ORDER.index(name) + 1 :]
        for at, each in enumerate(self._root):
            if local_name(each) in later:
                self._root.insert(at, found)
                return found
        self._root.append(found)
        return found

    def _counted(self, container: etree._Element) -> None:
        container.set("count", str(len(container)))
        self._is_changed = True

    def _new(self, name: str) -> etree._Element:
        return self._root.makeelement(self._dialect.tag(name))

    def _child(self, parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        element = etree.SubElement(parent, self._dialect.tag(name))
        for key, value in attributes.items():
            element.set(key, value)
        return element


def _argb(colour: str) -> str:
    return f"FF{colour}"


def _key(element: etree._Element, depth: int = 0) -> object:
    """Return what an element says, whatever prefixes it is written with."""
    if depth > _DEEPEST:
        raise XmlError("formats nested deeper than any workbook's")
    attributes = tuple(sorted(element.attrib.items()))
    children = tuple(_key(each, depth + 1) for each in element if isinstance(each.tag, str))
    return local_name(element), attributes, (element.text or "").strip(), children
