"""TC9: the planning cycle and the night batch."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence

from tests.workbooks.books import small_book
from workbooks.batch.isolated import Lane
from workbooks.batch.messages import Answer, Asked, bug
from workbooks.command.machine import IssueReport

_ASKED = Asked(command="targets batch", by="Aoife")


def _in_lane(sign: signal.Signals, limit_s: float) -> Sequence[IssueReport]:
    """Return what is said of a workbook whose process is sent a signal."""
    lane = Lane()
    os.kill(lane.process, sign)
    return _said(lane.run(small_book(), _ASKED, limit_s))


def _said(answer: Answer) -> Sequence[IssueReport]:
    return answer.said.issues


TRIGGERS: dict[str, Callable[[], Sequence[IssueReport]]] = {
    "TC901": lambda: _in_lane(signal.SIGSTOP, 0.2),
    "TC902": lambda: _in_lane(signal.SIGKILL, 60.0),
    "TC903": lambda: _said(bug("Please send us the report: /tmp/target-cascade-report.txt")),
}
