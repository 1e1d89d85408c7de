"""Trees of nodes: org, queues and periods.

Owns: parents, levels, paths, and which leaves stand below a node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

ROOT = 0
"""Position of the root: trees are stored depth first, so it comes first."""

PATH_SEPARATOR = "/"


@dataclass(frozen=True)
class Group:
    """A set of leaves that cuts across a tree: a vendor, a language, a severity.

    leaves : int64, positions in the tree's leaves, ascending
    """

    id: str
    leaves: np.ndarray


@dataclass(frozen=True)
class Tree:
    """A tree stored depth first: a parent stands before its children, so a node's leaves are a contiguous run.

    ids : unique, as people typed them; ``All`` where several roots were given
    names : what people call the nodes; the id where no name was given
    parent : int64, shape (nodes,), position of the parent, -1 for the root
    level : level name of each node ("Region"), "" for a root of our own making
    given : bool, shape (nodes,), False for a root of our own making
    groups : sets of leaves across the tree; wherever a node may stand, ``len(tree) + g`` is group g
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    parent: np.ndarray
    level: tuple[str, ...]
    given: np.ndarray
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        if len(self.ids) == 0 or self.parent[0] != -1 or (self.parent[1:] >= np.arange(1, len(self.ids))).any():
            raise ValueError("a tree is stored depth first, with one root in front")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def depth(self) -> np.ndarray:
        """int64, shape (nodes,): 0 for the root."""
        depth = np.zeros(len(self), dtype=np.int64)
        for node in range(1, len(self)):
            depth[node] = depth[self.parent[node]] + 1
        return depth

    @cached_property
    def is_leaf(self) -> np.ndarray:
        """bool, shape (nodes,)."""
        leaf = np.ones(len(self), dtype=bool)
        leaf[self.parent[1:]] = False
        return leaf

    @cached_property
    def leaves(self) -> np.ndarray:
        """int64, shape (leaves,): node positions of the leaves, in tree order."""
        return np.flatnonzero(self.is_leaf)

    @cached_property
    def leaf_span(self) -> np.ndarray:
        """int64, shape (nodes, 2): the leaves below a node are ``leaves[first:last]``."""
        count = self.is_leaf.astype(np.int64)
        for node in range(len(self) - 1, 0, -1):
            count[self.parent[node]] += count[node]
        first = np.concatenate([[0], np.cumsum(self.is_leaf)[:-1]]).astype(np.int64)
        return np.column_stack([first, first + count])

    @cached_property
    def ancestors(self) -> np.ndarray:
        """int64, shape (leaves, deepest + 1): the node above each leaf at each depth, -1 below the leaf itself."""
        table = np.full((len(self.leaves), int(self.depth.max()) + 1), -1, dtype=np.int64)
        node = self.leaves.copy()
        rows = np.arange(len(node))
        while len(node):
            table[rows, self.depth[node]] = node
            above = self.parent[node]
            rows, node = rows[above >= 0], above[above >= 0]
        return table

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the children of each node, in tree order."""
        below: list[list[int]] = [[] for _ in self.ids]
        for node in range(1, len(self)):
            below[self.parent[node]].append(node)
        return tuple(tuple(nodes) for nodes in below)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Ids from the root's children down, ``Dublin/Team A``; a root of our own making is left out."""
        paths: list[str] = []
        for node, name in enumerate(self.ids):
            above = self.parent[node]
            prefix = paths[above] + PATH_SEPARATOR if above >= 0 and self.given[above] else ""
            paths.append(prefix + name)
        return tuple(paths)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Level names from the top down, each once, without a root of our own making."""
        found: dict[str, int] = {}
        for node in np.argsort(self.depth, kind="stable"):
            if self.given[node]:
                found.setdefault(self.level[node], int(self.depth[node]))
        return tuple(found)

    def leaf_positions(self, node: int) -> np.ndarray:
        """int64: positions in ``leaves`` of the leaves below a node (the node itself if it is one) or in a group."""
        if node >= len(self):
            return self.groups[node - len(self)].leaves
        first, last = self.leaf_span[node]
        return np.arange(first, last)

    @cached_property
    def leaf_counts(self) -> np.ndarray:
        """int64, shape (nodes + groups,): how many leaves stand below a node or in a group."""
        of_groups = [len(group.leaves) for group in self.groups]
        return np.concatenate([self.leaf_span[:, 1] - self.leaf_span[:, 0], of_groups]).astype(np.int64)

    def id_of(self, node: int) -> str:
        """Return the id of a node or group."""
        return self.groups[node - len(self)].id if node >= len(self) else self.ids[node]

    def name_of(self, node: int) -> str:
        """Return what people call a node or group."""
        return self.groups[node - len(self)].id if node >= len(self) else self.names[node]

    def path_of(self, node: int) -> str:
        """Return the path of a node, the id of a group."""
        return self.groups[node - len(self)].id if node >= len(self) else self.paths[node]

    def is_group(self, nodes: np.ndarray) -> np.ndarray:
        """bool: which positions are groups."""
        return np.asarray(nodes >= len(self))


def single_node(name: str) -> Tree:
    """Return a tree of one node that nobody gave."""
    return Tree((name,), (name,), np.array([-1]), ("",), np.array([False]))


def grow(ids: Sequence[str], names: Sequence[str], parents: Sequence[int], levels: Sequence[str]) -> Tree:
    """Return the tree of nodes listed in any order.

    Parameters
    ----------
    ids, names, levels : one per node; an empty level name becomes ``Level d``
    parents : position of each node's parent in the same lists, -1 for a root; acyclic

    Returns
    -------
    Tree
        Depth first, siblings in list order; several roots get a root ``All``.
    """
    below: list[list[int]] = [[] for _ in ids]
    roots: list[int] = []
    for node, above in enumerate(parents):
        (roots if above < 0 else below[above]).append(node)
    order: list[int] = []
    stack = roots[::-1]
    while stack:
        top = stack.pop()
        order.append(top)
        stack.extend(reversed(below[top]))
    made_root = len(roots) != 1
    shift = 1 if made_root else 0
    at = {node: position + shift for position, node in enumerate(order)}
    parent = [-1] * shift + [at[parents[node]] if parents[node] >= 0 else (0 if made_root else -1) for node in order]
    depths = [0] * shift
    for above in parent[shift:]:
        depths.append(depths[above] + 1 if above >= 0 else 0)
    level = [levels[node] or f"Level {depths[at[node]] + (0 if made_root else 1)}" for node in order]
    root_name = _free_name("All", ids)
    return Tree(
        tuple([root_name] * shift + [ids[node] for node in order]),
        tuple([root_name] * shift + [names[node] for node in order]),
        np.array(parent, dtype=np.int64),
        tuple([""] * shift + level),
        np.array([False] * shift + [True] * len(order)),
    )


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    used = {name.casefold() for name in taken}
    while wanted.casefold() in used:
        wanted += " nodes"
    return wanted
