"""Notes on headers: a part with their texts, and a drawing in an old language that Excel wants beside it.

Owns: the XML of both.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.package.namespaces import MAIN, Dialect
from workbooks.package.texts import escaped
from workbooks.tabs.model import Table

_AUTHOR = "target-cascade"


@frozen
class Note:
    """A note on a cell."""

    row: int
    column: int
    text: str


def notes_of(table: Table | None) -> list[Note]:
    """Return the notes on the headers of a table."""
    if table is None:
        return []
    return [Note(table.top, table.left + at, column.note) for at, column in enumerate(table.columns) if column.note]


def is_ours(root: etree._Element, dialect: Dialect) -> bool:
    """Whether nobody but us wrote the notes of a part."""
    return all((author.text or "") == _AUTHOR for author in root.iter(dialect.tag("author")))


def comments_xml(notes: Sequence[Note]) -> str:
    """Return the part with the texts."""
    listed = "".join(
        f'<comment ref="{cell_name(note.row, note.column)}" authorId="0"><text><r><t xml:space="preserve">'
        f"{escaped(note.text)}</t></r></text></comment>"
        for note in notes
    )
    return (
        f'<comments xmlns="{MAIN}"><authors><author>{_AUTHOR}</author></authors>'
        f"<commentList>{listed}</commentList></comments>"
    )


def vml_xml(notes: Sequence[Note], shapes_from: int) -> str:
    """Return the drawing. shapes_from : number of the sheet, so that shape ids differ from sheet to sheet."""
    shapes = "".join(_shape(note, f"_x0000_s{shapes_from * 1024 + at}") for at, note in enumerate(notes, start=1))
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
        f'data="{shapes_from}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
        'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
        f'o:connecttype="rect"/></v:shapetype>{shapes}</xml>'
    )


def _shape(note: Note, shape_id: str) -> str:
    lines = 2 + len(note.text) // 28
    anchor = f"{note.column}, 12, {max(note.row - 2, 0)}, 4, {note.column + 2}, 40, {note.row - 1 + lines}, 4"
    return (
        f'<v:shape id="{shape_id}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" '
        'obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div '
        'style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        f"<x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{note.row - 1}</x:Row>"
        f"<x:Column>{note.column - 1}</x:Column></x:ClientData></v:shape>"
    )
