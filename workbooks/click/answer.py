"""What a click came to, in the few words that Control shows.

Owns: these words, and the lines of an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.codes import CODES
from engine.issues import Issue, Severity
from engine.outcome import ExitStatus, Outcome
from solver.frozen import frozen
from workbooks.click.delivery import Delivered
from workbooks.click.lines import escaped, written_lines
from workbooks.tabs.control import STATUS

_MOST_LISTED = 3


@frozen
class Note:
    """A note to be put on a cell, in the place of the one that is there."""

    sheet: str
    cell: str
    text: str


@frozen
class Answer:
    """What a click came to.

    message : a sentence or two; show : the sheet to look at next, "" to stay
    met, missed : of the targets; "–" where nothing was cascaded
    """

    status: int
    message: str
    show: str = ""
    met: str = "–"
    missed: str = "–"
    note: Note | None = None


def cascade_answer(outcome: Outcome, issues: Sequence[Issue], numbers_changed: int) -> Answer:
    """Return what a cascade came to."""
    results = outcome.targets
    met, asked = int(results.met.sum()), len(results.met)
    words = [f"{numbers_changed:,} numbers changed."]
    broken = int(outcome.limits.contradicted.sum())
    if broken:
        words.append(f"{broken:,} limits cannot be kept; see Diagnostics.")
    elif met < asked:
        words.append(f"{asked - met:,} of {asked:,} targets are missed; Target Check says what limits them.")
    if not outcome.certificate.holds:
        words.append("The certificate does NOT hold: do not use these numbers, and send us the workbook.")
    notes = sum(each.severity is Severity.NOTE for each in issues)
    if notes:
        words.append(f"{notes:,} {'note' if notes == 1 else 'notes'} in Diagnostics.")
    return Answer(int(outcome.exit_status), " ".join(words), met=f"{met:,} of {asked:,}", missed=f"{asked - met:,}")


def issues_answer(issues: Sequence[Issue], show: str) -> Answer:
    """Return what is wrong, in a few words; the list is in Diagnostics, where it could be written."""
    stopping = [each for each in issues if each.severity is Severity.STOP]
    if not stopping:
        return Answer(int(ExitStatus.DONE), f"Nothing stops a run; {_counted(issues)} in Diagnostics.", show)
    codes = list(dict.fromkeys(each.code for each in stopping))
    listed = "; ".join(_about(code, stopping) for code in codes[:_MOST_LISTED])
    rest = f"; and {len(codes) - _MOST_LISTED} more kinds" if len(codes) > _MOST_LISTED else ""
    where = " Diagnostics lists them with links." if show else f" {CODES[codes[0]].mend}"
    return Answer(int(ExitStatus.INPUT_WRONG), f"{listed}{rest}.{where}", show)


def answer_text(answer: Answer, verb: str, at: datetime, seconds: float, delivered: Iterable[Delivered] = ()) -> str:
    """Return the lines of an answer."""
    shown = status_values(answer, verb, at, seconds)
    pairs = [
        ("status", str(answer.status)),
        ("last", escaped(shown["Last click"])),
        ("met", escaped(shown["Targets met"])),
        ("missed", escaped(shown["Missed"])),
        ("seconds", escaped(shown["Seconds"])),
        ("message", escaped(shown["Message"])),
        ("show", escaped(answer.show)),
    ]
    if answer.note is not None:
        note = answer.note
        pairs += [("note_sheet", escaped(note.sheet)), ("note_cell", note.cell), ("note", escaped(note.text))]
    return written_lines([*pairs, *(("sheet", each.line()) for each in delivered)])


def status_values(answer: Answer, verb: str, at: datetime, seconds: float) -> dict[str, str]:
    """Return what Control shows of an answer, by label."""
    values = (
        f"{verb} at {at:%Y-%m-%d %H:%M}",
        answer.met,
        answer.missed,
        f"{seconds:.1f}",
        answer.message,
    )
    return dict(zip(STATUS, values, strict=True))


def _about(code: str, issues: Sequence[Issue]) -> str:
    found = [each for each in issues if each.code == code]
    words = f"{CODES[code].title} ({found[0].found})" if found[0].found else CODES[code].title
    return words if len(found) == 1 else f"{CODES[code].title} ({len(found):,} times)"


def _counted(issues: Sequence[Issue]) -> str:
    return f"{len(issues):,} {'finding' if len(issues) == 1 else 'findings'}"
