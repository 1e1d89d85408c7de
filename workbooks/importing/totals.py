"""Rows of totals: told from their parts, compared with them, and left out.

Owns: which rows are sums of others, and by how much they miss.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from engine.building.spans import Span
from workbooks.importing.export import Export
from workbooks.importing.facts import Fact, Facts, Path
from workbooks.importing.guesses import Told
from workbooks.importing.vocabulary import Role

_WHOLE = 0.5
_ADDS_UP = frozenset({Role.VOLUME, Role.INFLOW, Role.BACKLOG, Role.HOURS})

_Key = tuple[Path, Path, Span]


def without_totals(export: Export, found: Facts, told: Told) -> list[Fact]:
    """Return the facts that are no totals; totals that miss the sum of their parts are named.

    A row is a total where a name says so, or where finer rows of the same period stand below it.
    """
    if not any(fact.is_total for fact in found.facts) and len({_depth(fact) for fact in found.facts}) == 1:
        return found.facts
    adding = [at for at, measure in enumerate(found.measures) if measure.role in _ADDS_UP]
    sums: dict[_Key, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    kept, totals = [], []
    for fact in sorted(found.facts, key=lambda fact: (-_depth(fact), fact.is_total, fact.record)):
        key = (fact.org, fact.queue, fact.span)
        if fact.is_total or key in sums:
            totals.append(fact)
            _compare(export, found, fact, sums.get(key), told)
            continue
        kept.append(fact)
        for above in _above(fact):
            for at in adding:
                sums[above][at] += fact.values.get(at, 0.0)
    if totals:
        place = export.place(totals[0].record, 0)
        told.guess("rows of totals", f"{len(totals)} rows, the first in row {export.rows[totals[0].record]}",
                   "left out; the parts are taken", "They are called so, or finer rows stand below them",
                   place=place)  # fmt: skip
    return sorted(kept, key=lambda fact: fact.record)


def _depth(fact: Fact) -> int:
    return len(fact.org) + len(fact.queue)


def _above(fact: Fact) -> Iterator[_Key]:
    """Yield all sums that a fact is part of, the fact's own place left out."""
    for org in range(len(fact.org) + 1):
        for queue in range(len(fact.queue) + 1):
            if org < len(fact.org) or queue < len(fact.queue):
                yield fact.org[:org], fact.queue[:queue], fact.span


def _compare(export: Export, found: Facts, fact: Fact, parts: dict[int, float] | None, told: Told) -> None:
    for at, value in fact.values.items():
        measure = found.measures[at]
        if measure.role not in _ADDS_UP or parts is None:
            continue
        off = value - parts[at]
        if abs(off) > max(_WHOLE, 1e-9 * abs(value)):
            words = f"{measure.name}: {value:,.0f}, but its parts add up to {parts[at]:,.0f} ({off:+,.0f})"
            told.add("TC269", export.place(fact.record, fact.columns[at]), words, amount=abs(off))
