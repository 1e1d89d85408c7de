"""Where rows come from: a CSV file, a Parquet file, a query on a database.

Owns: reading them as columns of raw values, and that no password is ever said.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from solver.frozen import frozen
from workbooks.addresses import MAX_ROWS
from workbooks.command.asked import without_secrets

_MARKS = {";": ","}
"""Decimal mark of a file by what separates its columns: who separates by semicolons writes 1,5."""

_SEPARATORS = ",;\t|"
_LONGEST_LINE = 2**20
MOST_BYTES = 256 * 2**20
"""Bytes of a file that is read: a million rows of two hundred letters each."""
_URL = re.compile(r"[a-zA-Z][\w+.-]*://|sqlite:")


@frozen
class Source:
    """Rows as they came.

    name : what a place in it is called; headers : names of the columns
    columns : object arrays, shape (rows,): None, text, float, bool, datetime
    lines : int64, shape (rows,), where each row stands: line of the file, number of the row
    mark : what stands before decimals in texts
    """

    name: str
    headers: tuple[str, ...]
    columns: tuple[np.ndarray, ...]
    lines: np.ndarray
    mark: str = "."


def is_database(where: str) -> bool:
    """Whether a source is the address of a database."""
    return bool(_URL.match(where))


def read_source(where: str, query: str = "") -> Source | Issue:
    """Return the rows of a source.

    Parameters
    ----------
    where : path of a .csv or .parquet file, or the address of a database
    query : what to ask the database for
    """
    try:
        if is_database(where):
            return _from_database(where, query)
        if query:
            return _unreadable(f"{where}: a query is for a database; its address looks like sqlite:///work.db")
        path = Path(where)
        if path.suffix.casefold() == ".parquet":
            return _from_parquet(path)
        return _from_csv(path)
    except ModuleNotFoundError as missing:
        return _unreadable(f"{missing.name} is not installed: pip install 'target-cascade[{_extra(where)}]'")
    except (OSError, UnicodeError, csv.Error, ValueError) as failed:
        return _unreadable(f"{where}: {_plainly(failed)}")


_PLAINLY: tuple[tuple[type[Exception], str], ...] = (
    (FileNotFoundError, "there is no such file"),
    (IsADirectoryError, "a folder, not a file"),
    (PermissionError, "you are not allowed to read it"),
    (UnicodeError, "its text is neither UTF-8 nor of a Western Windows"),
)


def _plainly(failed: Exception) -> str:
    """Return what went wrong in words for people: those of the system carry numbers, those of a library its insides."""
    for kind, words in _PLAINLY:
        if isinstance(failed, kind):
            return words
    if isinstance(failed, csv.Error) and "field limit" in str(failed):
        return "a cell with more text than a sheet takes; is a quotation mark not closed?"
    return getattr(failed, "strerror", None) or str(failed)


def _extra(where: str) -> str:
    return "sql" if is_database(where) else "parquet"


def _unreadable(why: str) -> Issue:
    return issue("TC910", NOWHERE, without_secrets(why))


def _from_csv(path: Path) -> Source | Issue:
    if path.stat().st_size > MOST_BYTES:
        return _unreadable(f"{path.name}: {path.stat().st_size / 2**20:,.0f} MiB of {MOST_BYTES / 2**20:,.0f} at most")
    data = path.read_bytes()
    encoding = _encoding(data)
    first = data[:_LONGEST_LINE].partition(b"\n")[0].decode(encoding, "replace")
    separator = max(_SEPARATORS, key=first.count)
    text = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")  # a whole text would take four times the room
    rows = csv.reader(text, delimiter=separator, strict=True)
    headers = tuple(each.strip() for each in next(rows, []))
    if not any(headers):
        return _unreadable(f"{path.name}: no headers in its first line")
    columns: list[list[object]] = [[] for _ in headers]
    lines: list[int] = []
    known: dict[str, str | None] = {"": None}
    for row in rows:
        if not any(row):
            continue
        if len(lines) >= MAX_ROWS:
            return _too_many(path.name)
        if len(row) != len(headers):
            return _unreadable(f"{path.name}, line {rows.line_num}: {len(row)} cells under {len(headers)} headers")
        for column, cell in zip(columns, row, strict=True):
            column.append(known.setdefault(cell, cell.strip() or None))
        lines.append(rows.line_num)
    return Source(path.name, headers, _arrays(columns), np.array(lines, np.int64), _MARKS.get(separator, "."))


def _encoding(data: bytes) -> str:
    """Return in what a file is written. Raises UnicodeDecodeError where it is neither of the two that we read."""
    try:
        codecs.lookup("utf-8-sig").decode(data)
    except UnicodeDecodeError:
        codecs.lookup("cp1252").decode(data)
        return "cp1252"
    return "utf-8-sig"


def _too_many(name: str) -> Issue:
    return issue("TC914", NOWHERE, f"{name}: over {MAX_ROWS:,} rows")


def _from_parquet(path: Path) -> Source | Issue:
    from pyarrow import parquet

    told = parquet.read_metadata(path)
    if told.num_rows > MAX_ROWS:
        return _too_many(path.name)
    size = sum(told.row_group(each).total_byte_size for each in range(told.num_row_groups))
    if size > MOST_BYTES:
        return _unreadable(f"{path.name}: {size / 2**20:,.0f} MiB unpacked, of {MOST_BYTES / 2**20:,.0f} at most")
    table = parquet.read_table(path)
    columns = [_plain_column(table.column(name).to_pylist()) for name in table.column_names]
    return _counted(path.name, table.column_names, columns)


def _from_database(address: str, query: str) -> Source | Issue:
    from workbooks.load.database import QueryError, answer

    try:
        headers, columns = answer(address, query, MAX_ROWS, _plain_column)
    except (QueryError, ModuleNotFoundError) as failed:
        return _unreadable(str(failed))
    if columns and len(columns[0]) > MAX_ROWS:
        return _too_many("query")
    return _counted("query", headers, columns)


def _counted(name: str, headers: Iterable[object], columns: Sequence[Sequence[object]]) -> Source:
    """Return rows that have no lines of their own: counted from 2, as if the headers stood above them."""
    length = len(columns[0]) if columns else 0
    return Source(name, tuple(str(each) for each in headers), _arrays(columns), np.arange(2, length + 2))


def _plain_column(values: Iterable[object]) -> list[object]:
    known: dict[object, object] = {}
    return [known[each] if each in known else known.setdefault(each, _plain(each)) for each in values]


def _plain(value: object) -> object:
    """Return a value as input tables hold it."""
    if value is None or isinstance(value, (bool, datetime)):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, (int, float, Decimal)):
        number = float(value)
        return None if np.isnan(number) else number
    return str(value).strip() or None


def _arrays(columns: Sequence[Sequence[object]]) -> tuple[np.ndarray, ...]:
    arrays = []
    for values in columns:
        array = np.empty(len(values), dtype=object)
        array[:] = values
        arrays.append(array)
    return tuple(arrays)
