"""One process that cascades workbook after workbook: ``python -m workbooks.batch.lane``.

Files of its own machine it reads and saves itself, old or new but never between; of others it gets bytes and gives
bytes. Whoever started it may end it at any time.

Owns: the loop.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

from engine.outcome import ExitStatus
from workbooks.batch.frames import EndedError, receive, send
from workbooks.batch.messages import Answer, Asked, LeafRows, Reply, Said, bug, without_result
from workbooks.command.machine import issue_reports, result_report
from workbooks.command.main import COLLECTED
from workbooks.command.report_file import write_report
from workbooks.package.compose import TypedOver
from workbooks.package.proof import package_fault
from workbooks.package.save import damaged
from workbooks.run import Run, RunOptions, cascade
from workbooks.run_file import FileOptions, FileRun, cascade_file

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
        answer = answer_to(asked, body, lambda reply: send(target, reply.model_dump_json()))
        faulthandler.cancel_dump_traceback_later()
        send(target, answer.reply.model_dump_json(), answer.body or b"")


def answer_to(asked: Asked, data: bytes, on_saving: Callable[[Reply], None]) -> Answer:
    """Return what a run on a workbook comes to.

    Parameters
    ----------
    data : bytes of the workbook, where no path is given
    on_saving : told what is about to be written
    """
    try:
        return _of_file(asked, on_saving) if asked.path else _of_bytes(asked, data)
    except EndedError:
        raise
    except Exception:  # whatever it is, the next workbook is not to suffer
        return bug(write_report())


def _of_file(asked: Asked, on_saving: Callable[[Reply], None]) -> Answer:
    """Cascade a workbook of this machine and save it."""
    started = time.monotonic()

    def promise(run: Run) -> None:
        fingerprint = sha256(run.data or b"").hexdigest()
        on_saving(Reply(said=_said(run, started), is_to_follow=True, fingerprint=fingerprint))

    done: FileRun = cascade_file(Path(asked.path), FileOptions(_options(asked), before_saving=promise))
    return Answer(Reply(said=_said(done.run, started), is_written=done.is_written, fingerprint=done.fingerprint))


def _of_bytes(asked: Asked, data: bytes) -> Answer:
    """Cascade a workbook of somewhere else, and look the new one over here: there they only put it into its place."""
    started = time.monotonic()
    run = cascade(data, replace(_options(asked), book=asked.book))
    if run.data is not None and (fault := package_fault(data, run.data)):
        return without_result(ExitStatus.NOT_WRITTEN, damaged(Path("the workbook"), fault))
    reply = Reply(said=_said(run, started), fingerprint=sha256(run.data or data).hexdigest())
    if run.data is None or (beside := run.beside) is None:
        return Answer(reply, run.data)
    form: Literal["csv", "parquet"] = "csv" if beside.name.endswith(".csv") else "parquet"
    rows = LeafRows(form=form, rows=beside.rows, length=len(beside.data))
    return Answer(reply.model_copy(update={"leaf_rows": rows}), run.data + beside.data)


def _options(asked: Asked) -> RunOptions:
    return RunOptions(
        typed_over=TypedOver.DISCARD if asked.discard_edits else TypedOver.REFUSE,
        command=asked.command,
        by=asked.by,
        time_limit_s=asked.soft_limit_s,
    )


def _said(run: Run, started: float) -> Said:
    result = result_report(run.outcome, run.numbers_changed) if run.outcome is not None else None
    seconds = time.monotonic() - started
    return Said(status=int(run.status), issues=issue_reports(run.issues), result=result, seconds=seconds)


def main() -> None:
    """Talk over standard input and output; whatever a library prints goes to standard error instead."""
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    gc.set_threshold(*COLLECTED)
    gc.freeze()  # what is loaded stays
    try:
        serve(sys.stdin.buffer, target)
    except EndedError:
        os._exit(0)  # nobody is left to tell


if __name__ == "__main__":
    main()
