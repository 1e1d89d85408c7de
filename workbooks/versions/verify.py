"""A version held against the workbook: unchanged, or the cells that differ and the run that brought them.

Owns: which run is named for a difference.
"""

from __future__ import annotations

from collections.abc import Sequence

from solver.frozen import frozen
from workbooks.package.compose import typed_over
from workbooks.package.ownership import Own, read_own_table
from workbooks.tabs.names import RUN_LOG
from workbooks.tabs.run_log import FINGERPRINT, TARGETS_MET
from workbooks.versions.compare import Difference, differences
from workbooks.versions.take import Facts, take
from workbooks.versions.version import Version


@frozen
class Verified:
    """What became of a version. since : per difference, which run brought it, in words."""

    version: Version
    now: Version
    differences: tuple[Difference, ...]
    since: tuple[str, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether every input and result cell is as it was."""
        return not self.differences


def verify(data: bytes, own: Own, version: Version) -> Verified:
    """Return whether a workbook is still what a version says, cell by cell."""
    now = take(data, own, Facts("now", "", "", ""))
    found = differences(version, now)
    named = {(each.table, each.where) for each in found}
    if not any(not each.is_input for each in found):
        for edit in typed_over(data):  # a formula that was typed over with the number it showed
            where = f"row {edit.place.row} of {edit.sheet}"
            difference = Difference(False, edit.sheet, where, edit.header, "our own", str(edit.value))
            if (edit.sheet, where) not in named:
                found.append(difference)
    runs = _later_runs(data, own, version.run)
    return Verified(version, now, tuple(found), tuple(_since(each, version, runs) for each in found))


@frozen
class _Run:
    number: int
    at: str
    by: str
    fingerprint: str
    has_cascaded: bool

    @property
    def words(self) -> str:
        return f"run {self.number} ({self.at}, {self.by})"


def _later_runs(data: bytes, own: Own, after: int) -> list[_Run]:
    """Return the runs since a version was kept, oldest first."""
    found = []
    for row in read_own_table(data, own, RUN_LOG).rows:
        if isinstance(row[0], (int, float)) and int(row[0]) > after and len(row) > TARGETS_MET:
            cascaded = row[TARGETS_MET] not in (None, "")
            found.append(_Run(int(row[0]), str(row[1]), str(row[2]), str(row[FINGERPRINT]), cascaded))
    return sorted(found, key=lambda run: run.number)


def _since(difference: Difference, version: Version, runs: Sequence[_Run]) -> str:
    others = [run for run in runs if run.fingerprint != version.fingerprint]
    if difference.is_input:
        return f"first read by {others[0].words}" if others else "changed since the last run"
    cascaded = [run for run in runs if run.has_cascaded]
    return f"written by {cascaded[-1].words}" if cascaded else "typed over; no run has written it"
