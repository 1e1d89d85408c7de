"""A tree given by one column per level: Region, Site, Team.

Owns: nodes named by several rows, gaps between levels, ids of names that are not unique.
"""

from __future__ import annotations

from engine.building.columns import TableReader
from engine.building.journal import Problem
from engine.building.node_list import NodeList, take_aliases, take_names
from engine.building.texts import text_of
from engine.tables import FAULTY, ExtraColumn
from engine.trees import PATH_SEPARATOR


def nodes_from_levels(reader: TableReader) -> NodeList | None:
    """Return the nodes of a table whose other columns are levels, or None where they are no tree.

    Notes
    -----
    The last filled level of a row is the node that the row's other columns describe.
    """
    walk = _Walk(reader)
    for record in range(len(reader)):
        walk.take(record)
    if walk.is_faulty:
        reader.journal.spoil()
    reader.journal.add_each("TC311", walk.gaps)
    reader.journal.add_each("TC307", walk.duplicates)
    if walk.is_faulty or walk.gaps or walk.duplicates or len(walk.nodes) == 0:
        return None
    _take_ids(walk.nodes, walk.paths)
    take_names(reader, walk.nodes)
    return None if take_aliases(reader, walk.nodes) is None else walk.nodes


class _Walk:
    """Row by row from left to right."""

    def __init__(self, reader: TableReader) -> None:
        self.nodes, self.paths = NodeList(), list[str]()
        self.gaps, self.duplicates = list[Problem](), list[Problem]()
        self.is_faulty = False
        self._table = reader.table
        self._columns: tuple[ExtraColumn, ...] = reader.table.extra
        self._headers = [text_of(column.header) for column in self._columns]
        self._at: dict[tuple[str, ...], int] = {}

    def take(self, record: int) -> None:
        """Take in the nodes that a row names."""
        raw = [column.values[record] for column in self._columns]
        parts = [text_of(value) for value in raw]
        depth = max((level + 1 for level, part in enumerate(parts) if part), default=0)
        if any(value is FAULTY for value in raw):
            self.is_faulty = True
        elif "" in parts[:depth]:
            gap = parts.index("")
            found = f"no {self._headers[gap]} for “{parts[depth - 1]}”"
            self.gaps.append(Problem(self._table.place_in(record, self._columns[gap]), found))
        elif depth > 0:
            self._describe(self._node(parts[:depth]), record, depth)

    def _node(self, parts: list[str]) -> int:
        """Return the node of a path, with all nodes on the way."""
        node = -1
        for level in range(len(parts)):
            key = tuple(part.casefold() for part in parts[: level + 1])
            if key not in self._at:
                self._at[key] = len(self.paths)
                self.paths.append(PATH_SEPARATOR.join(parts[: level + 1]))
                self.nodes.short.append(parts[level])
                self.nodes.parents.append(node)
                self.nodes.levels.append(self._headers[level])
                self.nodes.record.append(-1)
            node = self._at[key]
        return node

    def _describe(self, node: int, record: int, depth: int) -> None:
        first = self.nodes.record[node]
        if first < 0:
            self.nodes.record[node] = record
            return
        found = f"“{self.paths[node]}” again; first in row {self._table.rows[first]}"
        self.duplicates.append(Problem(self._table.place_in(record, self._columns[depth - 1]), found))


def _take_ids(nodes: NodeList, paths: list[str]) -> None:
    """Give each node the id by which it is called: its name where that is unique, otherwise its path."""
    count: dict[str, int] = {}
    for name in nodes.short:
        count[name.casefold()] = count.get(name.casefold(), 0) + 1
    nodes.ids = [name if count[name.casefold()] == 1 else path for name, path in zip(nodes.short, paths, strict=True)]
