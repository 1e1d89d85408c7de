"""What was read, in one short text: equal inputs have equal fingerprints.

Owns: the input fingerprint of the Run Log.
Knows nothing of: where in the workbook things stand, or what they mean.
"""

from __future__ import annotations

import hashlib

from engine.tables import Inputs

LENGTH = 16


def fingerprint_of(inputs: Inputs) -> str:
    """Return the fingerprint of what the input tables hold; moving a table about does not change it."""
    digest = hashlib.sha256()
    for name in sorted(inputs.tables):
        table = inputs.tables[name]
        digest.update(f"table {name}".encode())
        for field in sorted(table.values):
            digest.update(f"field {field} {table.values[field].tolist()!r}".encode())
        for extra in table.extra:
            digest.update(f"column {extra.header!r} {extra.values.tolist()!r}".encode())
    return digest.hexdigest()[:LENGTH]
