"""What a decision is given from outside: clock, workers and memory are handed in, so that the engine itself has none.

Owns: deadlines, progress, who does what can be done side by side, and what earlier runs found out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.workers import ALONE, Workers
from solver.frozen import frozen
from solver.memory import FORGETFUL, Memory, Unhinted


def _never() -> float | None:
    return None


def _quiet(step: str) -> None:
    del step


AGAIN = "again"
"""Word for searches of runs that follow on a first one."""


@frozen
class Watch:
    """What a long decision is given from outside.

    remaining_s : seconds that are left, None = no limit
    on_step : called with what is being done, in words
    workers : who does pieces of work that know nothing of each other
    memory : what earlier runs found out
    near : a word for searches that may start at the prices of the run before, "" = none: for runs of which only what is
        unique is taken
    only_misses : whether nothing is taken of a run but what is missed: prices of its programs then need not say all
    is_told : whether anybody reads why the plan is as it is: which of many prices say so is a search of its own
    """

    remaining_s: Callable[[], float | None] = _never
    on_step: Callable[[str], None] = _quiet
    workers: Workers = ALONE
    memory: Memory = FORGETFUL
    near: str = ""
    only_misses: bool = False
    is_told: bool = True

    def before_others(self) -> Watch:
        """Return what a first run is given so that others start where it ended: it starts from nothing itself."""
        return replace(self, memory=Unhinted(self.memory), near=AGAIN)

    @property
    def is_timed(self) -> bool:
        """Whether there is a limit."""
        return self.remaining_s() is not None

    @property
    def is_over(self) -> bool:
        """Whether the time is used up."""
        left = self.remaining_s()
        return left is not None and left <= 0


UNTIMED = Watch()
