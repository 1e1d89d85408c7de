"""What a batch came to: one row per workbook, as JSON, CSV or a page.

Owns: the columns, and the words for a status. No times in the table: equal inputs give equal bytes.
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

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
FORMATS = (".json", ".csv", ".html")

_COLUMNS = (
    "Workbook", "Status", "Came to", "Targets", "Met", "Limits broken", "Numbers changed", "Code", "Where", "Found",
    "How to mend",
)  # fmt: skip
_NUMBERS = frozenset({"Status", "Targets", "Met", "Limits broken", "Numbers changed"})


def worst_of(results: Sequence[BookResult]) -> ExitStatus:
    """Return the exit status of the batch: the first of 70, 5, 1, 4, 3, 0 that any workbook has."""
    seen = {result.status for result in results}
    return next((status for status in ORDER_OF_STATUS if status in seen), ExitStatus.DONE)


def count_words(results: Sequence[BookResult]) -> str:
    """Return how many workbooks came to what, in words, the good ones first."""
    counts = Counter(result.status for result in results)
    said = [f"{counts[status]:,} {WORDS[status]}" for status in reversed(ORDER_OF_STATUS) if counts[status]]
    return " · ".join(said)


def first_problem(result: BookResult) -> tuple[str, str, str, str]:
    """Return code, place, what was found and how to mend it of the gravest issue of a workbook; blanks for none."""
    grave = [each for each in result.said.issues if each.severity != Severity.NOTE.value]
    return (grave[0].code, grave[0].where, grave[0].found, grave[0].mend) if grave else ("", "", "", "")


def report_text(results: Sequence[BookResult], ending: str) -> str:
    """Return the report. ending : one of ``FORMATS``."""
    if ending == ".json":
        return _json(results)
    return _csv(results) if ending == ".csv" else _page(results)


def write_report(path: Path, results: Sequence[BookResult]) -> None:
    """Write the report to a file, in the form that its ending asks for."""
    path.write_text(report_text(results, path.suffix.casefold()), encoding="utf-8", newline="\n")


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


_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#1d2733;background:#fff}
h1{font-size:1.3rem;font-weight:600;margin:0 0 .3rem}p{margin:0 0 1.2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{padding:.4rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid #d6dce3}
th{background:#eef2f6;font-weight:600;white-space:nowrap}.n{text-align:right;font-variant-numeric:tabular-nums}
.s{font-weight:600;white-space:nowrap}.s0{color:#1b6e3c}.s3,.s4{color:#8a5200}.s1,.s5,.s70{color:#a3211c}
"""


def _page(results: Sequence[BookResult]) -> str:
    """Return a page of one file, without scripts, that reads on paper and on a screen reader."""
    heads = "".join(f"<th scope=col{_right(name)}>{html.escape(name)}</th>" for name in _COLUMNS)
    body = "".join(_page_row(row) for row in _rows(results))
    return (
        f'<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>Batch: {html.escape(count_words(results))}</title><style>{_STYLE}</style>"
        f"<h1>{len(results):,} workbooks</h1><p>{html.escape(count_words(results))}</p>"
        f"<div class=scroll><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div></html>\n"
    )


def _page_row(row: tuple[str, ...]) -> str:
    cells = []
    for name, text in zip(_COLUMNS, row, strict=True):
        kind = f' class="s s{row[1]}"' if name == "Came to" else _right(name)
        cells.append(f"<td{kind}>{html.escape(text)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _right(name: str) -> str:
    return " class=n" if name in _NUMBERS else ""
