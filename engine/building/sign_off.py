"""SignOff: who has said what about which part of the plan.

Owns: the order of the rows: the last word on a node is the one that holds.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.node_list import NamedTree
from engine.building.references import Found, Labelled, References, find_org_or_queue, resolve
from engine.building.texts import text_of
from engine.building.tree_tables import report_left_alone
from engine.signature import Signature
from engine.trees import ROOT


def read_sign_off(reader: TableReader, references: References) -> tuple[Signature, ...]:
    """Return the rows of SignOff, the last word last; rows that were reported are left out.

    Notes
    -----
    A row without a day was said no earlier than the row above it.
    """
    org, queues = references.known.org, references.known.queues
    if org is None or queues is None:
        return ()
    report_left_alone(reader)
    count = len(org.tree) + len(org.tree.groups)
    nodes = resolve(
        reader.labels("Node"), ROOT, lambda value: _position(org, queues, value), Labelled(reader, "Node")
    ).tolist()
    texts = {name: reader.texts(name) for name in ("Version", "By", "Comment")}
    statuses, days = reader.choices("Status"), reader.dates("At")
    kept = [row for row, node in enumerate(nodes) if node >= 0 and statuses[row]]
    if not kept:
        return ()
    found = [
        Signature(
            nodes[row] - count * (nodes[row] >= count),
            nodes[row] >= count,
            texts["Version"][row],
            statuses[row],
            texts["By"][row],
            "" if np.isnat(days[row]) else str(days[row]),
            texts["Comment"][row],
            reader.place(row, "Node"),
        )
        for row in kept
    ]
    above = np.maximum.accumulate(np.where(np.isnat(days), np.datetime64("0001-01-01"), days))
    said = np.where(np.isnat(days), above, days)[kept]
    return tuple(found[at] for at in np.argsort(said, kind="stable").tolist())


def _position(org: NamedTree, queues: NamedTree, value: object) -> Found:
    """Return the org node of a name, or else the queue, counted on behind the org nodes and groups."""
    found, is_queue = find_org_or_queue(org, queues, value)
    named = queues if is_queue else org
    if found.code:
        return found
    if found.position >= len(named.tree):
        return Found(code="TC318", words=f"the group {text_of(value)}")
    return Found(found.position + (len(org.tree) + len(org.tree.groups) if is_queue else 0))
