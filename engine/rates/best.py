"""Best: how good a rate could become in each cell, where nobody gave a benchmark.

    Best given → the good bound given → best quartile of peers in the queue → of all pairs of the rate →
    the end of the scale (100 % or 0) → the same share for everyone

A peer is a team in a queue, over all its periods. Each is shrunk toward the mean of its peers by the part of its
distance that chance explains (empirical Bayes: Efron & Morris, 1975), so that a small sample is no benchmark.

Owns: this order, and the quartile.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen

FEWEST = 3
"""Peers below which a quartile says nothing."""

_QUARTILE = 0.75
_HALF = 0.5  # how far peers are shrunk where nothing tells how much is chance
_SAME = 1e-9


@frozen
class Peers:
    """The cells of a rate as peers see them; arrays of shape (cells,).

    org, queue : int64, leaf positions; value : float64, nan = no history; weight : float64; count : nan = unknown
    sign : 1 where higher is better, −1 where lower is
    is_share : whether values are parts of observations, so that a count tells how much is chance
    """

    org: np.ndarray
    queue: np.ndarray
    value: np.ndarray
    weight: np.ndarray
    count: np.ndarray
    sign: float
    is_share: bool


@frozen
class Best:
    """value : float64, shape (cells,); source : int64, position in words."""

    value: np.ndarray
    source: np.ndarray
    words: tuple[str, ...]


GIVEN, BY_NODE, BOUND = "Best", "Best in Benchmarks", "no Best, so Ceiling"
LOW_BOUND = "no Best, so Floor"
SCALE_END = "no Best, so the end of the scale"
SAME_SHARE = "no Best, so the same share for everyone"


def find_best(
    start: np.ndarray, given: tuple[np.ndarray, np.ndarray], bound: np.ndarray, end: float, peers: Peers
) -> Best:
    """Return the benchmark of every cell.

    Parameters
    ----------
    start : float64, shape (cells,), where cells start from
    given : Best of each cell, nan where nobody gave one, and whether it comes from Benchmarks
    bound : float64, the bound in the good direction, nan where nobody gave one
    end : the end of the scale in the good direction, infinite where it has none
    """
    words: list[str] = []
    value = np.full(len(start), np.nan)
    source = np.zeros(len(start), np.int64)

    def take(cells: np.ndarray, found: np.ndarray, said: str) -> None:
        open_cells = cells & np.isnan(value) & np.isfinite(found)
        if open_cells.any():
            if said not in words:
                words.append(said)
            value[open_cells] = found[open_cells]
            source[open_cells] = words.index(said)

    everywhere = np.ones(len(start), dtype=bool)
    best, by_node = given
    take(by_node, best, BY_NODE)
    take(everywhere, best, GIVEN)
    take(everywhere, bound, BOUND if peers.sign > 0 else LOW_BOUND)
    for queue in np.unique(peers.queue[np.isnan(value)]).tolist():
        mine = peers.queue == queue
        found, count = best_quartile(peers, mine)
        take(mine, np.full(len(start), found), f"no Best, so the best quartile of {count} peers in its queue, shrunk")
    found, count = best_quartile(peers, everywhere)
    take(everywhere, np.full(len(start), found), f"no Best, so the best quartile of all {count} peers, shrunk")
    take(everywhere, np.full(len(start), end), SCALE_END)
    take(everywhere, start + peers.sign * np.maximum(np.abs(start), 1e-12), SAME_SHARE)
    return Best(value, source, tuple(words))


def best_quartile(peers: Peers, cells: np.ndarray) -> tuple[float, int]:
    """Return the quartile of the shrunk peers on the good side, and how many there are.

    Returns
    -------
    nan where there are fewer than ``FEWEST``, or where it is no better than their mean: nobody could improve
    """
    at = np.flatnonzero(cells & np.isfinite(peers.value))
    if len(at) == 0:
        return np.nan, 0
    # pairs that handled nothing still have a rate: each counts a little
    weight = np.maximum(peers.weight[at], 1e-9 * max(float(peers.weight[at].max()), 1e-3))
    _, which = np.unique(np.column_stack([peers.org[at], peers.queue[at]]), axis=0, return_inverse=True)
    which = which.ravel()
    size = np.bincount(which, weight)
    mean = np.bincount(which, weight * peers.value[at]) / size
    count = len(size)
    if count < FEWEST:
        return np.nan, count
    shrunk = _shrunk(mean, _chance(peers, at, which, mean))
    found = _weighted_quantile(peers.sign * shrunk, size, _QUARTILE) * peers.sign
    overall = float(size @ shrunk / size.sum())
    better = peers.sign * (found - overall) > _SAME * max(abs(overall), _SAME)
    return (found, count) if better else (np.nan, count)


def _shrunk(mean: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return peers' means moved toward their common mean by the part of their distance that chance explains.

    Notes
    -----
    The spread that is real is found by moments, every peer weighted by how exactly it is known (DerSimonian & Laird,
    1986); each keeps τ² / (τ² + σ²) of its distance.
    """
    if not np.isfinite(chance).any():
        return np.asarray(mean.mean() + _HALF * (mean - mean.mean()))
    least = (_SAME * max(float(np.abs(mean).max()), _SAME)) ** 2
    chance = np.maximum(np.where(np.isfinite(chance), chance, np.nanmax(chance)), least)
    exact = 1 / chance
    common = float(exact @ mean / exact.sum())
    surplus = float(exact @ (mean - common) ** 2) - (len(mean) - 1)
    real = max(surplus / float(exact.sum() - exact @ exact / exact.sum()), 0.0)
    known = 1 / (real + chance)
    common = float(known @ mean / known.sum())
    return np.asarray(common + real / (real + chance) * (mean - common))


def _chance(peers: Peers, at: np.ndarray, which: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return the variance that chance gives each peer's mean: of its sample, else of its periods; nan where unknown."""
    counts = np.bincount(which, np.nan_to_num(peers.count[at]))
    if peers.is_share and (counts > 0).any():
        overall = float(counts @ mean / counts.sum())
        return np.asarray(np.divide(overall * (1 - overall), counts, out=np.full(len(mean), np.nan), where=counts > 0))
    periods = np.bincount(which)
    off = np.bincount(which, (peers.value[at] - mean[which]) ** 2)
    return np.asarray(np.divide(off, periods * (periods - 1.0), out=np.full(len(mean), np.nan), where=periods > 1))


def _weighted_quantile(values: np.ndarray, weight: np.ndarray, part: float) -> float:
    """Return the quantile of weighted values, linear between their mid-points."""
    order = np.argsort(values, kind="stable")
    ranked, heavy = values[order], weight[order]
    middle = (np.cumsum(heavy) - heavy / 2) / heavy.sum()
    return float(np.interp(part, middle, ranked))
