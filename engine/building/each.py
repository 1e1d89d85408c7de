"""Each: a row of Targets or Limits that holds for every node of a level, or every period, below the row's own.

Owns: level names, and the rows that one row stands for.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Problem
from engine.building.references import Known
from engine.building.texts import did_you_mean, key_of, quoted, shown_list
from engine.trees import Tree
from solver.frozen import frozen


@frozen
class Expanded:
    """Rows after Each.

    row : int64, shape (expanded rows,), the row each comes from; org, queue, period : nodes
    is_part : bool, whether Each made it
    """

    row: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    is_part: np.ndarray


def expand_each(
    reader: TableReader, known: Known, record: np.ndarray, nodes: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> Expanded:
    """Return one row per node that a row holds for.

    Parameters
    ----------
    record : int64, shape (rows,), the record in which each row stands
    nodes : org, queue and period node of each row; groups count as nodes
    """
    texts = reader.texts("Each")
    same = Expanded(np.arange(len(record)), *nodes, np.zeros(len(record), dtype=bool))
    if not any(texts) or known.org is None or known.queues is None or known.periods is None:
        return same
    trees = (known.org.tree, known.queues.tree, known.periods.tree)
    levels = _Levels(reader, trees)
    chosen = {text: levels.read(text, texts.index(text)) for text in dict.fromkeys(texts)}
    pieces: list[tuple[int, ...]] = []
    empty: list[Problem] = []
    for row, at in enumerate(record.tolist()):
        own = tuple(int(part[row]) for part in nodes)
        wanted = chosen[texts[at]]
        lists = [_below(tree, node, level) for tree, node, level in zip(trees, own, wanted, strict=True)]
        is_part = bool(texts[at])
        found = [(row, *place, is_part) for place in product(*lists)]
        if not found:
            words = f"{quoted(texts[at])}, and nothing of that level below the row"
            empty.append(Problem(reader.place(at, "Each"), words))
        pieces += found
    reader.journal.add_each("TC319", empty)
    table = np.array(pieces, dtype=np.int64).reshape(-1, 5)
    return Expanded(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4].astype(bool))


class _Levels:
    """The level names of the three trees."""

    def __init__(self, reader: TableReader, trees: tuple[Tree, Tree, Tree]) -> None:
        self._reader = reader
        self._names = [{key_of(level): level for level in tree.levels} for tree in trees]

    def read(self, text: str, record: int) -> tuple[str, str, str]:
        """Return the level asked for in each tree, "" where none is; wrong ones are reported."""
        wanted = ["", "", ""]
        for name in (part.strip() for part in text.replace(";", ",").split(",") if part.strip()):
            where = [at for at, names in enumerate(self._names) if key_of(name) in names]
            if len(where) == 1 and not wanted[where[0]]:
                wanted[where[0]] = self._names[where[0]][key_of(name)]
                continue
            self._report(name, record, len(where))
        return wanted[0], wanted[1], wanted[2]

    def _report(self, name: str, record: int, trees: int) -> None:
        every = [level for names in self._names for level in names.values()]
        words = quoted(name) + (
            did_you_mean(name, every) if trees == 0 else ", a level of more than one tree, or a second one of its tree"
        )
        self._reader.journal.add("TC319", self._reader.place(record, "Each"), words, expected=shown_list(every, 12))


def _below(tree: Tree, node: int, level: str) -> list[int]:
    """Return the nodes of a level below a node or group, itself included; the node where no level is asked for."""
    if not level:
        return [node]
    inside = np.zeros(len(tree.leaves) + 1, dtype=np.int64)
    inside[1:][tree.leaf_positions(node)] = 1
    count = np.cumsum(inside)
    span = tree.leaf_span
    whole = count[span[:, 1]] - count[span[:, 0]] == span[:, 1] - span[:, 0]
    of_level = np.array([name == level for name in tree.level]) & tree.given
    return np.flatnonzero(whole & of_level).tolist()
