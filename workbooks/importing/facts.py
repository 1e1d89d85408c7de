"""From records of an export to facts: who, on what, when, how much, under one name each.

Owns: names made one, totals told from parts, the same row twice, and figures that cannot be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from engine.building.spans import Span
from engine.building.texts import key_of, text_of
from solver.frozen import frozen
from workbooks.importing.columns import Column
from workbooks.importing.export import Export
from workbooks.importing.guesses import Told
from workbooks.importing.levels import ordered_levels
from workbooks.importing.measures import Measure, Measured, Reading
from workbooks.importing.names import Spelling, look_alike, plain_name, spelled_apart, unify
from workbooks.importing.numbers import is_nothing
from workbooks.importing.shares import as_shares
from workbooks.importing.vocabulary import Role
from workbooks.read.words import TOTALS

Path = tuple[str, ...]

_EVERYTHING = frozenset({"all", "overall", "alle", "tous", "toutes", "todos", "todas", "tutti", "tutte", "wszystkie"})
"""Whole labels that mean everything, beside the words for totals."""

_SOME = 0.5  # part of blank labels above which a column is taken to be filled down


@frozen
class Fact:
    """All numbers of one record and period.

    org, queue : names from the top of each tree; shorter than the tree is deep for a row of totals
    values : measure → number; columns : measure → column of its cell
    is_total : whether a name says that the row is a total
    """

    record: int
    org: Path
    queue: Path
    span: Span
    values: dict[int, float]
    columns: dict[int, int]
    is_total: bool = False


@dataclass(slots=True)
class Facts:
    """What an export says.

    org_levels, queue_levels : headers from the top of each tree
    aliases : name → codes that stand for it in other periods
    """

    facts: list[Fact]
    measures: tuple[Measure, ...]
    org_levels: tuple[str, ...]
    queue_levels: tuple[str, ...]
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)


def collect(
    export: Export, columns: Sequence[Column], measured: Measured, spans: list[Span | None] | None, told: Told
) -> Facts:
    """Return the facts of an export.

    Parameters
    ----------
    spans : period of each record; None where no column holds periods
    """
    org, queue = (
        ordered_levels(export, [column for column in columns if column.role is role], told)
        for role in (Role.ORG, Role.QUEUE)
    )
    once = _without_repeated(export, told)
    aliases: dict[str, tuple[str, ...]] = {}
    labels = {}
    for tree in (org, queue):
        for column in tree:
            finest = column is tree[-1]
            values = _filled_down(export, column, told, finest=finest)
            labels[column.at] = _one_name(export, column, values, spans, aliases, told)
    cells: dict[tuple[int, Span], list[Reading]] = defaultdict(list)
    for reading in as_shares(export, measured, told):
        span = reading.span or (spans[reading.record] if spans is not None else None)
        if span is not None and reading.record in once:
            cells[reading.record, span].append(reading)
    facts = []
    for (record, span), readings in cells.items():
        (who, all_who), (what, all_what) = (
            _path([labels[column.at][record] for column in tree]) for tree in (org, queue)
        )
        numbers = {reading.measure: reading.value for reading in readings}
        columns_of = {reading.measure: reading.column for reading in readings}
        facts.append(Fact(record, who, what, span, numbers, columns_of, all_who or all_what))
    return Facts(facts, measured.measures, _headers(org), _headers(queue), aliases)


def _headers(columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(column.header.replace("_", " ").strip().capitalize() for column in columns)


@lru_cache(maxsize=100_000)  # a name stands in many rows
def says_total(name: str) -> bool:
    """Whether a name is that of a total: “Total”, “EU_TOTAL”, “Summe Nord”."""
    plain = key_of(plain_name(name))
    tokens = plain.replace("_", " ").replace("(", " ").split()
    return plain in TOTALS or plain in _EVERYTHING or any(token in TOTALS for token in (*tokens[:1], *tokens[-1:]))


def _path(labels: Iterable[str | None]) -> tuple[Path, bool]:
    """Return the names down to the first blank or total, and whether a total stood there."""
    path: list[str] = []
    for label in labels:
        if label is None:
            continue
        if says_total(label):
            return tuple(path), True
        path.append(label)
    return tuple(path), False


def _without_repeated(export: Export, told: Told) -> set[int]:
    """Return the records to read: of rows that are equal in every column one only."""
    seen: dict[tuple[object, ...], int] = {}
    once = set()
    for at, record in enumerate(export.records):
        first = seen.setdefault(record, at)
        if first == at:
            once.add(at)
        else:
            told.add("TC271", export.place(at, 0), f"the same as row {export.rows[first]} in every column")
    return once


def _filled_down(export: Export, column: Column, told: Told, *, finest: bool) -> list[object]:
    """Return a column of labels; where a label stands on the first of its rows only, it holds for those below."""
    values = export.column(column.at)
    blanks = sum(is_nothing(value) for value in values)
    if finest or blanks <= _SOME * len(values) or is_nothing(values[0]):
        return values
    told.guess(f"column {column.header}", f"{blanks} blank cells", "each like the cell above it",
               "Most are blank below a label, as in a pivot table", place=export.header_place(column.at),
               is_sure=False)  # fmt: skip
    filled: list[object] = []
    for value in values:
        filled.append(filled[-1] if is_nothing(value) and filled else value)
    return filled


def _one_name(
    export: Export,
    column: Column,
    values: Sequence[object],
    spans: list[Span | None] | None,
    aliases: dict[str, tuple[str, ...]],
    told: Told,
) -> list[str | None]:
    """Return the labels of a column under one name each; other spellings are named with their cell."""
    texts = [None if is_nothing(value) else _raw(value) for value in values]
    first: dict[str, int] = {}
    when: dict[str, set[object]] = defaultdict(set)
    for record, text in enumerate(texts):
        if text is not None:
            first.setdefault(text, record)
            when[text].add(spans[record] if spans is not None else None)
    counts = Counter(text for text in texts if text is not None)
    spellings = [Spelling(text, count, frozenset(when[text])) for text, count in counts.items()]
    names, merged, apart = unify(spellings)
    for usual, *others in spelled_apart(spellings).values():
        for other in others:
            told.add(
                "TC272", export.place(first[other], column.at), f"“{other}”, elsewhere “{usual}”: one and the same"
            )
    place_of = {key_of(plain_name(text)): record for text, record in reversed(first.items())}
    for code, name in merged:
        place = export.place(place_of[key_of(code)], column.at)
        told.add("TC273", place, f"“{code}” taken for “{name}”: they never stand in the same period")
    for code, name in apart:
        place = export.place(place_of[key_of(code)], column.at)
        told.add("TC274", place, f"“{code}” and “{name}” stand side by side in a period: taken as two")
    shown = sorted({name for name in names.one.values() if not says_total(name)})
    often = Counter({key_of(plain_name(each.text)): 0 for each in spellings})
    for each in spellings:
        often[key_of(plain_name(each.text))] += each.count
    for pair in look_alike(shown):
        one, two = sorted(pair, key=lambda name: -often[key_of(name)])
        told.add("TC274", export.place(place_of[key_of(two)], column.at), f"“{two}” and “{one}”: taken as two")
    aliases.update(names.aliases)
    name_of = {text: names.one[key_of(plain_name(text))] for text in first}
    return [None if text is None else name_of[text] for text in texts]


def _raw(value: object) -> str:
    return value if isinstance(value, str) else text_of(value)
