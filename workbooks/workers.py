"""Who does pieces of a large plan side by side: threads on the cores there are, or an executor that is handed in.

Owns: how many threads, and that a piece is done here where whoever had it is gone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Item = TypeVar("Item")
Found = TypeVar("Found")

_LOOK_S = 5.0
"""Seconds between two looks whether anybody is left who could do a piece."""


def _always() -> bool:
    return True


class OnExecutor:
    """``engine.workers.Workers`` on an executor of ``concurrent.futures``, or one made like it (Dask's).

    Functions and items can be pickled, so its workers may be threads, processes or other machines. A piece hangs on
    its own arguments alone: where a worker is gone with it, and nobody else takes it, it is done here, and comes to
    the same.

    is_anybody_there : whether there is a worker left; asked while pieces are waited for
    """

    def __init__(self, executor: Executor, is_anybody_there: Callable[[], bool] = _always) -> None:
        self._executor, self._is_anybody_there = executor, is_anybody_there

    def map(self, function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what the function finds for each item, in the order of the items."""
        futures = [self._handed(function, item) for item in items]
        return [self._found(function, item, future) for item, future in zip(items, futures, strict=True)]

    def _handed(self, function: Callable[[Item], Found], item: Item) -> Future[Found] | None:
        """Hand a piece to the executor; None where it takes none any more."""
        try:
            return self._executor.submit(function, item)
        except Exception as gone:
            if not _is_loss(gone):
                raise
            return None

    def _found(self, function: Callable[[Item], Found], item: Item, future: Future[Found] | None) -> Found:
        if future is None or not self._comes_back(future):
            return function(item)
        try:
            return future.result()
        except Exception as gone:
            if not _is_loss(gone):
                raise
            return function(item)

    def _comes_back(self, future: Future[Found]) -> bool:
        """Wait for a piece as long as anybody is left who could do it."""
        from concurrent.futures import wait

        while not wait([future], timeout=_LOOK_S).done:
            if not self._is_anybody_there():
                future.cancel()
                return False
        return True


def _is_loss(error: Exception) -> bool:
    """Whether an error tells that a worker, or all of them, are gone, and not that a piece went wrong."""
    from concurrent.futures import BrokenExecutor, CancelledError

    is_of_dask = type(error).__module__.partition(".")[0] == "distributed"
    return is_of_dask or isinstance(error, (CancelledError, BrokenExecutor))


class OnCores:
    """``engine.workers.Workers`` on threads: solvers release Python's lock while they run.

    Threads live as long as one call, so that nothing is left behind between runs, and none is started where there is
    one core or one item. count : how many, the cores that this process may use where left out
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = count

    def map(self, function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what the function finds for each item, in the order of the items."""
        count = min(self._count or usable_cores(), len(items))
        if count <= 1:
            return [function(item) for item in items]
        from concurrent.futures import ThreadPoolExecutor  # only large plans have something to share

        with ThreadPoolExecutor(count) as executor:
            return OnExecutor(executor).map(function, items)


def usable_cores() -> int:
    """Return how many cores this process may use: fewer than the machine has, in a container or under taskset."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


CORES = OnCores()
