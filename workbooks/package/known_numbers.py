"""The numbers of our tables as they were written, in the memory of earlier runs: a later one need not read them back.

What stands on a sheet that nobody changed since is known by the digest of its part. Where nothing is remembered, the
sheet is read.

Owns: how such numbers are kept, and when they are those of a table that stands where it stood.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.memory import Memory, fingerprint
from workbooks.package.cells import is_numeric
from workbooks.tabs.model import Column, Formulas, Table

_LEAST = 1_000
"""Records of a table from which its numbers are kept: fewer are read back in no time."""


def standing(table: Table, hashes: Sequence[np.ndarray]) -> str:
    """Return a word for what a table is about: its headers, which columns hold numbers, and those before them.

    Parameters
    ----------
    hashes : uint64, shape (records,), of each column
    """
    which = np.array([is_numeric(column) for column in table.columns])
    first = int(np.argmax(which)) if which.any() else len(which)
    return fingerprint("table", "\n".join(column.header for column in table.columns), which, *hashes[:first])


def keep_numbers(memory: Memory, part: str, stands: str, table: Table) -> None:
    """Keep the numbers of a table. part : digest of the sheet's part as it is written; stands : of ``standing``."""
    if memory.is_kept and table.length >= _LEAST:
        numbers = [numbers_of(column) for column in table.columns if is_numeric(column)]
        if numbers:
            memory.put(fingerprint("written", part, stands), {"numbers": np.array(numbers)})


def known_numbers(memory: Memory, part: str, stands: str, table: Table) -> Sequence[tuple[Column, np.ndarray]] | None:
    """Return the columns of numbers of a table with what stood in their place, None where that is not known.

    Parameters
    ----------
    part : digest of the sheet's part as it stands; it is as it was written
    stands, table : as it is about to be written, in the place where a table stands
    """
    if not memory.is_kept or table.length < _LEAST:
        return None
    found = memory.hint(fingerprint("written", part, stands))  # nothing that saves solving: it is not counted
    columns = [column for column in table.columns if is_numeric(column)]
    if found is None or found["numbers"].shape != (len(columns), table.length):
        return None
    return list(zip(columns, found["numbers"], strict=True))


def numbers_of(column: Column) -> np.ndarray:
    """Return what a column of numbers shows: float64."""
    values = column.values
    return np.asarray(values.cached if isinstance(values, Formulas) else values, dtype=np.float64)
