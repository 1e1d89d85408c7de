"""What a process is asked about a workbook, and what it answers.

Owns: these shapes, and the answers where there is none.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from engine.codes import issue
from engine.issues import Issue
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.command.machine import IssueReport, ResultReport, issue_reports
from workbooks.version import __version__


class Asked(BaseModel):
    """One run asked for."""

    command: str
    by: str
    discard_edits: bool = False
    path: str = Field(default="", description="of the workbook; blank: its bytes travel beside this, and back")
    soft_limit_s: float | None = Field(default=None, description="time after which the best plan so far is taken")


class Said(BaseModel):
    """What a run came to."""

    status: int
    issues: list[IssueReport]
    result: ResultReport | None = None
    seconds: float = 0.0
    version: str = __version__


class Reply(BaseModel):
    """A run, and what became of the workbook; bytes of a new one travel beside it.

    A process that saves a workbook says first what it is about to write: should it be ended in the middle, whether the
    workbook is the new one can be seen by its fingerprint.
    """

    said: Said
    is_written: bool = Field(default=False, description="whether the file holds what the run made")
    is_to_follow: bool = Field(default=False, description="whether the workbook is about to be saved")
    fingerprint: str = Field(default="", description="SHA-256 of the workbook as the run leaves it")


@frozen
class Answer:
    """A run, and the workbook that it made where that is yet to be saved."""

    reply: Reply
    data: bytes | None = None

    @property
    def said(self) -> Said:
        """What the run came to."""
        return self.reply.said


def without_result(status: ExitStatus, *issues: Issue) -> Answer:
    """Return the answer of a run that made no workbook."""
    return Answer(Reply(said=Said(status=int(status), issues=issue_reports(issues))))


def out_of_time(limit_s: float) -> Answer:
    """Return the answer of a run that was ended because its time was up."""
    return without_result(ExitStatus.NOT_WRITTEN, issue("TC901", found=f"not done after {limit_s:g} s"))


def died(how: str) -> Answer:
    """Return the answer of a run whose process ended without one."""
    return without_result(ExitStatus.BUG, issue("TC902", found=how))


def bug(report: str) -> Answer:
    """Return the answer of a run that met a bug of ours. report : where it is written down."""
    return without_result(ExitStatus.BUG, issue("TC903", found=report))
