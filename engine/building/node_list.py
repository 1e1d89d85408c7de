"""Nodes of a tree table in table order, before they are a tree.

Owns: what both shapes of a tree table come to; ids, aliases; growing the tree.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Problem
from engine.building.node_names import NodeNames
from engine.trees import Tree, grow
from solver.frozen import frozen


@dataclass
class NodeList:
    """Nodes in table order; one entry per node in every list.

    short : what each is called below its parent
    parents : position of the parent, -1 for a root
    record : the row that describes the node, -1 where only rows below it name it
    """

    ids: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    aliases: list[tuple[str, ...]] = field(default_factory=list)
    record: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.short)


@frozen
class NamedTree:
    """A tree with all names of its nodes.

    record : int64, shape (nodes,), row of the tree's table that describes a node, -1 where none does
    groups : position of each group behind the nodes, by its id without case
    """

    tree: Tree
    names: NodeNames
    record: np.ndarray
    groups: Mapping[str, int] = field(default_factory=dict)


def id_field(reader: TableReader) -> str:
    """Return the name of the column that holds the ids: Node, or Period."""
    return "Period" if reader.table.name == "Periods" else "Node"


def take_aliases(reader: TableReader, nodes: NodeList) -> dict[str, int] | None:
    """Fill the aliases of nodes that have ids, and return every id and alias with its node; None where two clash."""
    texts = reader.texts("Alias") if id_field(reader) == "Node" else [""] * len(reader)
    owner = {name.casefold(): node for node, name in enumerate(nodes.ids)}
    clashes = []
    for node, record in enumerate(nodes.record):
        text = texts[record] if record >= 0 else ""
        aliases = tuple(alias.strip() for alias in text.replace(";", ",").split(",") if alias.strip())
        nodes.aliases.append(aliases)
        for alias in aliases:
            if owner.setdefault(alias.casefold(), node) != node:
                found = f"“{alias}” also belongs to “{nodes.ids[owner[alias.casefold()]]}”"
                clashes.append(Problem(reader.place(record, "Alias"), found))
    reader.journal.add_each("TC313", clashes)
    return None if clashes else owner


def take_names(reader: TableReader, nodes: NodeList) -> None:
    """Fill what people call the nodes: Name, else the short name."""
    texts = reader.texts("Name") if id_field(reader) == "Node" else [""] * len(reader)
    for short, record in zip(nodes.short, nodes.record, strict=True):
        nodes.names.append((texts[record] if record >= 0 else "") or short)


def plant(nodes: NodeList, order: Sequence[int] | None = None) -> NamedTree:
    """Return the nodes as a tree.

    Parameters
    ----------
    order : positions of the nodes in the order in which siblings shall stand; table order where left out
    """
    order = range(len(nodes)) if order is None else order
    new = {node: position for position, node in enumerate(order)}
    tree = grow(
        [nodes.ids[node] for node in order],
        [str(node) for node in order],  # carried through, so that each node of the tree is known again
        [new.get(nodes.parents[node], -1) for node in order],
        [nodes.levels[node] for node in order],
    )
    at = [int(name) if given else -1 for name, given in zip(tree.names, tree.given, strict=True)]
    tree = dataclasses.replace(tree, names=tuple(nodes.names[node] if node >= 0 else tree.ids[0] for node in at))
    short = [nodes.short[node] if node >= 0 else tree.ids[0] for node in at]
    aliases = [nodes.aliases[node] if node >= 0 else () for node in at]
    record = np.array([nodes.record[node] if node >= 0 else -1 for node in at], dtype=np.int64)
    return NamedTree(tree, NodeNames(tree, short, aliases), record)
