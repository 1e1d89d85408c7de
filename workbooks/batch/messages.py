"""What a process is asked about a workbook, and what it answers.

Owns: these shapes, and the answers where there is none.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from engine.codes import issue
from engine.issues import Issue
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.beside.place import Beside, named
from workbooks.command.machine import IssueReport, ResultReport, issue_reports
from workbooks.version import __version__


class Asked(BaseModel):
    """One run asked for."""

    command: str
    by: str
    discard_edits: bool = False
    path: str = Field(default="", description="of the workbook; blank: its bytes travel beside this, and back")
    book: str = Field(default="", description="name of the workbook without its end, where no path is given")
    soft_limit_s: float | None = Field(default=None, description="time after which the best plan so far is taken")


class Said(BaseModel):
    """What a run came to."""

    status: int
    issues: list[IssueReport]
    result: ResultReport | None = None
    seconds: float = 0.0
    version: str = __version__


class LeafRows(BaseModel):
    """A file that belongs beside the workbook; its bytes travel behind those of the workbook."""

    form: Literal["parquet", "csv"]
    rows: int
    length: int


class Reply(BaseModel):
    """A run, and what became of the workbook; bytes of a new one travel beside it.

    A process that saves a workbook says first what it is about to write: should it be ended in the middle, whether the
    workbook is the new one can be seen by its fingerprint.
    """

    said: Said
    is_written: bool = Field(default=False, description="whether the file holds what the run made")
    is_to_follow: bool = Field(default=False, description="whether the workbook is about to be saved")
    fingerprint: str = Field(default="", description="SHA-256 of the workbook as the run leaves it")
    leaf_rows: LeafRows | None = None


@frozen
class Answer:
    """A run, and what it made where that is yet to be saved. body : the workbook, and what belongs beside it."""

    reply: Reply
    body: bytes | None = None

    @property
    def data(self) -> bytes | None:
        """The workbook that the run made; None where nothing is to be saved."""
        rows = self.reply.leaf_rows
        return self.body if self.body is None or rows is None else self.body[: -rows.length]

    def beside(self, book: str) -> Beside | None:
        """Return the file that belongs beside a workbook of that name, without its end."""
        rows = self.reply.leaf_rows
        if self.body is None or rows is None:
            return None
        return named(book, self.body[-rows.length :], rows.rows, rows.form)

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
