"""What the numbers of a cascade start from where Settings do not say: history, or what was sealed.

Until something is sealed, they start from history; from then on, from what was sealed. But a workbook whose inputs are
those of a version that it keeps comes to that version again, whatever has been sealed since: it starts from where
that version started. So a seal changes no number, and a version that is restored is the version.

Owns: that rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.tables import Inputs, ResultRows
from workbooks.fingerprint import fingerprint_of
from workbooks.package.ownership import OwnTable
from workbooks.result_rows import cascade_rows
from workbooks.tabs.names import CASCADE
from workbooks.versions.store import read_outlines
from workbooks.versions.version import Outline, Version, unpacked


def start_of(data: bytes, inputs: Inputs) -> ResultRows | None:
    """Return the sealed numbers that a cascade starts from; None = history.

    Parameters
    ----------
    data, inputs : a workbook, and what was read of it, what was sealed included
    """
    agreed = inputs.agreed
    if agreed is None:
        return None
    own, kept = fingerprint_of(replace(inputs, agreed=None)), read_outlines(data)
    same = next((each for each in kept if each.fingerprint == own), None)
    if same is not None:
        return _numbers(kept, same.start)
    return None if agreed.fingerprint == own else agreed  # sealed before versions were kept


def start_key(data: bytes, inputs: Inputs) -> str:
    """Return the key of the version whose numbers a cascade starts from; "" = history."""
    found = start_of(data, inputs)
    return "" if found is None else Version.key_of(found.version, found.at)


def _numbers(kept: Sequence[Outline], key: str) -> ResultRows | None:
    """Return the targets of a version that is kept; None where there is none of that key."""
    text = next((each.text for each in kept if each.key == key), "")
    found = unpacked(text) if text else None
    if found is None or CASCADE not in found.results:
        return None
    block = found.results[CASCADE]
    rows = cascade_rows(OwnTable(block.headers, block.rows))
    return None if rows is None else replace(rows, version=found.name, at=found.at)
