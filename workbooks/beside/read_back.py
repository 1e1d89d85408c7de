"""Leaf rows read back from the file beside a workbook, and proof that they are those of its last run.

The workbook names the file, and the name carries a fingerprint of what is in it: rows of another run, or rows that
somebody changed, are not taken. Where the workbook lies is known to whoever opened it: ``lying_at``.

Owns: finding the file, its fingerprint, and its columns as values.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path

from solver.frozen import frozen
from workbooks.beside.place import LENGTH, MARK
from workbooks.package.limits import MOST_OF_A_FILE

KEYS = ("Metric", "Org", "Queue", "Period")
NUMBERS = ("Target", "Weight")
"""Columns that are read back: what a row is about, and what others compute with."""

MOST_ROWS = 12_000_000
"""Rows of a file that is read; far above any plan."""

_NAMED = re.compile(rf"“([^/\\“”]+{re.escape(MARK)}([0-9a-f]{{{LENGTH}}})\.(parquet|csv))”")

_BOOK: ContextVar[Path | None] = ContextVar("book", default=None)


@contextmanager
def lying_at(book: Path) -> Iterator[None]:
    """Let leaf rows be looked for beside a workbook. book : where it lies."""
    before = _BOOK.set(book)
    try:
        yield
    finally:
        _BOOK.reset(before)


@frozen
class LeafRows:
    """What was read back. headers, rows : none where it could not be had; why_not : then the reason, in words."""

    headers: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    why_not: str = ""


def read_back(sentence: str) -> LeafRows:
    """Return the leaf rows that a workbook names.

    Parameters
    ----------
    sentence : on its sheet Cascade, with the name of the file
    """
    named = _NAMED.search(sentence)
    if named is None:
        return LeafRows(why_not="the sheet Cascade does not name the file any more")
    name, fingerprint, form = named.groups()
    try:
        data = _data(name, fingerprint)
        return LeafRows((*KEYS, *NUMBERS), _from_csv(data) if form == "csv" else _from_parquet(data))
    except _MissingError as missing:
        return LeafRows(why_not=f"{name} {missing}")
    except ModuleNotFoundError:
        return LeafRows(why_not=f"{name}: pyarrow is missing, which reads it (pip install pyarrow)")
    except (ValueError, KeyError, OSError) as failed:  # pyarrow's errors are of these kinds
        return LeafRows(why_not=f"{name} cannot be read: {getattr(failed, 'strerror', None) or failed}")


class _MissingError(Exception):
    """There is no such file, or it is another one than was written."""


def _data(name: str, fingerprint: str) -> bytes:
    """Return what is in the file: under its name, else under the name that it got with the workbook."""
    book = _BOOK.get()
    if book is None:
        raise _MissingError("cannot be looked for: where the workbook lies is not known; run the command on its file")
    renamed = sorted(
        file for file in book.parent.glob(f"*{MARK}{fingerprint}.*") if file.suffix == Path(name).suffix
    )  # fmt: skip
    file = next((each for each in (book.with_name(name), *renamed) if each.is_file()), None)
    if file is None:
        raise _MissingError("is not there any more")
    if file.stat().st_size > MOST_OF_A_FILE:
        raise _MissingError(f"has more than {MOST_OF_A_FILE / 2**20:,.0f} MiB")
    data = file.read_bytes()
    if sha256(data).hexdigest()[:LENGTH] != fingerprint:
        raise _MissingError("was changed since the run that wrote it")
    return data


def _from_csv(data: bytes) -> tuple[tuple[object, ...], ...]:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    headers = next(rows, [])
    keys, numbers = ([headers.index(name) for name in names] for names in (KEYS, NUMBERS))
    return tuple(
        (*(row[at] for at in keys), *(float(row[at]) if row[at] else None for at in numbers)) for row in rows
    )  # fmt: skip


def _from_parquet(data: bytes) -> tuple[tuple[object, ...], ...]:
    import pyarrow
    from pyarrow import parquet

    file = parquet.ParquetFile(pyarrow.BufferReader(data))
    if file.metadata.num_rows > MOST_ROWS:
        raise ValueError(f"{file.metadata.num_rows:,} rows")
    table = file.read(columns=[*KEYS, *NUMBERS])
    columns: list[Sequence[object]] = [table.column(name).to_pylist() for name in KEYS]
    columns += [table.column(name).cast(pyarrow.float64()).to_pylist() for name in NUMBERS]
    return tuple(zip(*columns, strict=True))
