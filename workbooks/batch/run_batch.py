"""Many workbooks: each handed to a process that reads, runs and saves it; what it came to collected.

Processes that do not reach the files get bytes and give bytes, which are read and saved here: they need no shared
drive. Either way, a process that dies leaves no file half written.

Owns: the order of things, retries, what is skipped. Knows nothing of: terminals, what an executor is made of.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import field, replace
from hashlib import sha256
from pathlib import Path

from engine.issues import stops
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.batch.executors import NoClusterError, Workers
from workbooks.batch.isolated import run_isolated
from workbooks.batch.journal import BookResult, Journal
from workbooks.batch.messages import Answer, Asked, died, without_result
from workbooks.command.machine import issue_reports
from workbooks.package.save import NOT_WRITTEN, Opened, load
from workbooks.run_file import save_with

_WORTH_ANOTHER_TRY = NOT_WRITTEN | {"TC902"}


@frozen
class BatchOptions:
    """How a batch is run.

    asked : what every run is told
    limit_s : time limit of each workbook
    retries : how often a workbook is tried again that was open elsewhere, or whose process died
    pause_s : time before such another try
    is_again : also run what an earlier batch has done
    on_result : told of each workbook as it is done
    """

    asked: Asked
    limit_s: float = 600.0
    retries: int = 1
    pause_s: float = 5.0
    is_again: bool = False
    on_result: Callable[[BookResult], None] = field(default=lambda result: None)


@frozen
class _Work:
    """A workbook on its way. at : its place in the list; not_before : of the clock."""

    at: int
    path: Path
    attempts: int = 0
    not_before: float = 0.0


def run_batch(books: Sequence[Path], workers: Workers, journal: Journal, options: BatchOptions) -> list[BookResult]:
    """Run every workbook and return what each came to, in the order of ``books``."""
    batch = _Batch(workers, journal, options)
    return batch.run(books)


class _Batch:
    """A batch under way."""

    def __init__(self, workers: Workers, journal: Journal, options: BatchOptions) -> None:
        self.workers, self.journal, self.options = workers, journal, options
        self.waiting: deque[_Work] = deque()
        self.under_way: dict[Future[Answer], tuple[_Work, Opened | None]] = {}
        self.results: dict[int, BookResult] = {}

    def run(self, books: Sequence[Path]) -> list[BookResult]:
        self.journal.note("batch", books=len(books), command=self.options.asked.command)
        self.waiting.extend(_Work(at, path) for at, path in enumerate(books))
        while self.waiting or self.under_way:
            self._hand_out()
            for future in self._done():
                work, opened = self.under_way.pop(future)
                answer = _answer_of(future)
                self._take_in(work, _saved(opened, answer) if opened is not None else answer)
        self.journal.note("end", books=len(books))
        return [self.results[at] for at in range(len(books))]

    def _hand_out(self) -> None:
        """Hand workbooks to the executor while it has room."""
        for work in self._ready():
            if self.workers.has_files and not self.journal.knows(work.path):
                self._hand(work)
                continue
            opened = load(work.path)
            if opened.data is None:
                self._take_in(work, without_result(_status_of(opened), *opened.issues))
            elif (earlier := self._earlier(work.path, opened)) is not None:
                self._settle(work, earlier)
            else:
                self._hand(work, opened)

    def _hand(self, work: _Work, opened: Opened | None = None) -> None:
        """Hand a workbook to the executor: its path, or its bytes where it does not reach that."""
        asked, data = self.options.asked, b""
        if self.workers.has_files:
            asked, opened = asked.model_copy(update={"path": str(work.path.resolve())}), None
        elif opened is not None:
            asked = asked.model_copy(update={"book": opened.path.stem})
            data, opened = opened.data or b"", replace(opened, data=b"")
        future = self.workers.executor.submit(run_isolated, asked, data, self.options.limit_s)
        self.under_way[future] = (work, opened)

    def _ready(self) -> Iterator[_Work]:
        for _ in range(len(self.waiting)):
            if len(self.under_way) >= self.workers.most_under_way:
                return
            work = self.waiting.popleft()
            if work.not_before <= time.monotonic():
                yield work
            else:
                self.waiting.append(work)

    def _earlier(self, path: Path, opened: Opened) -> BookResult | None:
        if self.options.is_again:
            return None
        found = self.journal.done_before(path, opened.fingerprint)
        return found.model_copy(update={"from_earlier": True, "book": str(path)}) if found is not None else None

    def _done(self) -> set[Future[Answer]]:
        """Wait until a run ends, or a workbook that waits may be tried again."""
        pause = 0.2 if self.waiting else None
        if not self.under_way:
            time.sleep(pause or 0)
            return set()
        return wait(self.under_way, timeout=pause, return_when=FIRST_COMPLETED).done

    def _take_in(self, work: _Work, answer: Answer) -> None:
        """Note what a run came to; try again what may go better later."""
        work = replace(work, attempts=work.attempts + 1)
        codes = {each.code for each in answer.said.issues}
        if codes & _WORTH_ANOTHER_TRY and work.attempts <= self.options.retries:
            self.journal.note("again", path=str(work.path.resolve()), codes=sorted(codes), attempts=work.attempts)
            self.waiting.append(replace(work, not_before=time.monotonic() + self.options.pause_s))
            return
        reply = answer.reply
        result = BookResult(
            book=str(work.path), said=reply.said, written=reply.is_written, attempts=work.attempts,
            fingerprint=reply.fingerprint,
        )  # fmt: skip
        self.journal.note("book", path=str(work.path.resolve()), result=result.model_dump())
        self._settle(work, result)

    def _settle(self, work: _Work, result: BookResult) -> None:
        self.results[work.at] = result
        self.options.on_result(result)


def _status_of(opened: Opened) -> ExitStatus:
    not_written = any(each.code in NOT_WRITTEN for each in opened.issues)
    return ExitStatus.NOT_WRITTEN if not_written else ExitStatus.INPUT_WRONG


def _saved(opened: Opened, answer: Answer) -> Answer:
    """Put the workbook that a run elsewhere made, and looked over, into its place."""
    data = answer.data
    if data is None:
        return answer
    if sha256(data).hexdigest() != answer.reply.fingerprint:
        return died("the workbook that came back is not the one that was sent")
    told = save_with(answer.beside(opened.path.stem), opened, data, is_proven=True)
    if stops(told):
        return without_result(ExitStatus.NOT_WRITTEN, *told)
    said = answer.said.model_copy(update={"issues": [*answer.said.issues, *issue_reports(told)]})
    return Answer(answer.reply.model_copy(update={"said": said, "is_written": True}))


def _answer_of(future: Future[Answer]) -> Answer:
    """Return the answer of a run; a worker that is gone for good has none."""
    try:
        return future.result()
    except CancelledError as lost:
        raise NoClusterError("the scheduler is gone; what is done stands in the log, run again for the rest") from lost
    except Exception as gone:
        if type(gone).__module__.partition(".")[0] != "distributed":
            raise
        return died(f"{type(gone).__name__}: {gone}")  # it took several workers with it
