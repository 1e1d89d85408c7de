"""What was read, in one short text: equal inputs have equal fingerprints. What happened since is no part of a plan.

Owns: the input fingerprint of the Run Log.
Knows nothing of: where in the workbook things stand, or what they mean.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from math import isfinite

import numpy as np

from engine.building.set_aside import HAPPENED
from engine.fields import normalise_header
from engine.tables import Inputs, InputTable

LENGTH = 16

_DIGITS = 9
"""Digits of a fraction that tell one plan from another."""

_NO_PART_OF_A_PLAN = frozenset({"Scenarios", "SignOff"})
"""Tables that tell what else could be, and who said yes."""


_NEAR = frozenset({"keepnear", "moveonly", "smallestmove", "smallestratemove"})
"""Settings by which what was sealed is an input."""


def fingerprint_of(inputs: Inputs) -> str:
    """Return the fingerprint of what the input tables hold; moving a table about does not change it."""
    digest = hashlib.sha256()
    for name in sorted(set(inputs.tables) - HAPPENED - _NO_PART_OF_A_PLAN):
        table = inputs.tables[name]
        if name == "Settings":
            table = without_as_of(table)
        digest.update(f"table {name}".encode())
        for field in sorted(table.values):
            digest.update(f"field {field} {_steady(table.values[field].tolist())!r}".encode())
        for extra in table.extra:
            digest.update(f"column {extra.header!r} {_steady(extra.values.tolist())!r}".encode())
    if inputs.agreed is not None and _counts_by_agreed(inputs):
        digest.update(f"agreed {inputs.agreed.version!r} {inputs.agreed.at!r}".encode())
    return digest.hexdigest()[:LENGTH]


def _steady(values: list[object]) -> list[object]:
    """Return values of which another program keeps as much: each saves fractions its own way, and calculates anew.

    Whole numbers stay as they are. Of others LibreOffice writes 15 digits, and the last of them are the calculator's:
    what is nearer than sums of results need to tie is no other plan.
    """
    return [
        _rounded(value) if isinstance(value, float) and not value.is_integer() and isfinite(value) else value
        for value in values
    ]


def _rounded(value: float) -> float:
    return float(round(value)) if abs(value) >= 10.0**_DIGITS else float(f"{value:.{_DIGITS}g}")


def _counts_by_agreed(inputs: Inputs) -> bool:
    """Whether some value is a part of what was sealed: then another seal is another input."""
    if _keeps_near(inputs.tables.get("Settings")):
        return True
    bases = (table.values["Basis"].tolist() for table in inputs.tables.values() if "Basis" in table.values)
    return any("agreed" in str(word).casefold() for listed in bases for word in listed)


def _keeps_near(table: InputTable | None) -> bool:
    """Whether a setting asks for numbers near what was sealed."""
    if table is None or not {"Setting", "Value"} <= set(table.values):
        return False
    rows = zip(table.values["Setting"].tolist(), table.values["Value"].tolist(), strict=True)
    return any(normalise_header(name) in _NEAR and value not in (None, "", 0.0) for name, value in rows)


def without_as_of(table: InputTable) -> InputTable:
    """Return Settings without the day of the review: it moves while the plan stays."""
    names = table.values.get("Setting")
    if names is None:
        return table
    kept = np.array([normalise_header(name) != "asof" for name in names.tolist()], dtype=bool)
    values = {field: column[kept] for field, column in table.values.items()}
    return replace(table, rows=table.rows[kept], values=values, extra=())
