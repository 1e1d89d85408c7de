"""A tree given by Node and Parent.

Owns: duplicates, orphans, nodes that are their own parents, circles.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Problem
from engine.building.node_list import NodeList, id_field, take_aliases, take_names
from engine.building.texts import did_you_mean, key_of, quoted, text_of
from engine.trees import PATH_SEPARATOR


def nodes_from_parents(reader: TableReader) -> NodeList | None:
    """Return the nodes of a table with a column of ids, or None where they are no tree."""
    own = id_field(reader)
    labels = reader.labels(own, required=True)
    ids, levels = reader.texts(own), reader.texts("Level")
    nodes = NodeList()
    first: dict[str, int] = {}
    duplicates = []
    for record in np.flatnonzero(labels.code >= 0).tolist():
        name = ids[record]
        if first.setdefault(key_of(name), record) != record:
            row = reader.table.rows[first[key_of(name)]]
            duplicates.append(Problem(reader.place(record, own), f"“{name}” again; first in row {row}"))
            continue
        nodes.ids.append(name)
        nodes.short.append(name)
        nodes.levels.append(levels[record])
        nodes.record.append(record)
    reader.journal.add_each("TC307", duplicates)
    take_names(reader, nodes)
    known = take_aliases(reader, nodes)
    if known is None or not _take_parents(reader, nodes, known):
        return None
    return None if duplicates or labels.faulty.any() else nodes


def _take_parents(reader: TableReader, nodes: NodeList, known: dict[str, int]) -> bool:
    """Fill the parents; False where they make no tree."""
    parents = reader.labels("Parent")
    orphans, selves = [], []
    for node, record in enumerate(nodes.record):
        code = int(parents.code[record])
        if code < 0:
            nodes.parents.append(-1)
            continue
        label, place = parents.distinct[code], reader.place(record, "Parent")
        above = _position(key_of(label), known)
        if above is None:
            orphans.append(Problem(place, quoted(label) + did_you_mean(text_of(label), nodes.ids)))
        elif above == node:
            selves.append(Problem(place, quoted(label)))
        nodes.parents.append(-1 if above is None or above == node else above)
    reader.journal.add_each("TC308", orphans)
    reader.journal.add_each("TC309", selves)
    circles = _circles(nodes.parents)
    for circle in circles:
        named = " → ".join(nodes.ids[node] for node in [*circle, circle[0]])
        reader.journal.add("TC310", reader.place(nodes.record[circle[0]], "Parent"), named)
    return not (orphans or selves or circles or parents.faulty.any())


def _position(key: str, known: dict[str, int]) -> int | None:
    """Return the node a parent cell means; of a path the last part, since ids are unique here."""
    if key in known:
        return known[key]
    return known.get(key.rsplit(PATH_SEPARATOR, 1)[-1].strip())


def _circles(parents: list[int]) -> list[list[int]]:
    """Return the circles among parents, each once, its first node in front."""
    walk_of = [0] * len(parents)  # 0 = nobody came by yet
    circles = []
    for walk, start in enumerate(range(len(parents)), start=1):
        node, way = start, []
        while node >= 0 and walk_of[node] == 0:
            walk_of[node] = walk
            way.append(node)
            node = parents[node]
        if node >= 0 and walk_of[node] == walk:
            circle = way[way.index(node) :]
            turn = circle.index(min(circle))
            circles.append(circle[turn:] + circle[:turn])
    return circles
