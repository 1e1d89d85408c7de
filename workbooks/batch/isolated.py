"""A run in a process of its own: it may crash or never end, and nothing else is lost.

Owns: those processes: started when they are needed, kept for the next workbook, ended when their time is up.
Every executor calls ``run_isolated``, in a thread of this machine or in a worker of a cluster.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock, Timer
from typing import BinaryIO, cast

from workbooks.batch.frames import EndedError, receive, send
from workbooks.batch.messages import Answer, Asked, Reply, died, out_of_time
from workbooks.package.save import tidy_after

_START_LIMIT_S = 120.0
_SOFT_PART = 0.75
"""Part of the time limit after which a run takes the best plan it has; the rest is for writing it down."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
"""Workbooks run side by side: threads inside each would only stand in each other's way."""


class Lane:
    """One process that runs workbooks, one after the other."""

    def __init__(self) -> None:
        """Start the process and wait until it has loaded everything.

        Raises
        ------
        EndedError
            It cannot be started.
        """
        folder = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workbooks.batch.lane"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": path},
            start_new_session=True,  # an interrupt in the terminal is for whoever started us, who then ends us
        )
        self._to, self._from = cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)
        try:
            with _Alarm(self, _START_LIMIT_S):
                receive(self._from)
        except EndedError:
            self.end()
            raise

    @property
    def process(self) -> int:
        """Id of the process."""
        return self._process.pid

    def run(self, asked: Asked, data: bytes, limit_s: float) -> Answer:
        """Return what a run on a workbook comes to; where there is no answer, the process is gone, and that is said."""
        alarm, promised = _Alarm(self, limit_s), None
        try:
            with alarm:
                send(self._to, asked.model_dump_json(), data)
                answer = self._received()
                if answer.reply.is_to_follow:
                    promised = answer.reply
                    answer = self._received()
        except EndedError:
            self.end()
            if asked.path:
                tidy_after(Path(asked.path))
            if promised is not None and _stands(Path(asked.path), promised.fingerprint):
                return Answer(promised.model_copy(update={"is_written": True, "is_to_follow": False}))
            return out_of_time(limit_s) if alarm.has_rung else died(f"exit status {self._process.wait()}")
        return answer

    def _received(self) -> Answer:
        header, body = receive(self._from)
        return Answer(Reply.model_validate_json(header), body or None)

    @property
    def is_alive(self) -> bool:
        """Whether the process can take another workbook."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process; a run under way in it is answered as died."""
        self._process.kill()

    def end(self) -> None:
        """End the process and let go of everything that it held."""
        self._process.kill()
        self._process.wait()
        for stream in (self._to, self._from):
            with suppress(OSError):
                stream.close()


class _Alarm:
    """Ends a lane when its time is up."""

    def __init__(self, lane: Lane, limit_s: float) -> None:
        self._lane, self.has_rung = lane, False
        self._timer = Timer(limit_s, self._ring)
        self._timer.daemon = True

    def _ring(self) -> None:
        self.has_rung = True
        self._lane.kill()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class Lanes:
    """The lanes of this process, each for one workbook at a time."""

    def __init__(self) -> None:
        self._idle: list[Lane] = []
        self._busy: set[Lane] = set()
        self._lock = Lock()

    def run(self, asked: Asked, data: bytes, limit_s: float) -> Answer:
        """Run a workbook in an idle lane, or in a new one."""
        try:
            lane = self._taken()
        except (EndedError, OSError):
            return died("no process could be started")
        answer = lane.run(asked, data, limit_s)
        with self._lock:
            self._busy.discard(lane)
            if lane.is_alive:
                self._idle.append(lane)
        return answer

    def end(self) -> None:
        """End all lanes; runs under way are answered as died."""
        with self._lock:
            idle, self._idle = self._idle, []
            for lane in self._busy:
                lane.kill()
        for lane in idle:
            lane.end()

    def _taken(self) -> Lane:
        lane = self._idle_one() or Lane()
        with self._lock:
            self._busy.add(lane)
        return lane

    def _idle_one(self) -> Lane | None:
        with self._lock:
            lane = self._idle.pop() if self._idle else None
        if lane is None or lane.is_alive:
            return lane
        lane.end()
        return self._idle_one()


LANES = Lanes()
atexit.register(LANES.end)


def run_isolated(asked: Asked, data: bytes, limit_s: float) -> Answer:
    """Return what a run on a workbook comes to, whatever the workbook does to the process it runs in.

    Parameters
    ----------
    asked : with the path of the workbook, or with none; data : its bytes, where no path is given
    limit_s : time after which the process is ended; after three quarters of it the plan takes the best it has
    """
    return LANES.run(asked.model_copy(update={"soft_limit_s": limit_s * _SOFT_PART}), data, limit_s)


def _stands(path: Path, fingerprint: str) -> bool:
    """Whether a file is the one that a process was about to write when it ended."""
    try:
        return sha256(path.read_bytes()).hexdigest() == fingerprint
    except OSError:
        return False
