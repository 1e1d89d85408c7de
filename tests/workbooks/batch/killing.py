"""An executor whose worker dies while it is at work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from typing import Any


class Killing(Executor):
    """Hands work on to another executor; once half of it is handed out, and some of that is done, a worker dies.

    What the dead worker has found and still holds is lost with it.
    """

    def __init__(self, executor: Executor, after: int, kill: Callable[[], None]) -> None:
        self._executor, self._after, self._kill = executor, after, kill
        self.handed: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand on a piece of work."""
        self.handed.append(self._executor.submit(fn, *args, **kwargs))
        if len(self.handed) == self._after:
            wait(self.handed[:1])
            self._kill()
        return self.handed[-1]
