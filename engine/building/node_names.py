"""Finding a node by what somebody typed: id, alias, path, or a short name that is unique.

Owns: the order in which these count, and ambiguity.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.building.texts import key_of, nearest, text_of
from engine.trees import PATH_SEPARATOR, Tree


class NodeNames:
    """All names of the nodes of a tree.

    Parameters
    ----------
    short : what each node is called below its parent; its id in a tree of Node and Parent
    aliases : other ids of each node
    """

    def __init__(self, tree: Tree, short: Sequence[str], aliases: Sequence[Sequence[str]]) -> None:
        self._tree = tree
        self._short = [name.casefold() for name in short]
        self._paths = self._path_texts(short)
        self._exact: dict[str, int] = {name.casefold(): node for node, name in enumerate(tree.ids)}
        for node, names in enumerate(aliases):
            for name in names:
                self._exact.setdefault(name.casefold(), node)
        for node, path in enumerate(self._paths):
            self._exact.setdefault(path.casefold(), node)
        self._by_short: dict[str, list[int]] = {}
        for node, name in enumerate(self._short):
            self._by_short.setdefault(name, []).append(node)

    def find(self, value: object) -> list[int]:
        """Return the nodes that a cell may mean: none, one, or several where it is ambiguous."""
        key = key_of(value)
        if key in self._exact:
            return [self._exact[key]]
        parts = [part.strip() for part in key.split(PATH_SEPARATOR)]
        candidates = self._by_short.get(parts[-1], [])
        return [node for node in candidates if self._has_above(node, parts[:-1])]

    def choices(self, nodes: Sequence[int]) -> list[str]:
        """Return the paths of nodes."""
        return [self._paths[node] for node in nodes]

    def hint(self, value: object) -> str:
        """Return ``; did you mean “Dublin”?``, or "" if no name is near what was typed."""
        guess = self._guess(value)
        return f"; did you mean “{guess}”?" if guess else ""

    def _guess(self, value: object) -> str:
        text = text_of(value)
        by_name = {name.casefold(): node for node, name in reversed(list(enumerate(self._tree.names)))}
        if text.casefold() in by_name:
            return self._tree.ids[by_name[text.casefold()]]
        known = [*self._exact, *self._by_short]
        found = nearest(text, known)
        if not found:
            return ""
        node = self._exact.get(found, self._by_short.get(found, [0])[0])
        return self._spelling(found, node)

    def _spelling(self, key: str, node: int) -> str:
        """Return a name as its owner spells it."""
        spellings = (self._tree.ids[node], self._paths[node])
        return next((name for name in spellings if name.casefold() == key), self._tree.ids[node])

    def _has_above(self, node: int, parts: Sequence[str]) -> bool:
        above = int(self._tree.parent[node])
        for part in reversed(parts):
            if above < 0 or self._short[above] != part:
                return False
            above = int(self._tree.parent[above])
        return True

    def _path_texts(self, short: Sequence[str]) -> list[str]:
        paths: list[str] = []
        for node, name in enumerate(short):
            above = int(self._tree.parent[node])
            prefix = paths[above] + PATH_SEPARATOR if above >= 0 and self._tree.given[above] else ""
            paths.append(prefix + name)
        return paths


def inherit(tree: Tree, values: np.ndarray) -> np.ndarray:
    """Return values passed down a tree: where a node has none (nan), that of the nearest node above.

    Parameters
    ----------
    values : float64, shape (nodes,)
    """
    passed = values.copy()
    for node in range(1, len(tree)):
        if np.isnan(passed[node]):
            passed[node] = passed[tree.parent[node]]
    return passed
