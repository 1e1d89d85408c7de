"""The leaf rows of Cascade as a file of their own: Parquet, or CSV.

The file's name carries a fingerprint of what is in it, and the workbook names the file: a workbook never refers to
rows of another run.

Owns: the form of the file, and the sheet that stands for it in the book.
Knows nothing of: folders.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import zip_longest
from math import isnan

import numpy as np

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.outcome import Outcome
from solver.frozen import frozen
from workbooks.beside.place import CSV, Beside, form_of, named
from workbooks.tabs.cascade import cascade_table, rolled_up_sheet
from workbooks.tabs.cascade_records import records_in_order
from workbooks.tabs.model import Column, Formulas, Sheet, Table
from workbooks.tabs.rolled_up import rolled_up


@frozen
class Parted:
    """The leaf rows as a file, the sheet that stands for them in the book, and what there is to say."""

    beside: Beside
    sheet: Sheet
    issues: tuple[Issue, ...]


def part_leaf_rows(outcome: Outcome, book: str) -> Parted:
    """Return the leaf rows of Cascade as a file beside the book.

    Parameters
    ----------
    book : name of the workbook without its end
    """
    records = records_in_order(outcome)
    table = cascade_table(outcome.plan, records)
    told: list[Issue] = []
    form = form_of(outcome.plan.settings, table.length)
    if form != CSV and find_spec("pyarrow") is None:
        told.append(issue("TC557", NOWHERE, "pyarrow is missing: the leaf rows were written as CSV"))
        form = CSV
    data = csv_bytes(table) if form == CSV else parquet_bytes(table)
    beside = named(book, data, table.length, form)
    told.append(issue("TC556", NOWHERE, f"{table.length:,} rows in {beside.name}"))
    sheet = rolled_up_sheet(outcome.plan, rolled_up(outcome, records), (table.length, beside.name))
    return Parted(beside, sheet, tuple(told))


def parquet_bytes(table: Table) -> bytes:
    """Return a table as Parquet: texts and numbers, empty cells as nulls, formulas as what they come to."""
    import pyarrow
    from pyarrow import parquet

    columns = {}
    for column in table.columns:
        values = _values(column)
        if isinstance(values, np.ndarray):
            columns[column.header] = pyarrow.array(values, mask=np.isnan(values))
        else:
            columns[column.header] = pyarrow.array([each or None for each in values], type=pyarrow.string())
    target = pyarrow.BufferOutputStream()
    # snappy: whoever reads Parquet reads it
    parquet.write_table(pyarrow.table(columns), target, compression="snappy")
    return bytes(target.getvalue().to_pybytes())


def csv_bytes(table: Table) -> bytes:
    """Return a table as CSV: UTF-8 with a mark that Excel knows it by, a dot in numbers, empty cells empty."""
    columns: list[Sequence[object]] = []
    for column in table.columns:
        values = _values(column)
        if isinstance(values, np.ndarray):
            columns.append([None if isnan(each) else _plain(each) for each in values.tolist()])
        else:
            columns.append(values)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.header for column in table.columns])
    writer.writerows(zip_longest(*columns))
    return text.getvalue().encode("utf-8-sig")


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _values(column: Column) -> np.ndarray | Sequence[str]:
    return column.values.cached if isinstance(column.values, Formulas) else column.values
