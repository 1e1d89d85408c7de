"""Ctrl-C in the middle of a real command: it ends, says in one line what stands, and leaves nothing behind.

With strace, the interrupt comes at every file-changing system call; without it, at instants spread over the run.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from tests.corpus.checker import compare
from tests.safety.faults import Traced, cascaded, changing_calls
from tests.undoing import undoing_in
from workbooks.command.cascade import cascade
from workbooks.command.main import INTERRUPTED, run_command
from workbooks.package.ownership import find_own
from workbooks.package.save import WRITTEN

_BUG, _SAID = 99, "said"


@dataclass
class Interrupts:
    """What a number of interrupts came to. by_end : how often a command ended with a status, and with which book."""

    count: int = 0
    by_end: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def interrupted_at_calls(name: str, data: bytes, every: int = 1) -> Interrupts:
    """Interrupt a command at each file-changing call of it. every : only each of so many, for a sample."""
    found = Interrupts()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for call, ordinal in changing_calls(data, folder, _command)[every - 1 :: every]:
            book = _fresh(folder, data)
            with undoing_in(book.parent / "states"):
                pid = _command(book, stopped=True)
                with Traced(pid, folder / "log", f"inject={call}:signal=INT:when={ordinal}"):
                    waited = os.waitpid(pid, 0)[1]
            _judge(f"{name}, {call} {ordinal}", data, book, waited, found)
    return found


def interrupted_at_times(name: str, data: bytes, count: int) -> Interrupts:
    """Interrupt a command at instants spread over the time it takes."""
    found = Interrupts()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        started = time.monotonic()
        with undoing_in(folder / "run" / "states"):
            os.waitpid(_command(_fresh(folder, data), is_whole=True), 0)
        took = time.monotonic() - started
        for at in range(count):
            book = _fresh(folder, data)
            with undoing_in(book.parent / "states"):
                pid = _command(book, is_whole=True)
                time.sleep(took * (at + 0.5) / count)  # whatever it is doing then: any instant is good
                os.kill(pid, signal.SIGINT)
                waited = os.waitpid(pid, 0)[1]
            _judge(f"{name}, after {at + 0.5} / {count} of its time", data, book, waited, found)
    return found


def _fresh(folder: Path, data: bytes) -> Path:
    """Return a book alone in a folder of its own."""
    place = Path(tempfile.mkdtemp(dir=folder)) / "run"
    place.mkdir()
    book = place / "plan.xlsx"
    book.write_bytes(data)
    return book


def _command(book: Path, *, stopped: bool = False, is_whole: bool = False) -> int:
    """Start ``targets cascade`` on a book and return its process.

    is_whole : it solves, too; otherwise what solving comes to is known, and only reading and saving are done
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until the command has begun: before, it is not ours
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return pid
    status = _BUG
    sys.dont_write_bytecode = True  # calls are counted: each run is to have the same ones
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        WRITTEN.clear()
        sys.stdout = sys.stderr = (book.parent / _SAID).open("w")
        if stopped:
            os.kill(os.getpid(), signal.SIGSTOP)
        status = run_command(lambda: _cascade(book, is_whole=is_whole))
    finally:
        os._exit(status)


def _cascade(book: Path, *, is_whole: bool) -> object:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if is_whole:
        return cascade.main([str(book)], standalone_mode=False)
    with patch("workbooks.run_file.cascade", cascaded):
        return cascade.main([str(book)], standalone_mode=False)


def _judge(name: str, before: bytes, book: Path, waited: int, found: Interrupts) -> None:
    found.count += 1
    ended = os.waitstatus_to_exitcode(waited)
    now = book.read_bytes()
    state = "old" if now == before else "new"
    said = (book.parent / _SAID).read_text(errors="replace")
    found.by_end[f"{ended} {state}"] += 1
    left = [each.name for each in book.parent.iterdir() if each.name not in (book.name, "states", _SAID)]
    words = {"old": "Interrupted; nothing was written.", "new": f"Interrupted; {book.name} was written before."}
    faults = [
        f"left {left}" if left else "",
        f"ended with {ended}" if ended not in (0, 3, INTERRUPTED) else "",
        "a traceback" if "Traceback" in said else "",
        f"said {said[-80:]!r} of the {state} book" if ended == INTERRUPTED and words[state] not in said else "",
        "said done of the old book" if ended in (0, 3) and state == "old" else "",
        *(compare(before, now).faults if state == "new" and not find_own(before).sheets else ()),
    ]
    found.faults += [f"{name}: {fault}" for fault in faults if fault]
