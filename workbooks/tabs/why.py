"""Why a number leaves its fair share: named amounts that add up to the deviation shown.

Owns: picking the largest reasons of each row, rounding them so that they tie, and the text of the Why columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbooks.tabs.looks import clipped

_LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True)
class Terms:
    """Reasons of rows: ``amount[t]`` items of ``labels[label[t]]`` in ``row[t]``.

    row, label : int64, shape (terms,); amount : float64, shape (terms,), items
    """

    labels: Sequence[str]
    row: np.ndarray
    label: np.ndarray
    amount: np.ndarray


def shown(values: np.ndarray) -> np.ndarray:
    """Return values as ``#,##0`` shows them: whole, halves away from zero."""
    return np.asarray(np.sign(values) * np.floor(np.abs(values) + 0.5))


def why_texts(terms: Terms, deviation: np.ndarray, named: int) -> list[str]:
    """Return one text per row: ``Dublin hours, 2024-03 −120; Q1 target +40; other −2``.

    Parameters
    ----------
    deviation : float64, shape (rows,), what the reasons of each row come to
    named : how many reasons are named; the rest is "other"

    Returns
    -------
    list of str
        "" where the deviation shows as 0. Amounts are whole and add up to the deviation as shown.

    Notes
    -----
    Amounts are rounded in sequence: each is the step between rounded running sums. So they tie by
    construction, and none is off by a whole item.
    """
    order = np.lexsort((terms.label, -np.abs(terms.amount), terms.row))
    row, label, amount = terms.row[order], terms.label[order], terms.amount[order]
    total = shown(deviation)
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
    return _joined(pieces, [*(clipped(each, _LONGEST_LABEL) for each in terms.labels), "other"], len(deviation))


def _joined(pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]], labels: list[str], length: int) -> list[str]:
    row, label, amount = (np.concatenate([piece[part] for piece in pieces]) for part in range(3))
    kept = np.flatnonzero(amount)
    kept = kept[np.argsort(row[kept], kind="stable")]
    different, which = np.unique(amount[kept], return_inverse=True)
    amounts = [("+" if each > 0 else "−") + f"{abs(each):,.0f}" for each in different.tolist()]
    words = [f"{labels[name]} {amounts[size]}" for name, size in zip(label[kept].tolist(), which.tolist(), strict=True)]
    ends = np.cumsum(np.bincount(row[kept], minlength=length)).tolist()
    texts, first = [], 0
    for last in ends:
        texts.append("; ".join(words[first:last]))
        first = last
    return texts
