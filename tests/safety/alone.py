"""One call in a process of its own, with what it took: an end, a time, memory, and what it said.

Owns: what counts as harm done by hostile bytes.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

MOST_S = 10
MOST_BYTES = 2**30
_LONGEST_S = 900
"""On the clock, for what waits for ever; of its own time a call gets ten times what is good."""


@dataclass
class Taken:
    """What a call took. fault : "" where it did no harm."""

    fault: str
    seconds: float
    bytes: int


def alone(call: Callable[[], object], most_s: float = MOST_S, most_bytes: int = MOST_BYTES) -> Taken:
    """Call something in a process of its own.

    Parameters
    ----------
    most_s : seconds of its own time; most_bytes : of memory
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        pid = os.fork()
        if not pid:
            _child(call, said.fileno(), most_s)
        handle = os.pidfd_open(pid)
        ready = select.select([handle], [], [], _LONGEST_S)[0]
        os.close(handle)
        if not ready:
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        said.seek(0)
        words = said.read(2000).decode(errors="replace")
    # on a machine that others use, too, its own time counts, and the clock only where it never ends
    seconds = usage.ru_utime + usage.ru_stime if ready else time.monotonic() - started
    memory = usage.ru_maxrss * 1024
    return Taken(_fault(status, words, (seconds, most_s), (memory, most_bytes)), seconds, memory)


def _fault(status: int, words: str, time_taken: tuple[float, float], memory_taken: tuple[int, int]) -> str:
    (seconds, most_s), (memory, most_bytes) = time_taken, memory_taken
    if os.WIFSIGNALED(status):
        return f"ended by signal {os.WTERMSIG(status)}"
    if os.WEXITSTATUS(status):
        return f"raised: {words.strip().splitlines()[-1] if words.strip() else status}"
    if words.strip():
        return f"said: {words.strip().splitlines()[0]}"
    if seconds > most_s:
        return f"took {seconds:.0f} s"
    return f"took {memory / 2**20:,.0f} MiB" if memory > most_bytes else ""


def _child(call: Callable[[], object], said: int, most_s: float) -> None:
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(10 * most_s), int(10 * most_s) + 1))
        os.dup2(said, 1)
        os.dup2(said, 2)
        call()
        status = 0
    except BaseException:
        os.write(said, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(status)
