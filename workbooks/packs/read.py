"""A pack that came back: its stamp, and what was typed into it.

Rows are found by what they are about, not by where they stand: a pack may be renamed, sorted, saved by another
program, filled in by half.

Owns: reading a pack, and what makes it one that cannot be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from pathlib import Path

from solver.frozen import frozen
from workbooks.package.archive import ArchiveError
from workbooks.package.values import Values
from workbooks.package.xml import XmlError
from workbooks.packs.pack import HEADERS, PACK_SHEET, Line, Pack, unpacked
from workbooks.packs.write import responses
from workbooks.read.door import refuse

_LOOKED_AT = 50
_SAME = 1e-9

ACCEPT, COUNTER, OPEN = "accept", "counter", "open"
_WORDS = {
    "accept": ACCEPT, "accepted": ACCEPT, "yes": ACCEPT, "ok": ACCEPT, "counter": COUNTER, "no": COUNTER, "": OPEN,
}  # fmt: skip


@frozen
class Answer:
    """What a site says to one number. value : its own number, None without one; wrong : what is wrong with it."""

    line: Line
    answer: str
    value: float | None
    reason: str
    by: str
    at: str
    wrong: str = ""

    @property
    def meant(self) -> float:
        """The number that the site stands for: its own, or else what was proposed."""
        return self.value if self.answer == COUNTER and self.value is not None else self.line.proposed


Key = tuple[str, str, str]


@frozen
class Returned:
    """A file that came back.

    pack : None where it is none of ours; refused : why nothing of it is taken
    cells : row and column of the number of each answer, by the key of its line
    """

    file: str
    pack: Pack | None
    answers: tuple[Answer, ...] = ()
    refused: str = ""
    cells: Mapping[Key, tuple[int, int]] = field(default_factory=dict)


def read_returned(path: Path, data: bytes) -> Returned:
    """Return what came back in a file."""
    refused = refuse(data)
    if refused is not None:
        return Returned(path.name, None, refused=refused.found)
    try:
        values = Values(data)
        stamp = "".join(str(value) for row in values.rows(PACK_SHEET) for value in row)
        rows = values.rows("Responses")
    except (XmlError, ArchiveError) as broken:
        return Returned(path.name, None, refused=str(broken))
    pack = unpacked(stamp)
    if pack is None:
        return Returned(path.name, None, refused="no pack, or its stamp was changed")
    return _held_against(path.name, pack, rows)


class _ChangedError(ValueError):
    """A pack is not as it was sent; says where."""


def _held_against(file: str, pack: Pack, rows: list[list[object]]) -> Returned:
    try:
        answers, cells = _answers(pack, rows)
        return Returned(file, pack, answers, cells=cells)
    except _ChangedError as changed:
        return Returned(file, pack, refused=str(changed))


def _answers(pack: Pack, rows: list[list[object]]) -> tuple[tuple[Answer, ...], dict[Key, tuple[int, int]]]:
    """Return the answers in the order in which the numbers were sent, and where they stand.

    Raises
    ------
    _ChangedError
        Rows or proposed numbers are not those that were sent.
    """
    lines = {line.key: line for line in pack.lines}
    answers: dict[Key, Answer] = {}
    places: dict[Key, tuple[int, int]] = {}
    for place, cells in _records(rows, HEADERS[pack.by]):
        key = tuple(_text(cells[name]).casefold() for name in ("Metric", HEADERS[pack.by], "Period"))
        line = lines.get((key[0], key[1], key[2]))
        if line is None or line.key in answers:
            what = "that was not sent" if line is None else "twice"
            raise _ChangedError(f"it has a row {what}: {', '.join(key)}")
        proposed = _number(cells["Proposed"])
        if proposed is None or abs(proposed - line.proposed) > _SAME * max(1.0, abs(line.proposed)):
            told = "blank" if proposed is None else f"{proposed:,.10g}"
            raise _ChangedError(f"Proposed of {line.where} is {told}, not {line.proposed:,.10g}")
        answers[line.key], places[line.key] = _answer(line, cells), place
    gone = [line for line in pack.lines if line.key not in answers]
    if gone:
        raise _ChangedError(f"the row of {gone[0].where} is gone")
    return tuple(answers[line.key] for line in pack.lines), places


def _records(rows: list[list[object]], node: str) -> Iterator[tuple[tuple[int, int], dict[str, object]]]:
    """Yield the rows of the table Responses that hold something: where their number stands, and cells by header.

    node : header of the nodes
    """
    keys = {"Metric", node, "Period"}
    header = next((at for at, row in enumerate(rows[:_LOOKED_AT]) if keys <= set(map(str, row))), None)
    if header is None:
        raise _ChangedError("the table Responses is gone")
    at = {str(cell): column for column, cell in enumerate(rows[header])}
    missing = [name for name in responses(node) if name not in at]
    if missing:
        raise _ChangedError(f"the column {missing[0]} is gone")
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = {name: row[column] if column < len(row) else "" for name, column in at.items()}
        if any(_text(cells[name]) for name in keys):
            yield (number, at["Value"] + 1), cells


def _answer(line: Line, cells: dict[str, object]) -> Answer:
    word, value = _text(cells["Answer"]).casefold(), _number(cells["Value"])
    answer, wrong = _WORDS.get(word, OPEN), ""
    if word not in _WORDS:
        wrong = f"the answer {word!r} is neither accept nor counter"
    elif answer == COUNTER and (value is None or value < 0):
        answer, wrong = OPEN, _no_number(cells["Value"])
    elif answer == COUNTER and line.is_due and value == 0:
        answer, wrong = OPEN, "0 hours for Turnaround: nothing is done in no time"
    elif answer == COUNTER and line.is_share and value is not None and value > 1:
        answer, wrong = OPEN, f"{value:,.10g} for a share: 95 % is 0.95, or 95% with its sign"
    elif answer != COUNTER and value is not None and abs(value - line.proposed) > _SAME * max(1.0, line.proposed):
        answer, wrong = OPEN, f"the number {value:,.10g} without the answer counter"
    at = cells["At"]
    day = at.date().isoformat() if isinstance(at, datetime) else _text(at)
    return Answer(line, answer, value, _text(cells["Reason"]), _text(cells["By"]), day, wrong)


def _no_number(value: object) -> str:
    """Return what is wrong with the number of a counter-proposal."""
    if _text(value) == "":
        return "a counter-proposal without a number"
    return f"a counter-proposal of “{_text(value)[:40]}”, which is no number of 0 or more"


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value)
