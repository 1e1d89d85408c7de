"""Digests of what was written, so that a number typed over ours is noticed and named.

A row has eight bytes, a cell one: a changed row is never missed, and which of its cells changed is known but for one
case in 256, when the whole row is named.

Owns: how a cell's content becomes a number, from what is written and from what is read back.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from solver.frozen import frozen
from workbooks.package.old_sheet import FORMULA
from workbooks.package.old_table import OldColumn
from workbooks.tabs.model import Column, Formulas

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
_SAFE_WHOLE = 1e15


@frozen
class Digests:
    """rows : uint64, shape (records,); cells : uint8, shape (records, columns)."""

    rows: np.ndarray
    cells: np.ndarray

    def packed(self) -> dict[str, object]:
        """Return them as texts."""
        return {
            "columns": self.cells.shape[1],
            "rows": b64encode(self.rows.astype("<u8").tobytes()).decode(),
            "cells": b64encode(self.cells.tobytes()).decode(),
        }


def unpacked(texts: dict[str, object]) -> Digests:
    """Return digests from their texts."""
    rows = np.frombuffer(b64decode(str(texts["rows"])), dtype="<u8").astype(np.uint64)
    cells = np.frombuffer(b64decode(str(texts["cells"])), dtype=np.uint8)
    return Digests(rows, cells.reshape(len(rows), int(str(texts["columns"]))))


def column_hashes(column: Column) -> np.ndarray:
    """Return one number per record of a column as it is about to be written: uint64; one for all formulas."""
    values = column.values
    if not isinstance(values, Formulas):
        return _column_hashes(values)
    is_formula = np.fromiter((text != "" for text in values.text), dtype=bool, count=len(values.text))
    return np.where(is_formula, np.uint64(_hash(FORMULA)), _column_hashes(values.cached, ~is_formula))


def _column_hashes(values: np.ndarray | Sequence[object], asked: np.ndarray | None = None) -> np.ndarray:
    """Return one number per value. asked : which are wanted; 0 for the others."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        wanted = values if asked is None else np.where(asked, values, np.nan)
        return _number_hashes(_as_written(wanted))
    if asked is None:
        return _hashes(list(values))
    return _hashes([value if wanted else None for value, wanted in zip(values, asked, strict=True)])


def digests_read(columns: Sequence[OldColumn], shape: tuple[int, int]) -> Digests:
    """Return the digests of columns as they were read back.

    Parameters
    ----------
    shape : how many records and columns were written; what is missing of them counts as empty
    """
    listed = [np.zeros(shape[0], dtype=np.uint64) for _ in range(shape[1])]
    for column, into in zip(columns, listed, strict=False):
        found = np.where(column.is_formula, np.uint64(_hash(FORMULA)), _column_hashes(column.shown, ~column.is_formula))
        into[: len(found)] = found[: len(into)]
    return joined(listed, shape[0])


def joined(columns: Sequence[np.ndarray], length: int) -> Digests:
    """Return the digests of so many records. columns : uint64, one number per record, of each column."""
    rows = np.zeros(length, dtype=np.uint64)
    for column in columns:
        rows = _mixed(rows ^ column)
    cells = np.array([(column >> np.uint64(56)).astype(np.uint8) for column in columns]).T
    return Digests(rows, np.ascontiguousarray(cells.reshape(length, len(columns))))


def _mixed(values: np.ndarray) -> np.ndarray:
    mixed = (values ^ (values >> _SHIFT)) * _MIX
    return np.asarray((mixed ^ (mixed >> _SHIFT)) * _STEP)


def _number_hashes(values: np.ndarray) -> np.ndarray:
    plain = np.where(np.isnan(values), 0.0, values) + 0.0  # −0 and 0 are one number
    return np.where(np.isnan(values), np.uint64(0), _mixed(plain.view(np.uint64) + np.uint64(1)))


def _as_written(values: np.ndarray) -> np.ndarray:
    """Return numbers with the 15 digits that are written of them; whole ones have no more."""
    found = np.array(values, dtype=np.float64)
    is_whole = (np.rint(found) == found) & (np.abs(found) < _SAFE_WHOLE)
    rest = np.flatnonzero(~(is_whole | np.isnan(found)))
    found[rest] = [float(f"{value:.15g}") for value in found[rest].tolist()]
    return found


def _hashes(values: Sequence[object]) -> np.ndarray:
    """Return one number per value; 0 for an empty one."""
    different = dict.fromkeys(values)
    numbers = [value for value in different if isinstance(value, float)]
    hashes = _number_hashes(_as_written(np.array(numbers, dtype=np.float64)))
    known: dict[object, int] = {value: _hash(value) for value in different if not isinstance(value, float)}
    known.update(zip(numbers, hashes.tolist(), strict=True))
    return np.array(list(map(known.__getitem__, values)), dtype=np.uint64)


def _hash(text: object) -> int:
    if text is None or text == "":
        return 0
    return int.from_bytes(blake2b(str(text).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1
