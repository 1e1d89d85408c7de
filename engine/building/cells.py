"""The cells of a plan: which pairs may work together, with which history and how many hours an item takes.

Owns: eligibility, and the canonical order of cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.building.baseline import MappedHistory
from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.node_list import NamedTree
from engine.building.node_names import inherit
from engine.building.references import EVERY_METRIC, References
from engine.building.spread import Cube
from engine.formulation.order import node_ranks, ranks
from engine.plan import Cells, Metrics
from engine.trees import ROOT

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class SkillRows:
    """Rows of Skills; int64, shape (rows,). metric : EVERY_METRIC where none is named; org, queue : nodes."""

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray


def read_skills(reader: TableReader, references: References) -> SkillRows:
    """Return the rows of Skills whose names are known."""
    metric = references.metric(reader)
    org, queue = references.org(reader), references.queue(reader)
    usable = np.flatnonzero((metric >= EVERY_METRIC) & (org >= 0) & (queue >= 0))
    rows = SkillRows(metric[usable], org[usable], queue[usable])
    org_names, queue_names = reader.texts("Org"), reader.texts("Queue")
    report_duplicates(
        reader,
        (rows.metric, rows.org, rows.queue),
        lambda row: reader.place(int(usable[row]), "Org"),
        lambda row: f"{org_names[usable[row]]} on {queue_names[usable[row]]}",
    )
    return rows


def skilled_pairs(cube: Cube, rows: SkillRows, metrics: int) -> np.ndarray:
    """Return the keys of the leaf pairs that Skills allows, sorted."""
    every = rows.metric == EVERY_METRIC
    org, queue = rows.org[every], rows.queue[every]
    for_all = [cube.box_keys(np.full(len(org), metric), org, queue) for metric in range(metrics)]
    named = cube.box_keys(rows.metric[~every], rows.org[~every], rows.queue[~every])
    return np.unique(np.concatenate([*for_all, named]))


def all_pairs(cube: Cube, metrics: np.ndarray) -> np.ndarray:
    """Return the keys of all leaf pairs of some metrics, sorted."""
    root = np.full(len(metrics), ROOT)
    return cube.box_keys(metrics, root, root)


def handle_hours(queues: NamedTree, seconds: np.ndarray) -> np.ndarray:
    """Return hours per item of each leaf queue, nan where neither it nor a queue above has a handle time.

    Parameters
    ----------
    seconds : float64, shape (rows of Queues,)
    """
    return np.asarray(inherit(queues.tree, _per_node(queues, seconds))[queues.tree.leaves] / SECONDS_PER_HOUR)


def may_lose(queues: NamedTree, shares: np.ndarray, guard: float) -> np.ndarray:
    """Return the mix guard of each leaf queue: its own or inherited, else the setting.

    Parameters
    ----------
    shares : float64, shape (rows of Queues,)
    """
    share = inherit(queues.tree, _per_node(queues, shares))[queues.tree.leaves]
    return np.where(np.isnan(share), guard, share)


def _per_node(named: NamedTree, values: np.ndarray) -> np.ndarray:
    return np.where(named.record >= 0, values[np.maximum(named.record, 0)], np.nan)


def put_together(cube: Cube, history: MappedHistory, metrics: Metrics, hours: np.ndarray) -> Cells:
    """Return the cells of all pairs and leaf periods, in canonical order.

    Parameters
    ----------
    hours : float64, shape (leaf queues,), hours per item, nan where unknown
    """
    metric, org, queue = cube.split(history.key)
    org_rank = node_ranks(cube.org)[cube.org.leaves]
    queue_rank = node_ranks(cube.queues)[cube.queues.leaves]
    order = np.lexsort((queue_rank[queue], org_rank[org], ranks(metrics.ids)[metric]))
    periods = history.value.shape[1]
    metric, org, queue = (np.repeat(part[order], periods) for part in (metric, org, queue))
    return Cells(
        metric=metric,
        org=org,
        queue=queue,
        period=np.tile(np.arange(periods), len(order)),
        baseline=history.value[order].ravel(),
        hours=np.where(metrics.uses_capacity[metric], np.nan_to_num(hours)[queue], 0.0),
    )
