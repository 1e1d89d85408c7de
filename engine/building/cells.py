"""The cells of a plan: which pairs may work together, with which history and how many hours an item takes.

Owns: eligibility, and the canonical order of cells.
"""

from __future__ import annotations

import numpy as np

from engine.building.baseline import MappedHistory
from engine.building.handle_times import SECONDS_PER_HOUR
from engine.building.node_list import NamedTree
from engine.building.node_names import inherit
from engine.building.specific import Leaves
from engine.building.spread import Cube
from engine.formulation.order import node_ranks, ranks
from engine.plan import Metrics
from engine.trees import ROOT
from solver.frozen import frozen


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


@frozen
class DraftCells:
    """Cells in canonical order before their hours are known. keys of the arrays as in ``engine.plan.Cells``."""

    leaves: Leaves
    baseline: np.ndarray


def put_together(cube: Cube, history: MappedHistory, metrics: Metrics, alive: np.ndarray) -> DraftCells:
    """Return the cells of all pairs and leaf periods, in canonical order.

    Parameters
    ----------
    alive : bool, shape (pairs, leaf periods), whether the pair works then
    """
    metric, org, queue = cube.split(history.key)
    org_rank = node_ranks(cube.org)[cube.org.leaves]
    queue_rank = node_ranks(cube.queues)[cube.queues.leaves]
    order = np.lexsort((queue_rank[queue], org_rank[org], ranks(metrics.ids)[metric]))
    periods = history.value.shape[1]
    metric, org, queue = (np.repeat(part[order], periods) for part in (metric, org, queue))
    kept = np.flatnonzero(alive[order].ravel())
    period = np.tile(np.arange(periods), len(order))
    return DraftCells(Leaves(metric[kept], org[kept], queue[kept], period[kept]), history.value[order].ravel()[kept])
