"""The methods of spreading a number over parts, in their order; each keeps what is held.

With F = total − Σ held, over the parts that are free:
proportional x = c F / Σ c · equal x = F / n · like x = w F / Σ w · repeat x = number · percent change x = c (1 + p) ·
straight line x = a + k d · growth x = a (1 + g)^k.
Where a total is given to a line, its slope d follows; to a growth, its start a.

Owns: these equations, whole units, and the check that the parts come to the total.
Knows nothing of: trees, tables, workbooks.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

import numpy as np

from solver.frozen import frozen

TOLERANCE = 1e-9
"""Part of the total by which the parts may miss it."""


class Method(StrEnum):
    """How a number is spread."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    REPEAT = "repeat"
    PERCENT_CHANGE = "percent change"
    STRAIGHT_LINE = "straight line"
    GROWTH = "growth"
    LIKE = "like"


class SpreadError(ValueError):
    """A number cannot be spread that way; says why."""


@frozen
class Asked:
    """What is to be spread, and how.

    total : what the parts are to come to; None where the method itself says what they are
    number : the value to repeat, or the first of a straight line or a growth; None = the first part as it is
    rate : share by which parts change or grow: 0.05
    last : the last of a straight line
    decimals : of the parts, None = not rounded
    """

    method: Method
    total: float | None = None
    number: float | None = None
    rate: float | None = None
    last: float | None = None
    decimals: int | None = None


@frozen
class Parts:
    """What is spread over, in order.

    now : float64, shape (parts,), what stands there, 0 where nothing does
    held : float64, shape (parts,), what must stand there, nan = free
    like : float64, shape (parts,), the shape to follow
    """

    now: np.ndarray
    held: np.ndarray
    like: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def is_free(self) -> np.ndarray:
        """bool, shape (parts,)."""
        return np.asarray(np.isnan(self.held))


@frozen
class Spread:
    """The parts. is_even : whether an even split had to stand in, because all that it was to follow is 0."""

    value: np.ndarray
    is_even: bool = False


def spread(asked: Asked, parts: Parts) -> Spread:
    """Return the parts that a number is spread over.

    Raises
    ------
    SpreadError
        Holds leave nothing over, the method lacks a number, or a part would fall below 0.
    """
    free = parts.is_free
    if not free.any():
        raise SpreadError("every part is held")
    total = asked.total
    is_even = False
    if asked.method in (Method.PROPORTIONAL, Method.EQUAL, Method.LIKE):
        total = float(parts.now.sum()) if total is None else total
        shape = {Method.PROPORTIONAL: parts.now, Method.LIKE: parts.like}.get(asked.method, np.ones(len(free)))
        left = total - float(parts.held[~free].sum())
        value, is_even = _shared(left, shape, free)
    else:
        value = _own_course(asked, parts)
    value = np.where(free, value, parts.held)
    if (value[free] < 0).any():
        raise SpreadError(f"a part would fall to {value[free].min():,g}: what is held leaves too little over")
    if asked.decimals is not None:
        value = _rounded(value, free, asked.decimals, total)
    _check(value, parts, total)
    return Spread(value, is_even)


def _shared(left: float, shape: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return what is left shared out by a shape, evenly where the shape is 0 all over."""
    weight = np.where(free, np.maximum(shape, 0.0), 0.0)
    is_even = weight.sum() == 0
    weight = np.where(free, 1.0, 0.0) if is_even else weight
    return left * (weight / weight.sum()), bool(is_even)


def _own_course(asked: Asked, parts: Parts) -> np.ndarray:
    """Return the parts of a method that says what each part is."""
    first = float(parts.now[0]) if asked.number is None else asked.number
    if asked.method is Method.REPEAT:
        return np.full(len(parts.now), _needed(asked.number, "the number to repeat"))
    if asked.method is Method.PERCENT_CHANGE:
        return np.asarray(parts.now * (1 + _needed(asked.rate, "the per cent to change by")))
    if asked.method is Method.GROWTH:
        return _growth(asked, parts, first)
    return _line(asked, parts, first)


def _growth(asked: Asked, parts: Parts, first: float) -> np.ndarray:
    factor = 1 + _needed(asked.rate, "the per cent to grow by")
    steps = np.power(factor, np.arange(len(parts.now), dtype=np.float64))
    if asked.total is None:
        return first * steps
    left = asked.total - float(np.nansum(parts.held))
    return steps * (left / float(steps[parts.is_free].sum()))


def _line(asked: Asked, parts: Parts, first: float) -> np.ndarray:
    steps = np.arange(len(parts.now), dtype=np.float64)
    if asked.total is None:
        last = _needed(asked.last, "the last value of the line, or a total")
        return first + steps * ((last - first) / max(len(steps) - 1, 1))
    free = parts.is_free
    left = asked.total - float(np.nansum(parts.held)) - first * int(free.sum())
    if steps[free].sum() == 0:
        return first + np.where(free, left, 0.0)
    return first + steps * (left / float(steps[free].sum()))


def _needed(number: float | None, what: str) -> float:
    if number is None:
        raise SpreadError(f"{what} is missing")
    return number


def _rounded(value: np.ndarray, free: np.ndarray, decimals: int, total: float | None) -> np.ndarray:
    """Return the parts in whole units; the largest fractions go up until the total is met, ties to the first."""
    unit = 10.0**-decimals
    if total is None:
        return np.where(free, np.round(value, decimals), value)
    down = np.where(free, np.floor(np.round(value / unit, 9)), 0.0)
    left = total - float(value[~free].sum()) - float(down.sum()) * unit
    ups = round(left / unit)
    order = np.argsort(-(value / unit - down)[free], kind="stable")
    chosen = np.flatnonzero(free)[order[: max(ups, 0)]]
    down[chosen] += 1
    rounded = np.where(free, np.round(down * unit, max(decimals, 0)), value)
    rest = total - float(rounded.sum())
    if abs(rest) > TOLERANCE * max(1.0, abs(total)):  # the total, or what is held, is no whole number of units itself
        rounded[chosen[-1] if len(chosen) else np.flatnonzero(free)[0]] += rest
    return rounded


def _check(value: np.ndarray, parts: Parts, total: float | None) -> None:
    """Make sure that holds stand and the parts come to the total; anything else is a bug of ours."""
    held = ~parts.is_free
    if (value[held] != parts.held[held]).any():
        raise AssertionError("a hold was moved")
    if total is not None and abs(float(value.sum()) - total) > TOLERANCE * max(1.0, abs(total)):
        raise AssertionError(f"the parts come to {value.sum()!r}, not to {total!r}")
