"""A linear program as text in CPLEX LP format, which every solver reads, and people too.

Owns: the format: line breaks, bounds, rows with two ends.
Knows nothing of: what columns and rows mean; their names are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from solver.program import LinearProgram
from solver.sparse import csr_matrix

_LINE = 110  # readers take lines of up to 255 signs at least


def lp_text(program: LinearProgram, column_names: Sequence[str], row_names: Sequence[str], title: str = "") -> str:
    """Return a program in CPLEX LP format.

    Parameters
    ----------
    column_names, row_names : one per column and row: letters, digits, ``_`` and ``.``, unique, 255 signs at most,
        not starting like a number
    title : said in a comment at the top

    Notes
    -----
    A row with two ends becomes two, ``name`` and ``name.most``: not every reader knows ranges. A row that is open
    on both sides is left out. Bounds of 0 to infinity are the format's default and not written.
    """
    matrix = csr_matrix(program.matrix)
    lines = [f"\\ {line}" for line in title.splitlines()]
    lines += ["Minimize", *_expression("obj", np.flatnonzero(program.cost), program.cost, column_names)]
    lines.append("Subject To")
    for row, name in enumerate(row_names):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        low, high = float(program.row_lower[row]), float(program.row_upper[row])
        coefficients = matrix.data[start:end]
        columns = matrix.indices[start:end]
        for label, sign, side in _sides(name, low, high):
            *first, last = _terms(label, zip(columns, coefficients, strict=True), column_names)
            lines += [*first, f"{last} {sign} {_number(side)}"]
    lines.append("Bounds")
    lines += _bounds(program, column_names)
    lines.append("End")
    return "\n".join(lines) + "\n"


def _sides(name: str, low: float, high: float) -> Iterator[tuple[str, str, float]]:
    if low == high:
        yield name, "=", low
        return
    if np.isfinite(low):
        yield name, ">=", low
    if np.isfinite(high):
        yield (f"{name}.most" if np.isfinite(low) else name), "<=", high


def _expression(name: str, columns: np.ndarray, values: np.ndarray, names: Sequence[str]) -> list[str]:
    return _terms(name, ((column, values[column]) for column in columns), names)


def _terms(name: str, terms: Iterable[tuple[int, float]], names: Sequence[str]) -> list[str]:
    """Return the lines of a sum; a sum of nothing is 0 times the first column, for the format wants a term."""
    lines, line, any_term = [], f" {name}:", False
    for column, value in terms:
        amount = "" if abs(value) == 1 else f"{_number(abs(value))} "
        term = f" {'-' if value < 0 else '+'} {amount}{names[column]}"
        if len(line) + len(term) > _LINE and any_term:
            lines.append(line)
            line = "   "
        line += term
        any_term = True
    return [*lines, line if any_term else f"{line} 0 {names[0]}"]


def _bounds(program: LinearProgram, names: Sequence[str]) -> Iterator[str]:
    for name, lower, upper in zip(names, program.lower.tolist(), program.upper.tolist(), strict=True):
        if lower == upper:
            yield f" {name} = {_number(lower)}"
        elif lower == -np.inf and upper == np.inf:
            yield f" {name} free"
        elif upper == np.inf:
            if lower != 0:
                yield f" {name} >= {_number(lower)}"
        else:
            yield f" {_number(lower)} <= {name} <= {_number(upper)}"


def _number(value: float) -> str:
    """Return a number to twelve digits: what people compare, and the same on every machine."""
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.12g}"
