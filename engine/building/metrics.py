"""Metrics: what is targeted, and which of them take hours.

Owns: rows of Metrics as columns of the plan, and finding a metric by its name.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
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
    better, flags = reader.choices("Better"), reader.flags("Uses capacity")
    first: dict[str, int] = {}
    for record, name in enumerate(ids):
        if name and first.setdefault(key_of(name), record) != record:
            found = f"metric “{name}” again; first in row {table.rows[first[key_of(name)]]}"
            journal.add("TC211", reader.place(record, "Metric"), found)
    rows = list(first.values())
    volumes = [record for record in rows if kinds[record] == "volume"]
    uses = [record in volumes and _uses_capacity(reader, record, flags[record], len(volumes)) for record in rows]
    return Metrics(
        tuple(ids[record] for record in rows),
        tuple(kinds[record] for record in rows),
        tuple(units[record] for record in rows),
        np.array([better[record] != "lower" for record in rows]),
        np.array(uses),
        tuple(_decimals(reader, record, decimals[record], kinds[record]) for record in rows),
    )


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
