"""Scenarios: named lists of changes to input cells, as an analyst types them.

Owns: which cells a row of Scenarios means, and what becomes of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.building.texts import is_blank, key_of, text_of
from engine.codes import issue
from engine.fields import TABLE, normalise_header
from engine.issues import Issue, Place
from engine.tables import Inputs, InputTable
from engine.whatif.edits import Edit, value_at
from solver.frozen import frozen

_CHANGE = re.compile(r"([=+\-−–×x*]?)\s*(\d[\d\s ,.]*)\s*(%?)\s*[A-Za-z]*")
_MINUS = "-−–"


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
    sign, digits, percent = found[1], re.sub(r"[\s ,]", "", found[2]), found[3]
    try:
        number = float(digits) / (100 if percent else 1)
    except ValueError:
        return None
    if sign in ("×", "x", "*") and sign:
        return Change(factor=number)
    if sign in ("", "="):
        return Change(number=number)
    number = -number if sign in _MINUS else number
    return Change(factor=1 + number) if percent else Change(plus=number)


def scenario_edits(inputs: Inputs, rows: Sequence[ScenarioRow]) -> tuple[list[Edit], list[Issue]]:
    """Return the cells that a scenario changes, row by row on top of each other, and the rows that mean none."""
    edits: dict[Place, Edit] = {}
    issues: list[Issue] = []
    for row in rows:
        change = parse_change(row.change)
        table = next((each for name, each in inputs.tables.items() if _same(name, row.table)), None)
        places = _places(table, row) if table is not None else []
        if change is None:
            issues.append(issue("TC925", row.place, f"the change “{text_of(row.change)}”"))
        elif not places:
            what = f"no row of {row.table} with {', '.join(row.keys) or 'anything'} and a column {row.column}"
            issues.append(issue("TC925", row.place, what if table is not None else f"no table “{row.table}”"))
        else:
            changed = [_edit(inputs, place, change, edits) for place in places]
            edits |= {edit.place: edit for edit in changed if edit is not None}
            if not any(changed):
                issues.append(issue("TC925", row.place, f"no number in {row.column} to change"))
    return list(edits.values()), issues


def _edit(inputs: Inputs, place: Place, change: Change, edits: dict[Place, Edit]) -> Edit | None:
    """Return the change of one cell; None where a change on what stands there finds nothing."""
    before = value_at(inputs, place)
    standing = edits[place].now if place in edits else before
    if standing is None:
        return Edit(place, before, change.number) if change.number is not None else None
    return Edit(place, before, change.of(standing))


def _places(table: InputTable, row: ScenarioRow) -> list[Place]:
    field = next((name for name in table.values if _same(name, row.column)), None)
    extra = next((each for each in table.extra if _same(str(each.header), row.column)), None)
    keys = [each.name for each in TABLE[table.name].fields if each.key and each.name in table.values]
    columns = [table.values[name].tolist() for name in keys]
    places = []
    for record in range(len(table)):
        held = {key_of(column[record]) for column in columns if not is_blank(column[record])}
        if not all(word in held for word in row.keys):
            continue
        if field is not None:
            places.append(table.place(record, field))
        elif extra is not None:
            places.append(replace(table.place_in(record, extra), field=str(extra.header)))
    return places


def _words(value: object) -> tuple[str, ...]:
    return tuple(key_of(word) for word in re.split(r"[;,]", text_of(value)) if word.strip())


def _same(one: str, other: str) -> bool:
    return normalise_header(one) == normalise_header(other)
