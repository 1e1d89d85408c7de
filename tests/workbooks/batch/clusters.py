"""A real Dask cluster on this machine: a scheduler and workers, over TCP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DASK = (sys.executable, "-m", "dask")


@dataclass(frozen=True)
class Cluster:
    """A scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]

    def wait_for_workers(self, count: int) -> None:
        """Wait until as many workers are there."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def kill(self, worker: int) -> None:
        """Kill a worker, as a machine that is switched off."""
        if self.workers[worker].poll() is None:
            self.workers[worker].send_signal(signal.SIGKILL)
            self.workers[worker].wait()


@contextmanager
def two_workers_in(folder: Path) -> Iterator[Cluster]:
    """Start a scheduler and two workers, and end them. folder : for what they put down."""
    file = folder / "scheduler.json"
    common = ("--scheduler-file", str(file), "--no-dashboard")
    scheduler = _started(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", *common)
    workers = [
        _started(
            folder, "worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--local-directory", str(folder),
        )
        for _ in range(2)
    ]  # fmt: skip
    try:
        yield Cluster(_address(file), workers)
    finally:
        for each in (*workers, scheduler):
            _end(each)


def _address(file: Path) -> str:
    """Return where a scheduler is, once it has said so to the end."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError, ValueError):
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise TimeoutError("no scheduler came up")


def _started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    scratch = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder)}
    return subprocess.Popen([*DASK, *arguments], env=scratch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process; workers while their scheduler is there: one that loses it while it says goodbye never ends."""
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
