"""Progress of long work on a terminal.

Owns: the line that says what is being done and how long it may still take; nothing is shown where nobody looks.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status

_PART = re.compile(r"^(\D+)(\d+) of (\d+)")
"""Steps of which there are so many, one after the other: periods, misses, rows."""


class Forecast:
    """What is being done, and how long it may still take: as long as the last run, or as far as parts tell."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._started = self._step_started = now()
        self._what = "starting"
        self._expected_s: float | None = None

    def expect(self, seconds: float) -> None:
        """Take note of how long all of it may take."""
        self._expected_s = seconds

    def step(self, what: str) -> None:
        """Take note of what is being done now."""
        before, part = _PART.match(self._what), _PART.match(what)
        if before is None or part is None or before[1] != part[1]:
            self._step_started = self._now()
        self._what = what

    def __rich__(self) -> str:
        """Return the line as it stands now."""
        spent = self._now() - self._started
        left = self._left_s(spent)
        if spent < 1 and (left is None or left < 1):
            return self._what
        told = "" if left is None else f", about {_told(left)} to go" if left >= 1 else ", longer than expected"
        return f"{self._what} · {_told(spent)}{told}"

    def _left_s(self, spent: float) -> float | None:
        part = _PART.match(self._what)
        if part is not None and int(part[2]) > 1:
            done = int(part[2]) - 1
            return (self._now() - self._step_started) / done * (int(part[3]) - done)
        return None if self._expected_s is None else self._expected_s - spent


def _told(seconds: float) -> str:
    minutes, rest = divmod(round(max(seconds, 0)), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Progress:
    """A line on standard error that says what is being done, while it lasts."""

    def __init__(self, *, is_shown: bool) -> None:
        self._status: Status | None = None
        self._forecast = Forecast()
        if is_shown and sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status(self._forecast)

    def step(self, what: str) -> None:
        """Say what is being done now."""
        self._forecast.step(what)

    def expect(self, seconds: float) -> None:
        """Say how long it may take in all."""
        self._forecast.expect(seconds)

    def __enter__(self) -> Progress:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()
