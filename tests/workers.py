"""Workers for tests: pieces of work that are sent away as to another machine, and come back in any order."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")


@dataclass
class Away:
    """Function, items and results are pickled, and the last item is done first. calls : how many items there were."""

    calls: int = 0

    def map(self, function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what the function finds for each item, in the order of the items."""
        self.calls += len(items)
        found = [pickle.dumps(_at_work(pickle.dumps((function, item)))) for item in reversed(items)]
        return [pickle.loads(each) for each in reversed(found)]


def _at_work(sent: bytes) -> object:
    function, item = pickle.loads(sent)
    return function(item)
