"""Org and Queues: trees out of either shape of their tables.

Owns: telling the two shapes apart.
"""

from __future__ import annotations

from engine.building.columns import TableReader
from engine.building.node_list import NamedTree, NodeList, id_field, plant
from engine.building.texts import did_you_mean, quoted, text_of
from engine.building.tree_levels import nodes_from_levels
from engine.building.tree_parents import nodes_from_parents
from engine.fields import TABLE
from engine.issues import Place


def read_nodes(reader: TableReader) -> NodeList | None:
    """Return the nodes of a tree table, or None where they are no tree."""
    table, journal = reader.table, reader.journal
    if len(table) == 0:
        journal.add("TC210", table.whole(), f"{table.name} holds no row")
        return None
    if not reader.has(id_field(reader)):
        if table.extra:
            return nodes_from_levels(reader)
        journal.add("TC312", table.whole(), f"{table.name} has neither {id_field(reader)} nor level columns")
        return None
    report_left_alone(reader)
    nodes = nodes_from_parents(reader)
    return nodes if nodes is not None and len(nodes) > 0 else None


def report_left_alone(reader: TableReader) -> None:
    """Name the columns that mean nothing to us."""
    table = reader.table
    known = [field.name for field in TABLE[table.name].fields]
    for extra in table.extra:
        place = Place(table.name, table.sheet, table.header_row, extra.column, text_of(extra.header))
        reader.journal.add("TC513", place, quoted(extra.header) + did_you_mean(text_of(extra.header), known))


def read_tree(reader: TableReader) -> NamedTree | None:
    """Return Org or Queues as a tree, or None where it is none."""
    nodes = read_nodes(reader)
    return None if nodes is None else plant(nodes)
