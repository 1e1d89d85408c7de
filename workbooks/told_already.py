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


def met_words(data: bytes, own: Own) -> str:
    """Return how many targets the cascade in a workbook meets: ``17 of 19 targets met``; "" where it has none."""
    table = read_own_table(data, own, TARGET_CHECK)
    if "Met" not in table.headers:
        return ""
    met = [str(row[table.headers.index("Met")]) for row in table.rows]
    return f"{len(met) - met.count('no'):,} of {len(met):,} targets met" if met else ""
