"""Wide and long tables as one list of values: Baseline and Targets in any of their three shapes.

Owns: telling period columns from metric columns; where each value stands.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.journal import Problem
from engine.building.references import UNKNOWN, References, find_metric
from engine.building.texts import did_you_mean, quoted, text_of
from engine.building.tree_tables import report_left_alone
from engine.fields import TABLE
from engine.issues import Place
from engine.tables import ExtraColumn, RawColumn
from solver.frozen import frozen

IN_VALUE_COLUMN = -1
"""Stands for the Value column where others have the position of an extra column."""

ALL_TIME = 0
"""Position of a blank period: the root of the plan's periods."""


@frozen
class Times:
    """How a table's periods are read.

    column : the positions of the Period column's cells
    header : the position a column header stands for; None where it names no period, UNKNOWN where it was reported
    """

    column: Callable[[TableReader], np.ndarray]
    header: Callable[[object, Place], int | None]


@frozen
class Entries:
    """One entry per value of a table; arrays of shape (entries,).

    metric, org, queue, time : int64, positions
    value : float64
    record : int64, row of the table; extra : int64, position of the extra column, IN_VALUE_COLUMN for Value
    """

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    time: np.ndarray
    value: np.ndarray
    record: np.ndarray
    extra: np.ndarray

    def __len__(self) -> int:
        return len(self.value)

    def take(self, which: np.ndarray) -> Entries:
        """Return some entries."""
        return Entries(
            self.metric[which],
            self.org[which],
            self.queue[which],
            self.time[which],
            self.value[which],
            self.record[which],
            self.extra[which],
        )


def entry_place(reader: TableReader, entries: Entries, entry: int) -> Place:
    """Return where a value stands."""
    record, extra = int(entries.record[entry]), int(entries.extra[entry])
    if extra == IN_VALUE_COLUMN:
        return reader.place(record, "Value")
    return reader.table.place_in(record, reader.table.extra[extra])


def raw_value(reader: TableReader, entries: Entries, entry: int) -> object:
    """Return a value as it stands in its cell."""
    record, extra = int(entries.record[entry]), int(entries.extra[entry])
    return (reader.table.values["Value"] if extra == IN_VALUE_COLUMN else reader.table.extra[extra].values)[record]


def read_entries(reader: TableReader, references: References, times: Times) -> Entries | None:
    """Return the values of a wide or long table; None where the table has no place for values.

    Notes
    -----
    Entries with a name that was reported, or without a value, are left out.
    """
    if reader.has("Value"):
        report_left_alone(reader)
        parts = [_long(reader, references, times)]
    elif not reader.has("Metric") and (metrics := _metric_columns(reader, references)):
        parts = _metrics_as_columns(reader, references, times, metrics)
    elif reader.has("Metric") and not reader.has("Period") and (periods := _period_columns(reader, times)):
        parts = _periods_as_columns(reader, references, periods)
    else:
        if references.known.metrics is not None and references.known.periods is not None:
            reader.journal.add("TC223", reader.table.whole(), f"{reader.table.name} has none of them")
        return None
    joined = Entries(*(np.concatenate(arrays) for arrays in zip(*map(_arrays, parts), strict=True)))
    usable = np.isfinite(joined.value) & (joined.metric != UNKNOWN) & (joined.org >= 0)
    kept = np.flatnonzero(usable & (joined.queue >= 0) & (joined.time >= 0))
    # as people read the table: row by row
    return joined.take(kept[np.lexsort((joined.extra[kept], joined.record[kept]))])


def _arrays(entries: Entries) -> tuple[np.ndarray, ...]:
    return (
        entries.metric, entries.org, entries.queue, entries.time, entries.value, entries.record, entries.extra
    )  # fmt: skip


def _long(reader: TableReader, references: References, times: Times) -> Entries:
    records = np.arange(len(reader))
    if not reader.has("Metric"):
        reader.journal.add("TC223", reader.table.whole(), "a Value column, but no Metric column", expected="Metric")
    metric = references.metric(reader) if reader.has("Metric") else np.full(len(reader), UNKNOWN)
    value = _values(reader, reader.table.values["Value"], IN_VALUE_COLUMN)
    _report_blank_values(reader)
    return Entries(
        metric,
        references.org(reader),
        references.queue(reader),
        times.column(reader),
        value,
        records,
        np.full(len(records), IN_VALUE_COLUMN),
    )


def _report_blank_values(reader: TableReader) -> None:
    """Name rows without a value: a target must be a number, history may be missing."""
    blank = np.flatnonzero(reader.labels("Value").blank)
    if len(blank) == 0:
        return
    if reader.table.name == "Targets":
        places = [reader.place(record, "Value") for record in blank.tolist()]
        reader.journal.add_each("TC201", [Problem(place, "a row without Value") for place in places])
    else:
        reader.journal.add("TC516", reader.place(int(blank[0]), "Value"), f"{len(blank)} row(s), the first one here")


def _values(reader: TableReader, raw: RawColumn, extra: int) -> np.ndarray:
    field = TABLE[reader.table.name].field("Value")

    def place(record: int) -> Place:
        if extra == IN_VALUE_COLUMN:
            return reader.place(record, "Value")
        return reader.table.place_in(record, reader.table.extra[extra])

    return reader.numbers_of(raw, field, place)


def _metric_columns(reader: TableReader, references: References) -> dict[int, int]:
    """Return the extra columns that are metrics: column → metric."""
    metrics = references.known.metrics
    if metrics is None:
        return {}
    found = {at: find_metric(metrics, extra.header).position for at, extra in enumerate(reader.table.extra)}
    return {at: metric for at, metric in found.items() if metric >= 0}


def _period_columns(reader: TableReader, times: Times) -> dict[int, int]:
    """Return the extra columns that are periods: column → position; names the others."""
    found: dict[int, int] = {}
    for at, extra in enumerate(reader.table.extra):
        place = _header_place(reader, extra)
        position = times.header(extra.header, place)
        if position is None:
            reader.journal.add("TC513", place, quoted(extra.header) + _near_field(reader, extra))
        else:
            found[at] = position
    return found


def _metrics_as_columns(
    reader: TableReader, references: References, times: Times, columns: dict[int, int]
) -> list[Entries]:
    for at, extra in enumerate(reader.table.extra):
        if at not in columns:
            reader.journal.add("TC513", _header_place(reader, extra), quoted(extra.header) + _near_field(reader, extra))
    org, queue, time = references.org(reader), references.queue(reader), times.column(reader)
    same = np.ones(len(reader), np.int64)
    return [
        Entries(
            same * metric,
            org,
            queue,
            time,
            _values(reader, reader.table.extra[at].values, at),
            np.arange(len(reader)),
            same * at,
        )
        for at, metric in columns.items()
    ]


def _periods_as_columns(reader: TableReader, references: References, columns: dict[int, int]) -> list[Entries]:
    metric, org, queue = references.metric(reader), references.org(reader), references.queue(reader)
    same = np.ones(len(reader), np.int64)
    return [
        Entries(
            metric,
            org,
            queue,
            same * time,
            _values(reader, reader.table.extra[at].values, at),
            np.arange(len(reader)),
            same * at,
        )
        for at, time in columns.items()
    ]


def _header_place(reader: TableReader, extra: ExtraColumn) -> Place:
    return Place(reader.table.name, reader.table.sheet, reader.table.header_row, extra.column, text_of(extra.header))


def _near_field(reader: TableReader, extra: ExtraColumn) -> str:
    return did_you_mean(text_of(extra.header), [field.name for field in reader.fields])


def report_repeated(reader: TableReader, entries: Entries, *more: np.ndarray) -> None:
    """Name values that say something about the same thing; ``more`` belongs to the key, too."""
    report_duplicates(
        reader,
        (entries.metric, entries.org, entries.queue, entries.time, *more),
        lambda entry: entry_place(reader, entries, entry),
        lambda entry: f"{entries.value[entry]:,.12g}",
    )
