"""What each button does, on the bytes of a workbook.

Owns: the list of verbs. Each takes a workbook as it stands and returns it as it should stand, with an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.issues import Issue, Severity
from engine.outcome import ExitStatus
from workbooks.click.answer import Answer, cascade_answer, issues_answer
from workbooks.click.explain_selection import explain_selection
from workbooks.click.hold import hold
from workbooks.click.request import Request
from workbooks.click.snapshot import find_snapshot, with_snapshot
from workbooks.click.work import By, Clicked, Verb
from workbooks.package.compose import ComposeOptions, TypedOver, compose
from workbooks.package.ownership import find_own
from workbooks.run import RunOptions, cascade, prefix_of, read_plan
from workbooks.tabs.diagnostics import diagnostics_sheet
from workbooks.tabs.names import DIAGNOSTICS, REVIEW, SUMMARY, VARIANCE
from workbooks.variance_run import check_book, variance


def check(data: bytes, request: Request, by: By) -> Clicked:
    """List what is wrong or surprising in Diagnostics."""
    return _diagnosed(data, check_book(data).issues)


def cascade_click(data: bytes, request: Request, by: By) -> Clicked:
    """Cascade the targets, or list in Diagnostics what stops it."""
    told = {"keep": TypedOver.KEEP, "discard": TypedOver.DISCARD}
    over = next((told[word] for word in request.verb[1:] if word in told), TypedOver.REFUSE)
    run = cascade(data, RunOptions(over, "click: " + " ".join(request.verb), by.name))
    if run.data is None or run.outcome is None:
        return _diagnosed(data, run.issues)
    show = find_own(run.data).sheets.get(SUMMARY, "") if not find_own(data).sheets.get(SUMMARY) else ""
    answer = cascade_answer(run.outcome, run.issues, run.numbers_changed)
    return _undoable(data, run.data, replace(answer, show=show))


def variance_click(data: bytes, request: Request, by: By) -> Clicked:
    """Compare actuals with what was agreed; show the figures, or the page for the meeting."""
    # a click brings sheets of ours and cells of inputs into the open workbook, no new sheet of inputs
    run = variance(data, RunOptions(command="click: " + " ".join(request.verb), by=by.name), adds_actions=False)
    if run.data is None:
        return _diagnosed(data, run.issues)
    show = REVIEW if request.verb[0] == "review" else VARIANCE
    words = f"{run.numbers_changed:,} numbers changed."
    if aside := sum(each.severity is Severity.STOP for each in run.issues):
        words += f" {aside:,} rows of actuals were set aside; see Diagnostics."
    answer = Answer(int(run.status), words, find_own(run.data).sheets.get(show, ""))
    return _undoable(data, run.data, answer)


def undo(data: bytes, request: Request, by: By) -> Clicked:
    """Put the result sheets back as they were before the last click that wrote them."""
    earlier = find_snapshot(data)
    if earlier is None:
        words = "Nothing to undo: no click has written results here, or another run has written since."
        return Clicked(data, Answer(int(ExitStatus.INPUT_WRONG), words))
    return Clicked(earlier, Answer(int(ExitStatus.DONE), "The results are as they were."), is_restoration=True)


def _undoable(before: bytes, after: bytes, answer: Answer) -> Clicked:
    kept, is_kept = with_snapshot(before, after)
    said = "" if is_kept else " The results before were too large to be kept for Undo."
    return Clicked(kept, replace(answer, message=answer.message + said))


VERBS: Mapping[str, Verb] = {
    "check": check,
    "cascade": cascade_click,
    "variance": variance_click,
    "review": variance_click,
    "hold": hold,
    "explain": explain_selection,
    "undo": undo,
}
"""Verb → what it does; a verb is the first word that a button asks for."""


def _diagnosed(data: bytes, issues: Sequence[Issue]) -> Clicked:
    """Return the workbook with the issues in Diagnostics, or as it was where they cannot be put there."""
    composed = compose(data, [diagnostics_sheet(issues)], ComposeOptions(prefix_of(read_plan(data).inputs)))
    if composed.data is None:
        return Clicked(data, issues_answer([*issues, *composed.issues], ""))
    return Clicked(composed.data, issues_answer(issues, find_own(composed.data).sheets.get(DIAGNOSTICS, "")))


def unknown_verb(verb: str) -> Answer:
    """Return what is said to a macro of another version."""
    return Answer(
        int(ExitStatus.INPUT_WRONG),
        f"This version of targets does not know the button {verb!r}. Update targets; or renew the macros: save the "
        "workbook as .xlsx in Excel, then run targets macros add --replace on that.",
    )
