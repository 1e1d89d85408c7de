"""What the last cascade has told of a plan already: commands that follow it need not tell it again.

Owns: which findings stand in Diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.issues import Issue, Severity
from workbooks.package.ownership import Own, read_own_table
from workbooks.tabs.looks import clipped
from workbooks.tabs.names import DIAGNOSTICS, TARGET_CHECK


def not_told_yet(data: bytes, own: Own, issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return issues without those that stand in Diagnostics; what stops a run is always told."""
    table = read_own_table(data, own, DIAGNOSTICS)
    if not {"Code", "Found"} <= set(table.headers):
        return tuple(issues)
    code, found = table.headers.index("Code"), table.headers.index("Found")
    there = {(str(row[code]), str(row[found])) for row in table.rows}
    return tuple(
        each for each in issues if each.severity is Severity.STOP or (each.code, str(clipped(each.found))) not in there
    )


def how_many_met(data: bytes, own: Own) -> tuple[int, int] | None:
    """Return how many targets the cascade in a workbook meets, and of how many; None where it has none."""
    table = read_own_table(data, own, TARGET_CHECK)
    if "Met" not in table.headers:
        return None
    met = [str(row[table.headers.index("Met")]) for row in table.rows]
    return (len(met) - met.count("no"), len(met)) if met else None


def met_words(data: bytes, own: Own) -> str:
    """Return the same in words: ``17 of 19 targets met``; "" where there is no cascade."""
    met = how_many_met(data, own)
    return f"{met[0]:,} of {met[1]:,} targets met" if met is not None else ""
