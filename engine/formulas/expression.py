"""What a formula is once it is read: numbers, names, and the four operations.

Owns: the parts of a formula, which names occur in it, and what it comes to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from solver.frozen import frozen


@frozen
class Number:
    """A number as it stands."""

    value: float


@frozen
class Name:
    """Something that has a value of its own. is_metric : written in square brackets; at : where it stands, from 1."""

    words: str
    is_metric: bool
    at: int


@frozen
class Negated:
    """Less than nothing by as much."""

    part: Expression


@frozen
class Joined:
    """Two parts and an operation: one of ``+-*/``."""

    operation: str
    left: Expression
    right: Expression


Expression = Number | Name | Negated | Joined


def names_in(expression: Expression) -> Iterator[Name]:
    """Yield the names of a formula from left to right."""
    if isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Negated):
        yield from names_in(expression.part)
    elif isinstance(expression, Joined):
        yield from names_in(expression.left)
        yield from names_in(expression.right)


def evaluate(expression: Expression, value_of: Callable[[Name], np.ndarray]) -> np.ndarray:
    """Return what a formula comes to, element by element; nan where a part is unknown, or divided by 0.

    Parameters
    ----------
    value_of : the values of a name: float64, all of one shape
    """
    if isinstance(expression, Number):
        return np.asarray(expression.value)
    if isinstance(expression, Name):
        return value_of(expression)
    if isinstance(expression, Negated):
        return np.asarray(-evaluate(expression.part, value_of))
    left, right = evaluate(expression.left, value_of), evaluate(expression.right, value_of)
    return np.asarray(_OPERATIONS[expression.operation](left, right))


def _over(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray(left / np.where(right == 0, np.nan, right))


_OPERATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": _over,
}


def as_text(expression: Expression, text_of: Callable[[Name], str]) -> str:
    """Return a formula as a spreadsheet writes it, with brackets wherever parts are joined.

    Parameters
    ----------
    text_of : what stands for a name: a cell
    """
    if isinstance(expression, Number):
        return f"{expression.value:.15g}"
    if isinstance(expression, Name):
        return text_of(expression)
    if isinstance(expression, Negated):
        return f"-{_in_brackets(expression.part, text_of)}"
    left, right = _in_brackets(expression.left, text_of), _in_brackets(expression.right, text_of)
    return f"{left}{expression.operation}{right}"


def _in_brackets(part: Expression, text_of: Callable[[Name], str]) -> str:
    text = as_text(part, text_of)
    return f"({text})" if isinstance(part, Joined | Negated) else text
