"""Scenarios: named lists of changes to input cells, numbers and words, as an analyst types them.

Owns: which cells a row of Scenarios means, and what becomes of each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from engine.building.texts import is_blank, key_of, text_of
from engine.codes import issue
from engine.fields import TABLE, Field, Type, normalise_header
from engine.issues import Issue, Place
from engine.tables import Inputs, InputTable
from engine.whatif.edits import Edit, WordEdit, raw_at, value_at
from solver.frozen import frozen

_CHANGE = re.compile(r"([=+\-−–×x*]?)\s*(\d[\d\s ,.]*)\s*(%?)\s*[A-Za-z]*")
_MINUS = "-−–"
_MADE = "Excel makes that of +5 % or −20; type it with an apostrophe in front, or format the column as text"


@frozen
class Change:
    """What becomes of a number: factor × number + plus, or ``number`` instead of it."""

    factor: float = 1.0
    plus: float = 0.0
    number: float | None = None

    def of(self, before: float) -> float:
        """Return the number that stands there then."""
        return self.number if self.number is not None else self.factor * before + self.plus


@frozen
class ScenarioRow:
    """A row of Scenarios. table, column : as typed; keys : words that the row to be changed holds."""

    scenario: str
    table: str
    keys: tuple[str, ...]
    column: str
    change: object
    place: Place


def scenario_rows(inputs: Inputs) -> list[ScenarioRow]:
    """Return the rows of the table Scenarios, none where there is no such table."""
    table = inputs.tables.get("Scenarios")
    if table is None:
        return []
    names = ("Scenario", "Table", "Key", "Column", "Change")
    columns = [table.values[name].tolist() if name in table.values else [None] * len(table) for name in names]
    return [
        ScenarioRow(
            text_of(scenario), text_of(of), _words(key), text_of(column), change, table.place(record, "Change")
        )
        for record, (scenario, of, key, column, change) in enumerate(zip(*columns, strict=True))
        if not is_blank(scenario)
    ]  # fmt: skip


def parse_change(value: object) -> Change | None:
    """Return what a cell of Change means; None where that is not certain.

    >>> parse_change("+5 %").of(200), parse_change("−20 FTE").of(100), parse_change(7.0).of(1)
    (210.0, 80.0, 7.0)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Change(number=float(value))
    found = _CHANGE.fullmatch(text_of(value).strip())
    if found is None:
        return None
    sign, percent = found[1], found[3]
    read = _number(re.sub(r"\s", "", found[2]), is_percent=bool(percent))
    if read is None:
        return None
    number = read / (100 if percent else 1)
    if sign in ("×", "x", "*") and sign:
        return Change(factor=number)
    if sign in ("", "="):
        return Change(number=number)
    number = -number if sign in _MINUS else number
    return Change(factor=1 + number) if percent else Change(plus=number)


def _number(text: str, *, is_percent: bool) -> float | None:
    """Return a number as people of any country type it: 1,000 · 1.000,5 · 2,5; None where it is not certain.

    Notes
    -----
    A lone comma before three digits parts thousands: nobody types tenths of a thousandth of what is counted. Of a per
    cent it may be either.
    """
    marks = [each for each in text if each in ",."]
    if not marks:
        return float(text)
    last = marks[-1]
    whole, _, rest = text.rpartition(last)
    is_grouped = last == "," and len(rest) == 3 and not is_percent if len(marks) == 1 else len(set(marks)) == 1
    if len(marks) == 1 and last == "," and len(rest) == 3 and is_percent:
        return None
    if is_grouped:
        whole, rest = text, ""
    parts = re.split(r"[,.]", whole)
    if len(set(re.findall(r"[,.]", whole))) > 1 or any(len(part) != 3 for part in parts[1:]):
        return None
    return float(f"{''.join(parts)}.{rest or 0}")


def _is_made_by_excel(value: object, standing: Sequence[float]) -> bool:
    """Whether a number is what Excel makes of +5 % or −20 where the cell is none for text: nobody means 0.05 people.

    Parameters
    ----------
    standing : the numbers that it would take the place of
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return value < 0 or (0 < value < 1 and bool(standing) and min(standing) >= 1)


_Edits = Mapping[Place, Edit | WordEdit]

_OF_WORDS = frozenset({Type.TEXT, Type.CHOICE, Type.FLAG, Type.METRIC, Type.ORG, Type.QUEUE, Type.PERIOD, Type.ANY})
"""Types of columns in which words stand; what a row itself is called is no part of a scenario."""


def meant_by(value: object, column: Field | None, standing: object) -> Change | str | None:
    """Return what a cell of Change puts in the place of another: a change of a number, or a word; None = not certain.

    Parameters
    ----------
    column : None = a period or a metric as a column, which hold numbers
    standing : what stands there now
    """
    word, change = text_of(value).strip().removeprefix("=").strip(), parse_change(value)
    if column is None:
        return change
    if column.type not in _OF_WORDS:
        return word if key_of(word) in map(key_of, column.words) else change
    is_of_numbers = is_blank(standing) or parse_change(standing) is not None
    return change if column.type is Type.ANY and change is not None and is_of_numbers else word or None


def scenario_edits(inputs: Inputs, rows: Sequence[ScenarioRow]) -> tuple[list[Edit | WordEdit], list[Issue]]:
    """Return the cells that a scenario changes, row by row on top of each other, and the rows that mean none."""
    edits: dict[Place, Edit | WordEdit] = {}
    issues: list[Issue] = []
    for row in rows:
        found = _edits_of(inputs, row, edits)
        if isinstance(found, str):
            issues.append(issue("TC925", row.place, found))
        else:
            edits |= {edit.place: edit for edit in found}
    return list(edits.values()), issues


def _edits_of(inputs: Inputs, row: ScenarioRow, edits: _Edits) -> list[Edit | WordEdit] | str:
    """Return the cells that a row changes, or in words why it changes none. edits : of the rows above it."""
    table = next((each for name, each in inputs.tables.items() if _same(name, row.table)), None)
    if table is None:
        return f"no table “{row.table}”"
    places = _places(table, row)
    if not places:
        return f"no row of {row.table} with {', '.join(row.keys) or 'anything'} and a column {row.column}"
    column = next((each for each in TABLE[table.name].fields if _same(each.name, row.column)), None)
    standing = [number for place in places if (number := value_at(inputs, place)) is not None]
    if (column is None or column.type is Type.NUMBER) and _is_made_by_excel(row.change, standing):
        return f"the number {row.change:g}: {_MADE}"
    changed: list[Edit | WordEdit] = []
    for place in places:
        change = meant_by(row.change, column, raw_at(inputs, place))
        if change is None:
            return f"the change “{text_of(row.change)}”"
        edit = _edit(inputs, place, change, edits)
        changed += [edit] if edit is not None else []
    return changed or f"no number in {row.column} to change"


def _edit(inputs: Inputs, place: Place, change: Change | str, edits: _Edits) -> Edit | WordEdit | None:
    """Return the change of one cell; None where a change on what stands there finds nothing."""
    if isinstance(change, str):
        return WordEdit(place, text_of(raw_at(inputs, place)), change)
    before = value_at(inputs, place)
    standing = edits[place].now if place in edits else before
    if not isinstance(standing, float):
        return Edit(place, before, change.number) if change.number is not None else None
    return Edit(place, before, change.of(standing))


def _places(table: InputTable, row: ScenarioRow) -> list[Place]:
    field = next((name for name in table.values if _same(name, row.column)), None)
    extra = next((each for each in table.extra if _same(str(each.header), row.column)), None)
    keys = [each.name for each in TABLE[table.name].fields if each.key and each.name in table.values]
    held = [[key_of(value) for value in table.values[name].tolist()] for name in keys]
    places = []
    for record in _meant_records(held, len(table), set(row.keys)):
        if field is not None:
            places.append(table.place(record, field))
        elif extra is not None:
            places.append(replace(table.place_in(record, extra), field=str(extra.header)))
    return places


def _meant_records(held: Sequence[Sequence[str]], count: int, words: Set[str]) -> list[int]:
    """Return the records that hold all words; where none does, those that hold one of each column's.

    Parameters
    ----------
    held : per key column, what each record holds

    Notes
    -----
    ``Spam, Fraud`` are two queues: no row holds both, and both are meant. A word that stands nowhere means nothing.
    """
    rows = [[column[record] for column in held] for record in range(count)]
    whole = [record for record, row in enumerate(rows) if words <= set(row)]
    columns = [words & set(column) for column in held]  # which words stand in which column
    if whole or not words or not words <= set().union(*columns):
        return whole
    return [
        record
        for record, row in enumerate(rows)
        if all(value in own for value, own in zip(row, columns, strict=True) if own)
    ]


def _words(value: object) -> tuple[str, ...]:
    return tuple(key_of(word) for word in re.split(r"[;,]", text_of(value)) if word.strip())


def _same(one: str, other: str) -> bool:
    return normalise_header(one) == normalise_header(other)
