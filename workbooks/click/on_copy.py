"""A click on a copy of the open workbook: what a macro asks for where the command cannot reach into the program.

Owns: the files that the macro and the command exchange.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from engine.outcome import ExitStatus
from workbooks.click.answer import Answer, answer_text, issues_answer
from workbooks.click.delivery import Delivered, changes_of, takings_back
from workbooks.click.protection import refusals
from workbooks.click.request import Request
from workbooks.click.verbs import VERBS, unknown_verb
from workbooks.click.work import By
from workbooks.macros.for_calc import with_empty_modules

_TAKE_BACK = ("take", "back")
"""What a macro asks for where bringing the result failed half-way."""


def click_on_copy(request: Request, by: By) -> Answer:
    """Do what is asked on the copy, put the result beside it, and write the answer last.

    Raises
    ------
    OSError
        The macro's files cannot be read or written.
    """
    started = time.monotonic()
    at = datetime.now().astimezone()
    answer, delivered = _done(request, by)
    if request.answer is not None:
        text = answer_text(answer, " ".join(request.verb), at, time.monotonic() - started, delivered)
        request.answer.write_text(text, encoding="ascii", newline="\n")
    return answer


def _done(request: Request, by: By) -> tuple[Answer, list[Delivered]]:
    if request.copy is None or request.result is None or not request.verb:
        return Answer(int(ExitStatus.INPUT_WRONG), "The macro did not say what to do with which workbook."), []
    if request.verb == _TAKE_BACK:
        return _taken_back(request.copy.read_bytes(), request.result)
    verb = VERBS.get(request.verb[0])
    if verb is None:
        return unknown_verb(request.verb[0]), []
    data = request.copy.read_bytes()
    clicked = verb(data, request, by)
    changed = changes_of(data, clicked.data, is_restoration=clicked.is_restoration)
    protected = {name.casefold() for name in request.protected}
    if refused := refusals(changed, lambda name: name.casefold() in protected, lambda: request.is_structure_protected):
        return issues_answer(refused, ""), []
    if changed:
        request.result.write_bytes(with_empty_modules(clicked.data))
    return clicked.answer, changed


def _taken_back(before: bytes, result: Path) -> tuple[Answer, list[Delivered]]:
    """Put what stood before in the place of a result that could not be brought whole."""
    then = with_empty_modules(before)  # as the result has them: sheets that are the same stay
    changed = takings_back(result.read_bytes(), then)
    result.write_bytes(then)
    return Answer(int(ExitStatus.NOT_WRITTEN), "Everything stands as it did before the click."), changed
