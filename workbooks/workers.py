"""Who does pieces of a large plan side by side: threads on the cores there are, or somebody's executor.

Owns: how many threads, and how an executor (a cluster's, say) is handed in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Item = TypeVar("Item")
Found = TypeVar("Found")


class OnExecutor:
    """``engine.workers.Workers`` on an executor of ``concurrent.futures``, or one made like it (Dask's).

    Functions and items can be pickled, so its workers may be threads, processes or other machines.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def map(self, function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what the function finds for each item, in the order of the items."""
        return list(self._executor.map(function, items))


class OnCores:
    """``engine.workers.Workers`` on threads: solvers release Python's lock while they run.

    Threads live as long as one call, so that nothing is left behind between runs, and none is started where there is
    one core or one item. count : how many, the cores that this process may use where left out
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = count

    def map(self, function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what the function finds for each item, in the order of the items."""
        count = min(self._count or _cores(), len(items))
        if count <= 1:
            return [function(item) for item in items]
        from concurrent.futures import ThreadPoolExecutor  # only large plans have something to share

        with ThreadPoolExecutor(count) as executor:
            return OnExecutor(executor).map(function, items)


def _cores() -> int:
    """Return how many cores this process may use: fewer than the machine has, in a container or under taskset."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


CORES = OnCores()
