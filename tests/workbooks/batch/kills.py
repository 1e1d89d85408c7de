"""A process of a batch killed at each call that changes a file: ``python -m tests.workbooks.batch.kills``.

Afterwards the workbook is the old one or the new one, what is said of it is true, nothing is left beside it, and the
run can be undone where it was made.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.safety.faults import CALLS, Traced
from tests.undoing import undoing_in
from tests.workbooks.books import small_book
from workbooks.batch.isolated import Lane
from workbooks.batch.messages import Answer, Asked
from workbooks.undo import undo_file

ASKED = Asked(command="targets batch", by="Aoife")
_LIMIT_S = 60.0


@dataclass
class Killed:
    """What kills did. after : how often the workbook was old or new afterwards."""

    count: int = 0
    after: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def places(folder: Path) -> list[tuple[str, int]]:
    """Return the calls of a run in a lane that change files, each with its number among those of its name."""
    book = _laid_out(folder)
    with undoing_in(folder / "states"):
        lane = _stopped()
        with Traced(lane.process, folder / "log"):
            lane.run(_asked(book), b"", _LIMIT_S)
            lane.end()
    counts: Counter = Counter()
    found = []
    for line in (folder / "log").read_text(errors="replace").splitlines():
        call = line.partition(" ")[2].strip().partition("(")[0]
        counts[call] += 1
        reads_only = call == "openat" and not any(word in line for word in ("O_CREAT", "O_WRONLY", "O_RDWR"))
        if call in CALLS and not reads_only:
            found.append((call, counts[call]))
    return found


def killed_at(folder: Path, call: str, ordinal: int, found: Killed) -> None:
    """Kill a lane as it makes a call, and look at what stands afterwards."""
    book = _laid_out(folder)
    old = book.read_bytes()
    with undoing_in(folder / "states"):
        lane = _stopped()
        with Traced(lane.process, folder / "log", f"inject={call}:signal=KILL:when={ordinal}"):
            answer = lane.run(_asked(book), b"", _LIMIT_S)
            lane.end()
        found.count += 1
        found.after["old" if book.read_bytes() == old else "new"] += 1
        found.faults += [f"killed at {call} {ordinal}: {fault}" for fault in _wrong(book, old, answer)]


def _wrong(book: Path, old: bytes, answer: Answer) -> Iterator[str]:
    now = book.read_bytes()
    if answer.reply.is_written != (now != old):
        yield f"said written: {answer.reply.is_written}, and the workbook is {'old' if now == old else 'new'}"
    if now != old and sha256(now).hexdigest() != answer.reply.fingerprint:
        yield "the workbook is neither the old one nor the new one"
    if left := sorted(each.name for each in book.parent.iterdir() if each != book):
        yield f"left {left}"
    if now != old and not (undo_file(book).is_whole and book.read_bytes() == old):
        yield "what was written cannot be undone"


def _laid_out(folder: Path) -> Path:
    (folder / "books").mkdir(exist_ok=True)
    book = folder / "books" / "plan.xlsx"
    book.write_bytes(small_book())
    return book


def _asked(book: Path) -> Asked:
    return ASKED.model_copy(update={"path": str(book)})


def _stopped() -> Lane:
    lane = Lane()
    os.kill(lane.process, signal.SIGSTOP)
    return lane


def main() -> None:
    """Kill at every call, and print."""
    say: Callable[[str], None] = print
    found = Killed()
    with tempfile.TemporaryDirectory() as name:
        for call, ordinal in places(Path(name)):
            killed_at(Path(name), call, ordinal, found)
    for fault in found.faults:
        say(fault)
    say(f"{found.count} kills, the workbook afterwards: {dict(found.after)}; {len(found.faults)} faults")


if __name__ == "__main__":
    main()
