"""The same workbook with rows, columns and sheets in another order: the same numbers, for the same reasons.

``python -m tests.permutations 10`` takes four other orders of ten random plans of everything, and of two plans of the
benchmark (one that can be met, one short of hours); ``python -m tests.permutations 0 "5k" "5k short"`` only the latter.
The suite runs a sample.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import numpy as np
import openpyxl

from engine.whatif.asking import Asking
from tests.bench.books import SIZES, plan_book
from tests.plan_inputs import Tables, book_of
from tests.referee.real.rates import real_book
from workbooks.package.ownership import find_own, read_own_table
from workbooks.run import RunOptions, cascade
from workbooks.tabs.names import CASCADE, TARGET_CHECK

ORDERS = 4
AGREED = 1e-9
"""Part of a metric's largest number by which one may differ: a backlog is a difference of sums of that size."""

_IN_ORDER = "Periods"  # leaf periods are in time order by Start, else as they stand

_KEYS = {CASCADE: ("Metric", "Org", "Queue", "Period"),
         TARGET_CHECK: ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority")}  # fmt: skip
_NUMBERS = {CASCADE: ("Target", "Fair share"), TARGET_CHECK: ("Achieved", "Shortfall")}
_TEXTS = {CASCADE: ("Status", "Why"), TARGET_CHECK: ("Met", "Limited by")}


def permuted(tables: Tables, rng: np.random.Generator) -> Tables:
    """Return tables on sheets in another order, each with its rows and columns in another order."""
    found: Tables = {}
    for name in rng.permutation(sorted(tables)).tolist():
        header, rows = tables[name][0], tables[name][1:]
        columns = rng.permutation(len(header)).tolist()
        order = range(len(rows)) if name == _IN_ORDER else rng.permutation(len(rows)).tolist()
        padded = [[*rows[at], *[None] * (len(header) - len(rows[at]))] for at in order]
        found[name] = [[row[column] for column in columns] for row in (header, *padded)]
    return found


def tables_in(data: bytes) -> Tables:
    """Return the sheets of a workbook that holds plain tables and nothing else."""
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook}


def results(data: bytes) -> dict[str, dict[tuple[object, ...], tuple[object, ...]]]:
    """Return what a run writes, by key: of each cell and each target its numbers and its words."""
    run = cascade(data, RunOptions(asking=Asking.NONE))
    assert run.data is not None, run.issues
    own = find_own(run.data)
    found: dict[str, dict[tuple[object, ...], tuple[object, ...]]] = {"status": {(): (int(run.status),)}}
    for sheet, keys in _KEYS.items():
        table = read_own_table(run.data, own, sheet)
        at = {header: position for position, header in enumerate(table.headers)}
        found[sheet] = {
            tuple(str(row[at[key]]) for key in keys): tuple(
                row[at[header]] for header in (*_NUMBERS[sheet], *_TEXTS[sheet])
            )
            for row in table.rows
        }  # fmt: skip
    return found


def differences(tables: Tables, seed: int, orders: int = ORDERS) -> Iterator[str]:
    """Yield what differs when a workbook's rows, columns and sheets stand in other orders."""
    rng = np.random.default_rng(seed)
    usual = results(book_of(tables))
    for _ in range(orders):
        other = results(book_of(permuted(tables, rng)))
        for sheet, rows in usual.items():
            if rows.keys() != other[sheet].keys():
                yield f"{sheet}: other rows"
                continue
            largest = _largest(rows)
            for key, values in rows.items():
                for one, two in zip(values, other[sheet][key], strict=True):
                    if not _alike(one, two, largest.get(key[0], 1.0) if key else 1.0):
                        yield f"{sheet} {key}: {one} and {two}"


def _largest(rows: dict[tuple[object, ...], tuple[object, ...]]) -> dict[object, float]:
    """Return the largest number of each metric, 1 at least."""
    found: dict[object, float] = {}
    for key, values in rows.items():
        if key:
            sizes = [abs(value) for value in values if isinstance(value, float)]
            found[key[0]] = max([found.get(key[0], 1.0), *sizes])
    return found


def _alike(one: object, two: object, size: float) -> bool:
    if isinstance(one, float) and isinstance(two, float):
        return abs(one - two) <= AGREED * size
    return one == two


def mixed_tables(seed: int) -> Tables:
    """Return a random plan of everything as tables."""
    return {name: [list(row) for row in rows] for name, rows in real_book(seed).tables.items()}


def _main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    wrong, done, seed = [], 0, 0
    while done < count:
        tables, seed = mixed_tables(seed), seed + 1
        if cascade(book_of(tables), RunOptions(asking=Asking.NONE)).data is None:
            continue
        done += 1
        wrong += [f"plan {seed - 1}: {each}" for each in differences(tables, seed)]
    for name in sys.argv[2:] or ("5k", "5k short"):
        done += 1
        wrong += [f"{name}: {each}" for each in differences(tables_in(plan_book(SIZES[name])), 1)]
    print(f"{done} plans in {ORDERS} other orders: {len(wrong)} numbers or words differ", *wrong[:20], sep="\n")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(_main())
