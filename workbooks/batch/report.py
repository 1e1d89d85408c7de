"""What a batch came to: one row per workbook, as JSON, CSV or a page.

Owns: the columns. No times in the table: equal inputs give equal bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine.outcome import ORDER_OF_STATUS, ExitStatus
from workbooks.batch.journal import BookResult
from workbooks.batch.page import batch_page
from workbooks.batch.words import WORDS, first_problem

FORMATS = (".json", ".csv", ".html")

_COLUMNS = (
    "Workbook", "Status", "Came to", "Targets", "Met", "Limits broken", "Numbers changed", "Code", "Where", "Found",
    "How to mend",
)  # fmt: skip


def worst_of(results: Sequence[BookResult], others: Sequence[ExitStatus] = ()) -> ExitStatus:
    """Return the exit status of the batch: the first of 70, 5, 1, 4, 3, 0 of any workbook, or of itself."""
    seen = {*others, *(result.status for result in results)}
    return next((status for status in ORDER_OF_STATUS if status in seen), ExitStatus.DONE)


def report_text(results: Sequence[BookResult], ending: str, when: str = "") -> str:
    """Return the report.

    Parameters
    ----------
    ending : one of ``FORMATS``
    when : day and time for the head of the page; the tables hold none
    """
    if ending == ".json":
        return _json(results)
    return _csv(results) if ending == ".csv" else batch_page(results, when)


def write_report(path: Path, results: Sequence[BookResult], when: str = "") -> None:
    """Write the report to a file, in the form that its ending asks for.

    Raises
    ------
    OSError
        It cannot be written there.
    """
    ending = path.suffix.casefold()
    encoding = "utf-8-sig" if ending == ".csv" else "utf-8"  # by the mark in front, Excel knows that it is Unicode
    path.write_text(report_text(results, ending, when), encoding=encoding, newline="\n")


def _rows(results: Sequence[BookResult]) -> list[tuple[str, ...]]:
    rows = []
    for each in results:
        made = each.said.result
        numbers = (made.targets, made.targets_met, made.limits_broken, made.numbers_changed) if made else ("",) * 4
        rows.append((each.book, str(each.said.status), WORDS[each.status], *map(str, numbers), *first_problem(each)))
    return rows


def _json(results: Sequence[BookResult]) -> str:
    counts = Counter(result.status for result in results)
    held = {
        "status": int(worst_of(results)),
        "counts": {str(int(status)): counts[status] for status in ORDER_OF_STATUS if counts[status]},
        "books": [each.model_dump() for each in results],
    }
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"


def _csv(results: Sequence[BookResult]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_not_a_formula(text) for text in row] for row in _rows(results))
    return target.getvalue()


def _not_a_formula(text: str) -> str:
    """Return a text so that Excel does not take it for a formula when somebody opens the CSV there."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t")) else text
