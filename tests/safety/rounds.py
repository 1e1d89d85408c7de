"""Several runs on one book at once: one wins, the others say so, and nobody's sheet is lost."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.corpus.checker import compare
from tests.undoing import undoing_in
from workbooks.package.ownership import find_own, read_own_table
from workbooks.run import RunOptions, read_plan
from workbooks.run_file import FileOptions, cascade_file


@dataclass
class Rounds:
    """What rounds came to. statuses : how often runs ended with each."""

    count: int = 0
    runs: int = 0
    statuses: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def rounds(data: bytes, count: int, seed: int = 1) -> Rounds:
    """Let 2 to 8 runs go for one book at once, ``count`` times."""
    chance = random.Random(seed)
    found = Rounds()
    with tempfile.TemporaryDirectory() as folder, undoing_in(Path(folder) / "states"):
        book = Path(folder) / "plan.xlsx"
        for number in range(count):
            book.write_bytes(data)
            pids = [_start(book, chance.random() * 0.05) for _ in range(chance.randint(2, 8))]
            ended = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
            found.count += 1
            found.runs += len(ended)
            found.statuses.update(ended)
            found.faults += [f"round {number}: {fault}" for fault in _wrong(data, book, ended)]
    return found


def _start(book: Path, wait: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 99
    try:
        time.sleep(wait)
        status = int(cascade_file(book, FileOptions(RunOptions())).run.status)
    finally:
        os._exit(status)


def _wrong(before: bytes, book: Path, ended: list[int]) -> list[str]:
    after = book.read_bytes()
    won = sum(status in (0, 3, 4) for status in ended)
    faults = [f"a run ended with {status}" for status in ended if status not in (0, 3, 4, 5)]
    if not won:
        return [*faults, "nobody won"]
    faults += compare(before, after).faults
    if read_plan(after).plan is None:
        faults.append("the book cannot be read")
    logged = len(read_own_table(after, find_own(after), "Run Log").rows)
    if logged != won:
        faults.append(f"{won} runs won, {logged} are logged")
    left = [file.name for file in book.parent.iterdir() if file.name not in (book.name, "states")]
    return faults + [f"left {name}" for name in left]
