"""Which column of a tree stands above which: what headers say, unless values lie within each other the other way.

Owns: the order of levels.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.building.texts import text_of
from workbooks.importing.columns import Column, says_level
from workbooks.importing.export import Export
from workbooks.importing.guesses import Told
from workbooks.importing.numbers import is_nothing


def ordered_levels(export: Export, columns: Sequence[Column], told: Told) -> list[Column]:
    """Return the columns of one tree from the top: by their headers' rank, where their values allow it.

    A column lies within another if each of its values stands beside one value of the other only, and it has more of
    them: then it is below, unless both headers say which level they are.
    """
    by_rank = sorted(columns, key=lambda column: (column.rank, column.at))
    if len(by_rank) < 2:
        return by_rank
    labels = {column.at: [_label(value) for value in export.column(column.at)] for column in by_rank}
    said = {column.at: says_level(column.role, column.header) for column in by_rank}
    within = {
        (inner.at, outer.at): not (said[inner.at] and said[outer.at])
        and _lies_within(labels[inner.at], labels[outer.at], is_right=inner.at > outer.at)
        for inner in by_rank
        for outer in by_rank
        if inner is not outer
    }
    ordered: list[Column] = []
    left = list(by_rank)
    while left:
        top = next((each for each in left if not any(within.get((each.at, other.at)) for other in left)), left[0])
        left.remove(top)
        ordered.append(top)
    if ordered != by_rank:
        place = export.header_place(ordered[0].at)
        why = "Each value of a lower level lies in one value of the level above it"
        told.guess("trees", " above ".join(each.header for each in by_rank) + " by their headers",
                   " above ".join(each.header for each in ordered), why, place=place, is_sure=False)  # fmt: skip
    return ordered


def _label(value: object) -> str:
    return "" if is_nothing(value) else text_of(value)


def _lies_within(inner: Sequence[str], outer: Sequence[str], *, is_right: bool) -> bool:
    """Whether a column lies within another; of as many values, if it stands to the right."""
    pairs = {pair for pair in zip(inner, outer, strict=True) if all(pair)}
    inside, outside = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return len(pairs) == len(inside) and (len(inside) > len(outside) or (len(inside) == len(outside) and is_right))
