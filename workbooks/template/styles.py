"""How cells of a new workbook look, as XlsxWriter format properties.

Owns: colours, number formats by field. One colour for inputs, one for assumptions.
"""

from __future__ import annotations

from typing import Any

from engine.fields import Field, Type

Properties = dict[str, Any]
"""Properties of one XlsxWriter format."""

INK = "#1F2933"
QUIET = "#616E7C"
LINE = "#CBD2D9"
HEADER = "#7B8794"
HEADER_REQUIRED = "#243B53"
INPUT = "#FFF8DB"
ASSUMED = "#FCE1C4"
GOOD, GOOD_INK = "#D3F2DD", "#14532D"
LOOK, LOOK_INK = "#FAD4D4", "#7A1212"
LINK = "#1D4ED8"

FONT: Properties = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "vcenter"}
TITLE: Properties = {**FONT, "bold": True, "font_size": 18}
HEADING: Properties = {**FONT, "bold": True, "font_size": 13, "bottom": 1, "bottom_color": LINE}
TEXT: Properties = {**FONT, "text_wrap": True, "valign": "top"}
PLAIN: Properties = {**FONT}
QUIET_TEXT: Properties = {**FONT, "font_color": QUIET, "italic": True}
LINK_TEXT: Properties = {**FONT, "font_color": LINK, "underline": 1}
GRID_HEADER: Properties = {**FONT, "bold": True, "bottom": 1, "bottom_color": HEADER, "text_wrap": True}
CHECK: Properties = {**FONT, "bold": True, "align": "center", "border": 1, "border_color": LINE}
COUNT: Properties = {**FONT, "num_format": "#,##0", "align": "right"}


def header_style(*, required: bool) -> Properties:
    """Return the style of a header; required ones are darker."""
    fill = HEADER_REQUIRED if required else HEADER
    return {
        **FONT,
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": fill,
        "text_wrap": True,
        "border": 1,
        "border_color": LINE,
    }


def input_style(number_format: str, *, assumed: bool) -> Properties:
    """Return the style of an input cell; an assumption has a colour of its own and italics."""
    return {
        **FONT,
        "bg_color": ASSUMED if assumed else INPUT,
        "italic": assumed,
        "border": 1,
        "border_color": LINE,
        "num_format": number_format,
    }


_BY_TYPE = {Type.SHARE: "0.0%", Type.DATE: "yyyy-mm-dd", Type.ANY: "General"}
_BY_UNIT = {"s": "#,##0.0", "FTE": "#,##0.0", "h/FTE": "#,##0.0", "h/FTE/day": "0.0", "days": "0.0", "h": "#,##0"}
_BY_NAME = {"Priority": "0", "Ramp": "0.00"}


def number_format(field: Field) -> str:
    """Return the number format of a column; text columns are text, so that ids like 001 stay what they are."""
    if field.type is not Type.NUMBER:
        return _BY_TYPE.get(field.type, "@")
    return _BY_NAME.get(field.name) or _BY_UNIT.get(field.unit) or "#,##0"
