"""From and To: in which leaf periods a node exists, and who may work on what then.

Owns: passing them down a tree, and the cells that are left.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.node_list import NamedTree
from engine.building.references import References


def leaves_alive(reader: TableReader, named: NamedTree, references: References) -> np.ndarray:
    """Return when each leaf exists; a node outside its time takes all below it along.

    Returns
    -------
    bool, shape (leaves, leaf periods)
    """
    first, last = references.leaf_range(reader)
    periods = references.known.periods
    times = np.arange(0 if periods is None else len(periods.tree.leaves))
    tree, record = named.tree, named.record
    alive = np.ones((len(tree), len(times)), dtype=bool)
    for node in range(len(tree)):
        if record[node] >= 0:
            alive[node] = (times >= first[record[node]]) & (times < last[record[node]])
        if tree.parent[node] >= 0:
            alive[node] &= alive[tree.parent[node]]
    return np.asarray(alive[tree.leaves])
