"""One process that cascades workbook after workbook, as bytes in and bytes out: ``python -m workbooks.batch.lane``.

Owns: the loop. Whoever started it may end it at any time: it touches no workbook file.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
from typing import BinaryIO

from workbooks.batch.frames import EndedError, receive, send
from workbooks.batch.messages import Answer, Asked, Said, bug
from workbooks.command.machine import issue_reports, result_report
from workbooks.command.report_file import write_report
from workbooks.package.compose import TypedOver
from workbooks.run import Run, RunOptions, cascade

_GRACE = 4.0
"""How many times its soft limit a run may take before the process ends itself, should nobody be left to end it."""


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Say that everything is loaded, then answer until nobody asks any more."""
    send(target, "ready")
    while True:
        header, body = receive(source)
        asked = Asked.model_validate_json(header)
        if asked.soft_limit_s is not None:
            faulthandler.dump_traceback_later(asked.soft_limit_s * _GRACE, exit=True)
        answer = answer_to(asked, body)
        faulthandler.cancel_dump_traceback_later()
        send(target, answer.said.model_dump_json(), answer.data or b"")


def answer_to(asked: Asked, data: bytes) -> Answer:
    """Return what a run on a workbook comes to."""
    options = RunOptions(
        typed_over=TypedOver.DISCARD if asked.discard_edits else TypedOver.REFUSE,
        command=asked.command,
        by=asked.by,
        time_limit_s=asked.soft_limit_s,
    )
    started = time.monotonic()
    try:
        run = cascade(data, options)
    except Exception:  # whatever it is, the next workbook is not to suffer
        return bug(write_report())
    return Answer(_said(run, time.monotonic() - started), run.data)


def _said(run: Run, seconds: float) -> Said:
    result = result_report(run.outcome, run.numbers_changed) if run.outcome is not None else None
    return Said(status=int(run.status), issues=issue_reports(run.issues), result=result, seconds=seconds)


def main() -> None:
    """Talk over standard input and output; whatever a library prints goes to standard error instead."""
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(sys.stdin.buffer, target)
    except EndedError:
        os._exit(0)  # nobody is left to tell


if __name__ == "__main__":
    main()
