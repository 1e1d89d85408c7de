"""The engine's mark in a workbook: which sheets are ours, and what was written on them.

A very hidden sheet holds a record per sheet; a hidden name per sheet follows it when people rename it. Both survive a
save by Excel and by LibreOffice.

Owns: the form of the mark.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from solver.frozen import frozen
from workbooks.addresses import cell_name, column_letters
from workbooks.package.book import Book
from workbooks.package.digests import Digests, unpacked
from workbooks.package.namespaces import MAIN
from workbooks.package.texts import escaped

MARK_SHEET = "_target_cascade"
UNDO_SHEET = "_target_cascade_undo"
"""Very hidden, too: what a click on an open workbook replaced."""

NAME_START = "_tc_"
_CHUNK = 30_000
_HOLDS = "holds of now"
_WORDS = "target-cascade knows its own sheets by this page. Please leave it."


@frozen
class SheetRecord:
    """What was written on one of our sheets.

    part_hash : of the sheet's part as we wrote it; size : bytes of that part, -1 = earlier versions did not say
    table : range of the table, "" where it has none
    loose : our cells outside the table
    rules : formulas of our colour rules
    digests : of the table, None where it is not watched
    is_whole : the part is all ours; otherwise other people's things stand around our cells
    status : those of ``loose`` that tell how far people are with the plan, from left to right and down
    """

    part_hash: str
    table: str
    loose: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    digests: Digests | None = None
    is_whole: bool = True
    status: tuple[str, ...] = ()
    size: int = -1


def hidden_name(logical: str) -> str:
    """Return the defined name that follows one of our sheets."""
    return NAME_START + logical.replace(" ", "_")


def own_sheet_names(book: Book) -> dict[str, str]:
    """Return our sheets in a book: logical name → what the sheet is called now."""
    present = {sheet.name.casefold(): sheet.name for sheet in book.sheets}
    found = {}
    for name in book.names:
        if not name.name.startswith(NAME_START) or name.sheet is not None:
            continue  # a copy of one of our sheets brings a name of its own: it is not ours
        sheet = sheet_of_name(name.text)
        if sheet.casefold() in present:
            found[name.name[len(NAME_START) :].replace("_", " ")] = present[sheet.casefold()]
    return found


def records_from(rows: Sequence[Sequence[object]]) -> dict[str, SheetRecord]:
    """Return the records on the mark sheet; what cannot be read counts as not there."""
    found = {}
    for row in rows[1:]:
        texts = [str(value) for value in row if value not in (None, "")]
        try:
            held = json.loads("".join(texts[1:]))
            digests = unpacked(held["digests"]) if "digests" in held else None
            found[texts[0]] = SheetRecord(
                held["hash"],
                held["table"],
                tuple(held["loose"]),
                tuple(held["rules"]),
                digests,
                not held.get("around"),
                tuple(held.get("status", ())),
                int(held.get("size", -1)),
            )
        except (ValueError, KeyError, IndexError, TypeError):
            continue
    return found


def holds_from(rows: Sequence[Sequence[object]]) -> dict[str, float]:
    """Return what limits that hold ``now`` were found to hold, by row of Limits."""
    for row in rows[1:]:
        texts = [str(value) for value in row if value not in (None, "")]
        if texts[:1] == [_HOLDS]:
            try:
                return {str(key): float(value) for key, value in json.loads("".join(texts[1:])).items()}
            except (ValueError, TypeError, AttributeError):
                return {}
    return {}


def mark_xml(records: Mapping[str, SheetRecord], holds: Mapping[str, float] | None = None) -> str:
    """Return the mark sheet as a part."""
    listed: list[tuple[str, Mapping[str, object]]] = [(name, _held(record)) for name, record in records.items()]
    if holds:
        listed.append((_HOLDS, dict(sorted(holds.items()))))
    texts = [(name, json.dumps(held, ensure_ascii=True, separators=(",", ":"))) for name, held in listed]
    return hidden_sheet_xml(_WORDS, texts)


def hidden_sheet_xml(words: str, rows: Sequence[tuple[str, str]]) -> str:
    """Return a sheet that holds texts of any length, a row each: its name, then the text in pieces.

    Parameters
    ----------
    words : what the first cell tells whoever comes across it
    """
    made = [f'<row r="1">{_text(1, 1, words)}</row>']
    for at, (name, text) in enumerate(rows, start=2):
        chunks = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
        cells = "".join(_text(at, column, chunk) for column, chunk in enumerate([name, *chunks], start=1))
        made.append(f'<row r="{at}">{cells}</row>')
    last = cell_name(len(made), 2)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><dimension '
        f'ref="A1:{last}"/><sheetData>{"".join(made)}</sheetData></worksheet>'
    )


def _held(record: SheetRecord) -> dict[str, object]:
    held: dict[str, object] = {
        "hash": record.part_hash,
        "table": record.table,
        "loose": list(record.loose),
        "rules": list(record.rules),
    }
    if not record.is_whole:
        held["around"] = True
    if record.status:
        held["status"] = list(record.status)
    if record.size >= 0:
        held["size"] = record.size
    if record.digests is not None:
        held["digests"] = record.digests.packed()
    return held


def _text(row: int, column: int, text: str) -> str:
    return f'<c r="{column_letters(column)}{row}" t="inlineStr"><is><t>{escaped(text)}</t></is></c>'


def sheet_of_name(reference: str) -> str:
    """Return the sheet of a reference like ``'People''s plan'!$A$1``."""
    sheet = reference.rsplit("!", 1)[0].removeprefix("$")
    if sheet.startswith("'"):
        return sheet[1:-1].replace("''", "'")
    return sheet
