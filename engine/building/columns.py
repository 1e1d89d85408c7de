"""Columns of an input table as typed arrays: numbers, texts, choices, yes or no, dates, labels.

Owns: what a cell may hold by the field table, and the issues of cells that hold something else.
Knows nothing of: trees, metrics, and what a row means.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator

import numpy as np

from engine.building.journal import Journal, Problem
from engine.building.number_column import read_numbers
from engine.building.texts import did_you_mean, is_blank, key_of, quoted, shown_list, text_of
from engine.fields import TABLE, Field
from engine.issues import Place
from engine.tables import FAULTY, InputTable, RawColumn
from solver.frozen import frozen

NOT_GIVEN = -1
"""Label code of a blank cell."""

_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "sì", "sim", "tak"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non", "não", "nao", "nee", "nie"})
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_POINT_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@frozen
class Labels:
    """A column of names: the distinct ones, and which of them each record holds.

    code : int64, shape (records,), position in ``distinct``; NOT_GIVEN where blank or unusable
    distinct : raw values, in order of appearance
    first : int64, shape (distinct,), record in which each appears first
    faulty : bool, shape (records,), cells that the reader has reported
    """

    code: np.ndarray
    distinct: list[object]
    first: np.ndarray
    faulty: np.ndarray

    @property
    def blank(self) -> np.ndarray:
        """bool, shape (records,)."""
        return np.asarray((self.code == NOT_GIVEN) & ~self.faulty)


def factorise(values: RawColumn) -> Labels:
    """Return a raw column as labels; one pass in C over dictionaries, nothing else per cell."""
    listed = values.tolist()
    codes = dict.fromkeys(dict.fromkeys(listed), NOT_GIVEN)
    distinct = [value for value in codes if value is not FAULTY and not is_blank(value)]
    for position, value in enumerate(distinct):
        codes[value] = position
    code = np.fromiter(map(codes.__getitem__, listed), np.int64, len(listed))
    given = np.flatnonzero(code != NOT_GIVEN)
    _, first = np.unique(code[given], return_index=True)
    faulty = np.zeros(len(listed), dtype=bool)
    if FAULTY in codes:
        faulty = np.fromiter((value is FAULTY for value in listed), bool, len(listed))
    return Labels(code, distinct, given[first], faulty)


class TableReader:
    """An input table, read column by column by its field table; everything wrong goes into the journal."""

    def __init__(self, table: InputTable, journal: Journal) -> None:
        self.table = table
        self.journal = journal
        self._spec = TABLE[table.name]

    def __len__(self) -> int:
        return len(self.table)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the table."""
        return self._spec.fields

    def requires(self, name: str) -> bool:
        """Whether the column must be filled in every row."""
        return any(field.name == name and field.required for field in self._spec.fields)

    def has(self, name: str) -> bool:
        """Whether the column is there."""
        return name in self.table.values

    def place(self, record: int, name: str) -> Place:
        """Return where a record's value stands."""
        return self.table.place(record, name)

    def numbers(self, name: str) -> np.ndarray:
        """Return a column of numbers: float64, shape (records,), nan = not given."""
        if not self.has(name):
            return np.full(len(self), np.nan)
        field = self._spec.field(name)
        numbers = self.numbers_of(self.table.values[name], field, lambda record: self.place(record, name))
        if field.required:
            self._report_blanks(name)
        return numbers

    def numbers_of(self, values: RawColumn, field: Field, place: Callable[[int], Place]) -> np.ndarray:
        """Return raw values as numbers of a field that stand somewhere else (a period's column)."""
        return read_numbers(values, field, place, self.journal)

    def says(self, name: str, word: str) -> np.ndarray:
        """Return where a column of numbers holds a word that may stand there: bool, shape (records,)."""
        if not self.has(name):
            return np.zeros(len(self), dtype=bool)
        return np.array([key_of(value) == word for value in self.table.values[name].tolist()], dtype=bool)

    def texts(self, name: str) -> list[str]:
        """Return a column of texts; "" = not given."""
        if not self.has(name):
            return [""] * len(self)
        return [text_of(value) for _, value in self._usable(name)]

    def labels(self, name: str, *, required: bool = False) -> Labels:
        """Return a column of names."""
        if not self.has(name):
            missing = np.full(len(self), NOT_GIVEN)
            return Labels(missing, [], np.zeros(0, np.int64), np.zeros(len(self), dtype=bool))
        found = factorise(self.table.values[name])
        if found.faulty.any():
            self.journal.spoil()
        if required:
            self._report_blanks(name)
        return found

    def choices(self, name: str) -> list[str]:
        """Return a column of choices, each as the field table spells it; "" = not given."""
        field = self._spec.field(name)
        if not self.has(name):
            return [""] * len(self)
        if field.required:
            self._report_blanks(name)
        return [
            "" if is_blank(value) or value is FAULTY else self._choice(value, field, self.place(record, name))
            for record, value in self._usable(name)
        ]

    def flags(self, name: str) -> list[bool | None]:
        """Return a column of yes and no; None = not given."""
        if not self.has(name):
            return [None] * len(self)
        return [self._flag(value, self.place(record, name)) for record, value in self._usable(name)]

    def dates(self, name: str) -> np.ndarray:
        """Return a column of days: datetime64[D], shape (records,), NaT = not given."""
        if not self.has(name):
            return np.full(len(self), np.datetime64("NaT"), dtype="datetime64[D]")
        known: dict[object, datetime.date | None] = {}  # many rows have few days
        days: list[datetime.date | None] = []
        for record, value in self._usable(name):
            if value not in known:
                known[value] = None if is_blank(value) or value is FAULTY else day_of(value)
            day = known[value]
            if day is None and not (is_blank(value) or value is FAULTY):
                self.journal.add("TC209", self.place(record, name), quoted(value))
            days.append(day)
        return np.array(days, dtype="datetime64[D]")

    def _usable(self, name: str) -> Iterator[tuple[int, object]]:
        for record, value in enumerate(self.table.values[name].tolist()):
            if value is FAULTY:
                self.journal.spoil()
            yield record, value

    def _choice(self, value: object, field: Field, place: Place) -> str:
        chosen = match_choice(value, field.choices)
        if chosen:
            return chosen
        guess = did_you_mean(text_of(value), field.choices)
        self.journal.add("TC206", place, f"{field.name} {quoted(value)}{guess}", expected=shown_list(field.choices))
        return ""

    def _flag(self, value: object, place: Place) -> bool | None:
        if is_blank(value) or value is FAULTY:
            return None
        key = key_of(value)
        if key not in _YES | _NO:
            self.journal.add("TC208", place, quoted(value))
            return None
        return key in _YES

    def _report_blanks(self, name: str) -> None:
        blank = [record for record, value in enumerate(self.table.values[name].tolist()) if is_blank(value)]
        problems = [Problem(self.place(record, name), f"a row without {name}") for record in blank]
        self.journal.add_each("TC201", problems)


_SENSE_SIGNS = {"=": "exactly", ">=": "at least", "≥": "at least", "=>": "at least", "<=": "at most", "≤": "at most"}


def match_choice(value: object, choices: tuple[str, ...]) -> str:
    """Return the choice that a cell means, "" if none; case and spaces do not count, and = ≥ ≤ stand for words."""
    key = _squeezed(text_of(value))
    key = _squeezed(_SENSE_SIGNS.get(key, key))
    return next((choice for choice in choices if _squeezed(choice) == key), "")


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.casefold() if not letter.isspace() and letter not in "-_")


def day_of(value: object) -> datetime.date | None:
    """Return the day that a cell means: a date, 2026-01-31 or 31.01.2026; None if that is not certain."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = text_of(value) if isinstance(value, str) else ""
    iso, pointed = _ISO_DAY.fullmatch(text), _POINT_DAY.fullmatch(text)
    found = iso or pointed
    if not found:
        return None
    first, month, last = (int(part) for part in found.groups())
    year, day = (first, last) if iso else (last, first)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
