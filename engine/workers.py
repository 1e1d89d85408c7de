"""Work that can be done side by side: the engine says what, whoever calls it says where.

Owns: the face that processors, processes or a cluster are handed in by, and the plain one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")


class Workers(Protocol):
    """Whoever does pieces of work that know nothing of each other.

    Notes
    -----
    The engine hands in functions of modules and arguments that are arrays, so that both can be pickled; each result
    hangs on its own argument alone. So any number of workers, anywhere, gives the same plan to the last bit, as long
    as results come back in the order of the items. Threads are enough for one machine: solvers release Python's lock
    while they run.
    """

    def map(self, function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what the function finds for each item, in the order of the items; what it raises is raised."""


class OneAfterTheOther:
    """No workers: the plain way."""

    def map(self, function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what the function finds for each item."""
        return [function(item) for item in items]


ALONE = OneAfterTheOther()
