"""The time a decision may take: a clock is handed in, so that the engine itself has none.

Owns: deadlines and progress.
"""

from __future__ import annotations

from collections.abc import Callable

from solver.frozen import frozen


def _never() -> float | None:
    return None


def _quiet(step: str) -> None:
    del step


@frozen
class Watch:
    """What a long decision is given from outside.

    remaining_s : seconds that are left, None = no limit
    on_step : called with what is being done, in words
    """

    remaining_s: Callable[[], float | None] = _never
    on_step: Callable[[str], None] = _quiet

    @property
    def is_over(self) -> bool:
        """Whether the time is used up."""
        left = self.remaining_s()
        return left is not None and left <= 0


UNTIMED = Watch()
