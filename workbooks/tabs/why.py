"""Why a number leaves its fair share: named amounts that add up to the deviation shown.

Owns: picking the largest reasons of each row, rounding them so that they tie, and the text of the Why columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.plan import Metrics
from solver.frozen import frozen
from workbooks.tabs.looks import clipped
from workbooks.tabs.metric_looks import Wording, wording

_LONGEST_LABEL = 120


@frozen
class Terms:
    """Reasons of rows: ``amount[t]`` items of ``labels[label[t]]`` in ``row[t]``.

    row, label : int64, shape (terms,); amount : float64, shape (terms,), items
    """

    labels: Sequence[str]
    row: np.ndarray
    label: np.ndarray
    amount: np.ndarray


@frozen
class Wordings:
    """How the amounts of rows are told. which : int64 per row, position in kinds."""

    kinds: Sequence[Wording]
    which: np.ndarray

    @property
    def step(self) -> np.ndarray:
        """float64 per row: what amounts are told in multiples of."""
        return np.asarray(np.array([kind.step for kind in self.kinds])[self.which])


def shown(values: np.ndarray) -> np.ndarray:
    """Return values as ``#,##0`` shows them: whole, halves away from zero."""
    return np.asarray(np.sign(values) * np.floor(np.abs(values) + 0.5))


def wordings_of(metrics: Metrics, metric: np.ndarray) -> Wordings:
    """Return how amounts are told of rows about several metrics. metric : int64 per row."""
    distinct, which = np.unique(metric, return_inverse=True)
    return Wordings([wording(metrics, each) for each in distinct.tolist()], which.ravel())


def why_texts(terms: Terms, deviation: np.ndarray, named: int, wordings: Wordings | None = None) -> list[str]:
    """Return one text per row: ``Dublin hours, 2024-03 −120; Q1 target +40; other −2``.

    Parameters
    ----------
    deviation : float64, shape (rows,), what the reasons of each row come to
    named : how many reasons are named; the rest is "other"
    wordings : how amounts are told; in whole items where left out

    Returns
    -------
    list of str
        "" where the deviation shows as 0. Amounts are whole steps and add up to the deviation as shown.

    Notes
    -----
    Amounts are rounded in sequence: each is the step between rounded running sums. So they tie by
    construction, and none is off by a whole item.
    """
    if wordings is None:
        wordings = Wordings((Wording(),), np.zeros(len(deviation), np.int64))
    step = wordings.step
    order = np.lexsort((terms.label, -np.abs(terms.amount), terms.row))
    row, label, amount = terms.row[order], terms.label[order], terms.amount[order] / step[terms.row[order]]
    total = shown(deviation / step)
    count = np.bincount(row, minlength=len(deviation)).astype(np.int64)
    start = np.cumsum(count) - count
    running, told = np.zeros(len(deviation)), np.zeros(len(deviation))
    pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []  # rows, labels, whole amounts
    for rank in range(named):
        rows = np.flatnonzero((count > rank) & (total != 0))
        at = start[rows] + rank
        running[rows] += amount[at]
        # the last reason of a row takes up what is left, so that nothing remains for "other"
        upto = np.where(count[rows] == rank + 1, total[rows], shown(running[rows]))
        pieces.append((rows, label[at], upto - told[rows]))
        told[rows] = upto
    rows = np.flatnonzero(total)
    pieces.append((rows, np.full(len(rows), len(terms.labels)), (total - told)[rows]))
    return _joined(pieces, [*(clipped(each, _LONGEST_LABEL) for each in terms.labels), "other"], wordings)


def _joined(
    pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]], labels: list[str], wordings: Wordings
) -> list[str]:
    row, label, amount = (np.concatenate([piece[part] for piece in pieces]) for part in range(3))
    kept = np.flatnonzero(amount)
    kept = kept[np.argsort(row[kept], kind="stable")]
    amounts = _amounts(amount[kept], wordings.which[row[kept]], wordings.kinds)
    words = [f"{labels[name]} {size}" for name, size in zip(label[kept].tolist(), amounts, strict=True)]
    ends = np.cumsum(np.bincount(row[kept], minlength=len(wordings.which))).tolist()
    texts, first = [], 0
    for last in ends:
        texts.append("; ".join(words[first:last]))
        first = last
    return texts


def _amounts(steps: np.ndarray, which: np.ndarray, kinds: Sequence[Wording]) -> list[str]:
    """Return signed amounts in words; each distinct one is put into words once."""
    found = np.empty(len(steps), dtype=object)
    for at, kind in enumerate(kinds):
        mine = np.flatnonzero(which == at)
        different, position = np.unique(steps[mine], return_inverse=True)
        unit = kind.step * kind.factor
        words = [("+" if each > 0 else "−") + f"{abs(each) * unit:,.{kind.digits}f}{kind.unit}" for each in different]
        found[mine] = np.array([*words, ""], dtype=object)[position]
    told: list[str] = found.tolist()
    return told
