"""Groups: sets of nodes that cut across a tree, and may stand wherever a node may in rows of the plan.

Owns: reading Groups, and where a group may stand.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.building.columns import Labels, TableReader, factorise
from engine.building.journal import Problem
from engine.building.node_list import NamedTree
from engine.building.references import UNKNOWN, Known, Labelled, find_node, resolve
from engine.building.texts import key_of, quoted
from engine.trees import Group

_OF = {"Org": "TC301", "Queue": "TC302"}


def with_groups(reader: TableReader, known: Known) -> Known:
    """Return what names may refer to, groups included."""
    kinds = reader.choices("Of")
    ids = reader.texts("Group")
    for name in ("Group", "Node"):
        reader.labels(name, required=True)
    trees = {"Org": known.org, "Queue": known.queues}
    found: dict[str, NamedTree | None] = {}
    for kind, named in trees.items():
        rows = np.array([row for row, of in enumerate(kinds) if of == kind and ids[row]], dtype=np.int64)
        found[kind] = None if named is None else _grouped(reader, named, rows, kind)
    return dataclasses.replace(known, org=found["Org"], queues=found["Queue"])


def _grouped(reader: TableReader, named: NamedTree, rows: np.ndarray, kind: str) -> NamedTree:
    sub = factorise(reader.table.values["Node"][rows])
    labels = Labels(sub.code, sub.distinct, rows[sub.first], sub.faulty)
    nodes = resolve(labels, UNKNOWN, lambda value: find_node(named, value, _OF[kind]), Labelled(reader, "Node"))
    ids = reader.texts("Group")
    members: dict[str, list[int]] = {}
    spelled: dict[str, str] = {}
    first: dict[str, int] = {}
    for row, node in zip(rows.tolist(), nodes.tolist(), strict=True):
        key = key_of(ids[row])
        spelled.setdefault(key, ids[row])
        first.setdefault(key, row)
        members.setdefault(key, [])
        if node >= 0:
            members[key].append(node)
    taken = [key for key in members if named.names.find(key)]
    reader.journal.add_each(
        "TC317", [Problem(reader.place(first[key], "Group"), f"group {quoted(spelled[key])}") for key in taken]
    )
    tree = named.tree
    groups = tuple(
        Group(spelled[key], np.unique(np.concatenate([tree.leaf_positions(node) for node in below])))
        for key, below in members.items()
        if below and key not in taken
    )
    positions = {key_of(group.id): len(tree) + at for at, group in enumerate(groups)}
    return dataclasses.replace(named, tree=dataclasses.replace(tree, groups=groups), groups=positions)
