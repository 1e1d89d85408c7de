"""The column Formula of Metrics: read, its names resolved, circles found.

Owns: what a name in a formula may be.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Problem
from engine.building.texts import did_you_mean, key_of, quoted
from engine.formulas.crew_columns import COLUMNS
from engine.formulas.expression import Expression, names_in
from engine.formulas.parse import Fault, parse

_BY_KEY = {column.casefold(): column for column in COLUMNS}


def read_formulas(reader: TableReader, rows: list[int], kinds: tuple[str, ...]) -> tuple[Expression | None, ...]:
    """Return the formula of each metric; None for those that are none, and where it was reported.

    Parameters
    ----------
    rows : the record of each metric
    """
    texts, ids = reader.texts("Formula"), reader.texts("Metric")
    names = [ids[record] for record in rows]
    wrong: list[Problem] = []
    found: list[Expression | None] = []
    for kind, record in zip(kinds, rows, strict=True):
        read = _read(texts[record], kind, names)
        found.append(None if isinstance(read, str) else read)
        if isinstance(read, str):
            wrong.append(Problem(reader.place(record, "Formula"), read))
    found, circles = _without_circles(found, names)
    wrong += [Problem(reader.place(rows[at], "Formula"), words) for at, words in circles]
    reader.journal.add_each("TC258", wrong)
    return tuple(found)


def _read(text: str, kind: str, metrics: list[str]) -> Expression | str | None:
    """Return a formula, or what is wrong with it in words; None where there is none to be read."""
    if kind != "formula":
        return f"a formula for a {kind}" if text and kind else None
    if not text:
        return "a blank"
    read = parse(text)
    if isinstance(read, Fault):
        return f"{quoted(text)}: {read.words}, at character {read.at}"
    keys = [key_of(name) for name in metrics]
    for name in names_in(read):
        known = key_of(name.words) in keys if name.is_metric else key_of(name.words) in _BY_KEY
        if not known:
            return f"{quoted(text)}: {_unknown(name.words, metrics, is_metric=name.is_metric)}, at character {name.at}"
    return read


def _unknown(words: str, metrics: list[str], *, is_metric: bool) -> str:
    if is_metric:
        return f"no metric {quoted(words)}{did_you_mean(words, metrics)}"
    if key_of(words) in [key_of(name) for name in metrics]:
        return f"the metric {quoted(words)} without its square brackets"
    return f"{quoted(words)}, which is no column of Capacity{did_you_mean(words, COLUMNS)}"


def _without_circles(
    found: list[Expression | None], names: list[str]
) -> tuple[list[Expression | None], list[tuple[int, str]]]:
    """Return the formulas but for those that need themselves, and these with the way round."""
    keys = [key_of(name) for name in names]
    needs = [
        sorted({keys.index(key_of(name.words)) for name in names_in(each) if name.is_metric}) if each else []
        for each in found
    ]
    reach = np.zeros((len(names), len(names)), dtype=bool)
    for at, others in enumerate(needs):
        reach[at, others] = True
    for through in range(len(names)):
        reach |= np.outer(reach[:, through], reach[through])
    circular = np.flatnonzero(np.diag(reach)).tolist()
    told = [(at, f"{quoted(names[at])} needs itself" + _way(at, circular, reach, names)) for at in circular]
    return [None if at in circular else each for at, each in enumerate(found)], told


def _way(at: int, circular: list[int], reach: np.ndarray, names: list[str]) -> str:
    others = [names[other] for other in circular if other != at and reach[at, other] and reach[other, at]]
    return f", by way of {', '.join(quoted(name) for name in others)}" if others else ""
