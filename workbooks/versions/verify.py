"""A version held against the workbook: unchanged, or the cells that differ and the run that brought them.

Owns: which run is named for a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.frozen import frozen
from workbooks.package.compose import typed_over
from workbooks.package.own_book import formula_cells
from workbooks.package.ownership import Own, read_own_table
from workbooks.tabs.names import RUN_LOG
from workbooks.tabs.run_log import FINGERPRINT, TARGETS_MET
from workbooks.versions.compare import Difference, differences, words
from workbooks.versions.take import Facts, take
from workbooks.versions.version import NO_VALUE, Version


@frozen
class Verified:
    """What became of a version.

    since : per difference, which run brought it, in words
    uncalculated : formulas that nobody has calculated, of which nothing can be said
    """

    version: Version
    now: Version
    differences: tuple[Difference, ...]
    since: tuple[str, ...]
    uncalculated: int = 0

    @property
    def is_unchanged(self) -> bool:
        """Whether every input and result cell is as it was."""
        return not self.differences and not self.uncalculated


def verify(data: bytes, own: Own, version: Version) -> Verified:
    """Return whether a workbook is still what a version says, cell by cell.

    Notes
    -----
    Programs calculate our formulas anew when they open a workbook. That alone is no difference.
    """
    now = take(data, own, Facts("now", "", "", ""))
    found = differences(version, now)
    if any(not each.is_input for each in found):
        sheets = {own.sheets[name]: cells for name, cells in formula_cells(data, own.sheets).items()}
        found = differences(version, now, sheets)
    compared = [each for each in found if not _is_uncalculated(each)]
    uncalculated = len(found) - len(compared)
    if not any(not each.is_input for each in compared):
        compared += _formulas_lost(data, compared)
    runs = _later_runs(data, own, version.run)
    since = tuple(_since(each, version, runs) for each in compared)
    return Verified(version, now, tuple(compared), since, uncalculated)


def _is_uncalculated(difference: Difference) -> bool:
    """Whether a cell cannot be compared: a program that calculates nothing saved its formula without a value."""
    if difference.is_input:
        return difference.now == words(NO_VALUE)
    return difference.is_computed and difference.now == words(None)


def _formulas_lost(data: bytes, found: Sequence[Difference]) -> Iterator[Difference]:
    """Yield formulas that were typed over with the numbers they showed."""
    named = {(each.table, each.where) for each in found}
    for edit in typed_over(data):
        where = f"row {edit.place.row} of {edit.sheet}"
        if (edit.sheet, where) not in named:
            yield Difference(False, edit.sheet, where, edit.header, "our own", str(edit.value))


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
    if not (difference.what or cascaded):  # a sheet, or a row of it
        return "no run has written it" if difference.now else "taken away; no run did"
    if difference.is_computed and not cascaded:
        return "calculated anew from cells that changed"
    return f"written by {cascaded[-1].words}" if cascaded else "typed over; no run has written it"
