"""What rows pull, less what answers it: prices are forces that hold each other, and a reader wants what is left.

A queue's total resists (κ of the fairness step): of what one row pulls in its cells, most is handed back to all.

    told of row r in cell i = pull_ir + share_i · back_q · Σ_{j in queue q} pull_jr,   −1 ≤ back_q ≤ 0

Owns: telling a pull with its answer as one, and what a cell takes over of pulls on others in its queue.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import ReasonKind
from solver.frozen import frozen
from solver.sparse import csr_matrix

_NOTHING = 1e-12


@frozen
class Pulls:
    """What prices come to before they are told; arrays of shape (cells,).

    terms : csr, shape (cells, labels), items that rows pull by; kind : int64, shape (labels,), values of ReasonKind
    queue : int64, the total (metric, leaf queue, leaf period) of each cell
    move : float64, items by which a cell moves per unit of price; answer : float64, items that its total pulls it by
    rest : float64, items that neither explains: bounds
    """

    terms: csr_matrix
    kind: np.ndarray
    queue: np.ndarray
    move: np.ndarray
    answer: np.ndarray
    rest: np.ndarray


def fold(pulls: Pulls) -> tuple[csr_matrix, np.ndarray]:
    """Return what is told of rows: csr, shape (cells, labels); and what cells take over: float64, shape (cells,).

    What bounds do is answered by the queue as well: it is told as what is left of a cell's deviation.

    Notes
    -----
    Hours that many teams of a queue lack pull each of them down and, by their queue, the others up: what a team lacks
    and what it takes over for others' hours are told as their difference. Inflow only holds back what targets pull:
    so are these two.
    """
    coo = pulls.terms.tocoo()
    cell, label, amount = coo.row, coo.col, coo.data
    totals = int(pulls.queue.max(initial=-1)) + 1
    queue = pulls.queue[cell]
    _, which = np.unique(queue * pulls.terms.shape[1] + label, return_inverse=True)
    of_label = np.bincount(which, amount)[which] if len(which) else amount
    back = _handed_back(pulls, np.bincount(queue, amount, totals), totals)
    answered = back[cell] * of_label
    told = amount + answered
    taken = pulls.answer - np.bincount(cell, answered, len(pulls.move)) - back * pulls.rest

    kind = pulls.kind[label]
    lacking = kind == ReasonKind.HOURS
    for_hours = back * np.bincount(queue[lacking], amount[lacking], totals)[pulls.queue]
    for_hours -= np.bincount(cell[lacking], answered[lacking], len(pulls.move))
    for which, others in ((told < 0, np.maximum(for_hours, 0.0)), (told > 0, np.minimum(for_hours, 0.0))):
        told, spent = _net(told, cell, lacking & which, others)
        taken = taken - spent
    pulled = (kind == ReasonKind.TARGET) & (told > 0)
    up = np.bincount(cell[pulled], told[pulled], len(pulls.move))
    told, spent = _net(told, cell, (kind == ReasonKind.INFLOW) & (told < 0), up)
    told, _ = _net(told, cell, pulled, -spent)
    return csr_matrix((told, (cell, label)), shape=pulls.terms.shape), taken


def _handed_back(pulls: Pulls, pulled: np.ndarray, totals: int) -> np.ndarray:
    """Return what part of what its queue is pulled by each cell is handed back: ≤ 0. pulled : by queue, items."""
    answer = np.bincount(pulls.queue, pulls.answer, totals)
    all_pulls = pulled + np.bincount(pulls.queue, pulls.rest, totals)
    known = np.abs(all_pulls) > _NOTHING * max(float(np.max(np.abs(all_pulls), initial=0.0)), _NOTHING)
    part = np.clip(np.divide(answer, all_pulls, out=np.zeros(totals), where=known), -1.0, 0.0)
    moved = np.bincount(pulls.queue, pulls.move, totals)
    share = np.divide(pulls.move, moved[pulls.queue], out=np.zeros(len(pulls.move)), where=moved[pulls.queue] > 0)
    return np.asarray(part[pulls.queue] * share)


def _net(told: np.ndarray, cell: np.ndarray, which: np.ndarray, against: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return terms with some of them shortened by what stands against them in their cell, and by how much.

    Parameters
    ----------
    which : bool, shape (terms,), of one sign; against : float64, shape (cells,), of the other
    """
    own = np.bincount(cell[which], told[which], len(against))
    less = np.minimum(np.abs(own), np.abs(against)) * np.sign(against)
    kept = 1.0 + np.divide(less, own, out=np.zeros(len(own)), where=own != 0)
    return np.where(which, told * kept[cell], told), less
