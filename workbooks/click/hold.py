"""Hold selection: selected targets become rows of Limits.

Owns: which rows, and which of them are there already.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.outcome import ExitStatus
from engine.tables import InputTable
from workbooks.click.answer import Answer, issues_answer
from workbooks.click.request import Request
from workbooks.click.selection import selected_records
from workbooks.click.work import By, Clicked
from workbooks.keep_edits import Standing, limit_of, with_limits
from workbooks.package.append_rows import Record
from workbooks.run import read_plan
from workbooks.tabs.names import CASCADE

_KEYS = ("Metric", "Org", "Queue", "Period", "Hold")
_MOST_LISTED = 5
_MOST = 5_000
"""Targets held by one click: more is a slip of the hand, and a workbook that nobody can read."""
_WHERE = "Select targets on Cascade, or numbers below a period on Org Targets or Queue Targets, then click again."


def hold(data: bytes, request: Request, by: By) -> Clicked:
    """Add a row to Limits for each selected target, with owner and reason."""
    read = read_plan(data)
    selected = selected_records(data, request.sheet, request.cells)
    if read.plan is None:
        return Clicked(data, issues_answer(read.issues, ""))
    limits = read.inputs.tables.get("Limits")
    if limits is None or not {"Metric", "Hold"} <= set(limits.columns):
        return Clicked(data, issues_answer([issue("TC613", NOWHERE, "Hold selection")], ""))
    records = {}
    for each in selected:
        record = limit_of(each.as_edit("Target" if each.sheet == CASCADE else each.header), read.plan)
        if record is not None:
            records[tuple(record.values())] = {**record, "Owner": by.name, "Reason": f"held on {request.sheet}"}
    if not records:
        return Clicked(data, Answer(int(ExitStatus.INPUT_WRONG), f"Nothing was selected that can be held. {_WHERE}"))
    if len(records) > _MOST:
        said = f"{len(records):,} targets are selected, more than the {_MOST:,} that are held at once."
        return Clicked(data, Answer(int(ExitStatus.INPUT_WRONG), f"{said} Nothing was changed. Select fewer."))
    asked = [record for record in records.values() if not _stands(record, limits)]
    standing = Standing(read.plan)
    taken = [there.row for record in asked if (there := standing.row_about(record)) is not None]
    new = [record for record in asked if standing.row_about(record) is None]
    appended = with_limits(data, limits, new) if new else data
    if isinstance(appended, Issue):
        return Clicked(data, issues_answer([appended], ""))
    status = ExitStatus.INPUT_WRONG if taken and not new else ExitStatus.DONE
    return Clicked(appended, Answer(int(status), _words(len(new), len(records) - len(asked), taken)))


def _stands(record: Record, limits: InputTable) -> bool:
    """Whether a row of Limits says the same already."""
    asked = [_plain(record.get(key, "")) for key in _KEYS]
    nothing = [None] * len(limits)
    columns = [limits.values[key].tolist() if key in limits.values else nothing for key in _KEYS]
    return any([_plain(value) for value in row] == asked for row in zip(*columns, strict=True))


def _plain(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.9g}" if isinstance(value, float) else str(value).casefold()


def _words(new: int, there: int, taken: Sequence[int]) -> str:
    """Return what came of it.

    Parameters
    ----------
    there : how many rows say the same already; taken : rows of Limits that say something else about the same
    """
    rows = "row was" if new == 1 else "rows were"
    said = f"{new:,} {rows} added to Limits."
    if new:
        said += " Cascade to see what holding costs; delete a row to let go."
    if there:
        said += f" {there:,} stood there already."
    if taken:
        listed = ", ".join(f"{row:,}" for row in sorted(taken)[:_MOST_LISTED])
        rest = ", …" if len(taken) > _MOST_LISTED else ""
        said += (
            f" {len(taken):,} {'was' if len(taken) == 1 else 'were'} left out: Limits says something else about the "
            f"same already (row {listed}{rest}). Write into Hold there, with Min and Max empty."
        )
    return said
