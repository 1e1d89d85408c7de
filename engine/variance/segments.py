"""Which few segments explain most of a change, over every dimension.

    explanatory power  EP_ij = (A_ij − F_ij) / (A − F)
    surprise           S_ij = ½ (p ln(2p / (p + q)) + q ln(2q / (p + q))),   p = F_ij / F,  q = A_ij / A
    offset ratio       1 − |Σ V| / Σ |V|:  high where gains hide losses

Owns: the ranking. Source: Bhagwan et al., Adtributor (NSDI 2014).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.frozen import frozen

LEAST_EACH, ENOUGH = 0.10, 0.67
"""Explanatory power that each element must have, and that a candidate must reach: the paper's thresholds."""


@frozen
class Candidate:
    """The fewest elements of one dimension that explain a change.

    dimension : position; elements : int64, most surprising first
    power : float64, explanatory power of each; surprise : of all of them together
    """

    dimension: int
    elements: np.ndarray
    power: np.ndarray
    surprise: float


def surprise(forecast: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return how much each element's share moved: float64, shape (elements,), natural logarithm."""
    share0, share1 = _shares(forecast), _shares(actual)
    total = share0 + share1
    return np.asarray((_term(share0, total) + _term(share1, total)) / 2)


def rank_dimensions(
    dimensions: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    each: float = LEAST_EACH,
    enough: float = ENOUGH,
) -> list[Candidate]:
    """Return a candidate per dimension that has one, the most surprising dimension first.

    Parameters
    ----------
    dimensions : (forecast, actual) per element, each adding up to the same two totals
    each, enough : thresholds of explanatory power
    """
    measured = []
    for forecast, actual in dimensions:
        change = actual - forecast
        total = float(change.sum())
        # nothing to explain where gains and losses cancel
        known = abs(total) > 1e-12 * max(float(np.abs(forecast).sum()), 1e-300)
        power = change / total if known else np.zeros(len(change))
        measured.append((power, surprise(forecast, actual)))
    return rank_measured(measured, each=each, enough=enough)


def rank_measured(
    dimensions: Sequence[tuple[np.ndarray, np.ndarray]], *, each: float = LEAST_EACH, enough: float = ENOUGH
) -> list[Candidate]:
    """Return the same where (explanatory power, surprise) of each element are known: for rates, of weight and sum."""
    found = (_candidate(at, power, moved, each, enough) for at, (power, moved) in enumerate(dimensions))
    return sorted((one for one in found if one is not None), key=lambda one: (-one.surprise, one.dimension))


def _candidate(at: int, power: np.ndarray, moved: np.ndarray, each: float, enough: float) -> Candidate | None:
    chosen: list[int] = []
    explained = 0.0
    for element in np.argsort(-moved, kind="stable").tolist():
        if power[element] <= each:
            continue
        chosen.append(element)
        explained += float(power[element])
        if explained > enough:
            elements = np.array(chosen)
            return Candidate(at, elements, power[elements], float(moved[elements].sum()))
    return None


def offset_ratio(variance: np.ndarray) -> float:
    """Return 1 − |Σ V| / Σ |V|: 0 where all move the same way, 1 where they cancel; nan where nothing moves."""
    gross = float(np.abs(variance).sum())
    return 1 - abs(float(variance.sum())) / gross if gross > 0 else float("nan")


def _shares(values: np.ndarray) -> np.ndarray:
    total = float(values.sum())
    return np.maximum(values, 0.0) / total if total > 0 else np.zeros(len(values))


def _term(share: np.ndarray, total: np.ndarray) -> np.ndarray:
    positive = share > 0
    ratio = np.divide(2 * share, total, out=np.ones_like(share), where=positive)
    return np.where(positive, share * np.log(ratio), 0.0)
