"""What a workbook came to, in words.

Owns: these words, and which finding of a workbook is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.issues import Severity
from engine.outcome import ORDER_OF_STATUS, ExitStatus
from workbooks.batch.journal import BookResult

WORDS = {
    ExitStatus.DONE: "all targets met",
    ExitStatus.INPUT_WRONG: "input wrong, not written",
    ExitStatus.TARGET_MISSED: "a target not met",
    ExitStatus.LIMITS_BROKEN: "limits broken",
    ExitStatus.NOT_WRITTEN: "could not be written",
    ExitStatus.BUG: "a bug of ours",
}

_TELLS = {ExitStatus.TARGET_MISSED: "TC701", ExitStatus.LIMITS_BROKEN: "TC702"}
"""The finding that a status is about; what was short of hours before comes after it."""


def workbooks(count: int) -> str:
    """Return how many workbooks there are, in words."""
    return f"{count:,} workbook" + ("" if count == 1 else "s")


def count_words(results: Sequence[BookResult]) -> str:
    """Return how many workbooks came to what, in words, the good ones first."""
    counts = Counter(result.status for result in results)
    said = [f"{counts[status]:,} {WORDS[status]}" for status in reversed(ORDER_OF_STATUS) if counts[status]]
    return " · ".join(said)


def first_problem(result: BookResult) -> tuple[str, str, str, str]:
    """Return code, place, what was found and how to mend it of the gravest issue of a workbook; blanks for none."""
    grave = [each for each in result.said.issues if each.severity != Severity.NOTE.value]
    told = next((each for each in grave if each.code == _TELLS.get(result.status)), grave[0] if grave else None)
    return (told.code, told.where, told.found, told.mend) if told is not None else ("", "", "", "")
