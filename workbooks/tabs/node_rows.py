"""The rows of one metric on a tab of nodes: the nodes of a tree in their order, then its groups.

Owns: what these rows are called, and which of them make up another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.trees import ROOT, Tree
from solver.sparse import csr_matrix

GROUP_LEVEL = "Group"


@dataclass(frozen=True)
class NodeRows:
    """Rows of a tree and its groups; a group stands where ``len(tree) + g`` says."""

    tree: Tree

    def __len__(self) -> int:
        return len(self.tree) + len(self.tree.groups)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """What each row is called in other tables."""
        return (*self.tree.ids, *(group.id for group in self.tree.groups))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What people call each row."""
        return (*self.tree.names, *(group.id for group in self.tree.groups))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Level of each row."""
        return (*self.tree.level, *(GROUP_LEVEL for _ in self.tree.groups))

    @cached_property
    def depth(self) -> np.ndarray:
        """int64, shape (rows,): depth in the tree; groups stand outside it, at 0."""
        return np.append(self.tree.depth, np.zeros(len(self.tree.groups), np.int64))

    @cached_property
    def parent(self) -> np.ndarray:
        """int64, shape (rows,): what each row is a part of; groups are parts of the whole, −1 for the root."""
        return np.append(self.tree.parent, np.full(len(self.tree.groups), ROOT))

    @cached_property
    def is_leaf(self) -> np.ndarray:
        """bool, shape (rows,)."""
        return np.append(self.tree.is_leaf, np.zeros(len(self.tree.groups), dtype=bool))

    @cached_property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """The rows that add up to each row: children of a node, leaves of a group; ascending."""
        leaves = self.tree.leaves
        return (*self.tree.children, *(tuple(leaves[group.leaves].tolist()) for group in self.tree.groups))

    @cached_property
    def holds(self) -> csr_matrix:
        """0/1, shape (rows, leaves): which leaves lie below each row."""
        below = [self.tree.leaf_positions(row) for row in range(len(self))]
        ends = np.cumsum([0, *(len(leaves) for leaves in below)])
        return csr_matrix((np.ones(ends[-1]), np.concatenate(below), ends), shape=(len(self), len(self.tree.leaves)))

    def rolled_up(self, amounts: np.ndarray) -> np.ndarray:
        """Return sums of leaves per row: shape (rows, …); nan where nothing is known below a row.

        Parameters
        ----------
        amounts : float64, shape (leaves, …), nan = unknown
        """
        known = np.isfinite(amounts)
        total = self.holds @ np.where(known, amounts, 0.0)
        return np.asarray(np.where(self.holds @ known.astype(np.float64) > 0, total, np.nan))
