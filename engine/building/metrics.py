"""Metrics: what is targeted, and which of them take hours.

Owns: rows of Metrics as columns of the plan, and finding a metric by its name.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.formula_column import read_formulas
from engine.building.journal import Problem
from engine.building.texts import key_of, quoted
from engine.plan import Metrics

_DECIMALS = ("0", "1", "2", "3", "4", "5", "6")


def read_metrics(reader: TableReader) -> Metrics | None:
    """Return the metrics, or None where no metric is usable."""
    table, journal = reader.table, reader.journal
    labels = reader.labels("Metric", required=True)
    if len(labels.distinct) == 0:
        if len(table) == 0:
            journal.add("TC210", table.whole(), "no metric")
        return None
    ids, decimals = reader.texts("Metric"), reader.texts("Decimals")
    kinds, units = reader.choices("Kind"), reader.texts("Unit")
    green, amber = reader.numbers("Green"), reader.numbers("Amber")
    better, flags = reader.choices("Better"), reader.flags("Uses capacity")
    first: dict[str, int] = {}
    for record, name in enumerate(ids):
        if name and first.setdefault(key_of(name), record) != record:
            found = f"metric “{name}” again; first in row {table.rows[first[key_of(name)]]}"
            journal.add("TC211", reader.place(record, "Metric"), found)
    rows = list(first.values())
    volumes = [record for record in rows if kinds[record] == "volume"]
    kinds_kept = tuple(kinds[record] for record in rows)
    uses = [record in volumes and _uses_capacity(reader, record, flags[record], len(volumes)) for record in rows]
    return Metrics(
        tuple(ids[record] for record in rows),
        kinds_kept,
        tuple(units[record] for record in rows),
        np.array([better[record] != "lower" for record in rows]),
        np.array(uses),
        tuple(_decimals(reader, record, decimals[record], kinds[record]) for record in rows),
        _balance_of(reader, rows, kinds_kept),
        tuple(float(green[record]) for record in rows),
        tuple(float(amber[record]) for record in rows),
        read_formulas(reader, rows, kinds_kept),
    )


def _balance_of(reader: TableReader, rows: list[int], kinds: tuple[str, ...]) -> tuple[int, ...]:
    """Return the volume whose backlog each metric is, −1 for those that are none."""
    ids, names = reader.texts("Metric"), reader.texts("Balance of")
    position = {key_of(ids[record]): at for at, record in enumerate(rows)}
    found: list[int] = []
    wrong: list[Problem] = []
    for at, record in enumerate(rows):
        name = names[record]
        volume = position.get(key_of(name), -1) if name else -1
        trouble = _balance_trouble(name, kinds[at], kinds[volume] if volume >= 0 else "", is_taken=volume in found)
        if name and trouble:
            wrong.append(Problem(reader.place(record, "Balance of"), trouble))
            volume = -1
        found.append(volume)
    reader.journal.add_each("TC253", wrong)
    return tuple(found)


def _balance_trouble(name: str, kind: str, kind_of_other: str, *, is_taken: bool) -> str:
    if kind != "stock":
        return f"Balance of for a {kind}"
    if kind_of_other != "volume":
        return f"{quoted(name)}, which is a {kind_of_other}" if kind_of_other else f"{quoted(name)}, which is no metric"
    return f"a second backlog of {quoted(name)}" if is_taken else ""


def _decimals(reader: TableReader, record: int, text: str, kind: str) -> int | None:
    """Return the decimals to round to, None = not rounded; a rate's are for display."""
    if text.casefold() == "none":
        return None
    if not text:
        return 0 if kind in ("volume", "stock") else None
    if text not in _DECIMALS:
        found = f"Decimals {quoted(text)}"
        reader.journal.add("TC206", reader.place(record, "Decimals"), found, expected=f"{', '.join(_DECIMALS)} or none")
        return None
    return int(text)


def _uses_capacity(reader: TableReader, record: int, flag: bool | None, volumes: int) -> bool:
    if flag is None and volumes > 1:
        name = reader.texts("Metric")[record]
        reader.journal.add("TC212", reader.place(record, "Uses capacity"), f"a blank for “{name}”")
    return flag is None or flag
