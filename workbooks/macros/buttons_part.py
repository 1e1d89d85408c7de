"""Buttons as a part of a package: the drawing in an old language in which Excel keeps form controls.

Owns: the XML of the buttons.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.macros.buttons import Button
from workbooks.package.texts import escaped
from workbooks.tabs.control import LABELS, button_row

_IDS_A_SHEET = 1024


def buttons_vml(buttons: Sequence[Button], sheet_number: int) -> str:
    """Return the drawing.

    Parameters
    ----------
    sheet_number : so that shape ids differ from those of other sheets
    """
    shapes = "".join(_shape(button, at, sheet_number * _IDS_A_SHEET + at + 1) for at, button in enumerate(buttons))
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
        f'data="{sheet_number}"/></o:shapelayout><v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" '
        'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path shadowok="f" o:extrusionok="f" '
        'strokeok="f" fillok="f" o:connecttype="rect"/><o:lock v:ext="edit" shapetype="t"/></v:shapetype>'
        f"{shapes}</xml>"
    )


def _shape(button: Button, at: int, shape_id: int) -> str:
    row = button_row(at) - 1
    column = LABELS - 1
    # left column, pixels into it, top row, pixels, right column, pixels, bottom row, pixels
    anchor = f"{column}, 4, {row}, 4, {column}, 178, {row}, 36"
    return (
        f'<v:shape id="_x0000_s{shape_id}" type="#_x0000_t201" style="position:absolute;z-index:{at + 1};'
        'mso-wrap-style:tight" o:button="t" fillcolor="buttonFace [67]" strokecolor="windowText [64]" '
        'o:insetmode="auto"><v:fill color2="buttonFace [67]" o:detectmouseclick="t"/><o:lock v:ext="edit" '
        'rotation="t"/><v:textbox style="mso-direction-alt:auto" o:singleclick="f"><div style="text-align:center">'
        f'<font face="Calibri" size="220" color="#000000">{escaped(button.caption)}</font></div></v:textbox>'
        f'<x:ClientData ObjectType="Button"><x:Anchor>{anchor}</x:Anchor><x:PrintObject>False</x:PrintObject>'
        f"<x:AutoFill>False</x:AutoFill><x:FmlaMacro>[0]!{button.macro}</x:FmlaMacro><x:TextHAlign>Center"
        "</x:TextHAlign><x:TextVAlign>Center</x:TextVAlign></x:ClientData></v:shape>"
    )
