"""Numbers that were typed as text: "1,234.5", "1 234,5", "12 %".

Owns: which of them mean one thing only.
"""

from __future__ import annotations

import re
from enum import StrEnum

from solver.frozen import frozen

_SPACES = " \u00a0\u202f\u2009'’"
_SIGN = r"[+\-−]?"
_PLAIN = re.compile(rf"{_SIGN}\d+(?:[eE][+-]?\d+)?")
_ONE_MARK = re.compile(rf"{_SIGN}(\d*)([.,])(\d+)")
_COMMA_GROUPS = re.compile(rf"{_SIGN}\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?")
_POINT_GROUPS = re.compile(rf"{_SIGN}\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?")
_SPACE_GROUPS = re.compile(rf"{_SIGN}\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:([.,])\d+)?")


class Mark(StrEnum):
    """The sign in front of decimals."""

    POINT = "."
    COMMA = ","


@frozen
class TypedNumber:
    """What a text may mean as a number.

    readings : one value per decimal mark under which the text is a number
    is_percent : the text ended in a percent sign; the values are shares already
    """

    readings: dict[Mark, float]
    is_percent: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Whether the decimal mark decides what it is."""
        return len(set(self.readings.values())) > 1

    @property
    def tells(self) -> Mark | None:
        """The decimal mark that the text gives away, if it does."""
        return next(iter(self.readings)) if len(self.readings) == 1 else None

    def value(self, mark: Mark | None = None) -> float:
        """Return the number; ``mark`` settles an ambiguous one."""
        return self.readings[mark] if mark in self.readings else next(iter(self.readings.values()))


def parse_number(text: str) -> TypedNumber | None:
    """Return what a text means as a number, or None if it is none."""
    body = text.strip().strip("\u00a0\u202f")
    is_percent = body.endswith("%")
    if is_percent:
        body = body[:-1].rstrip(_SPACES)
    readings: dict[Mark, float] = {}
    if _PLAIN.fullmatch(body):
        number = _float(body)
        readings = dict.fromkeys(Mark, number)
    elif spaced := _SPACE_GROUPS.fullmatch(body):
        marks = (Mark(spaced[1]),) if spaced[1] else tuple(Mark)
        readings = {mark: _float(body, mark) for mark in marks}
    else:
        readings = {mark: _float(body, mark) for mark in Mark if _is_number_with(body, mark)}
    if not readings:
        return None
    scale = 0.01 if is_percent else 1.0
    return TypedNumber({mark: number * scale for mark, number in readings.items()}, is_percent)


def _is_number_with(body: str, mark: Mark) -> bool:
    grouped = _COMMA_GROUPS if mark is Mark.POINT else _POINT_GROUPS
    if grouped.fullmatch(body):
        # "0,123" is no thousand
        return not body.lstrip("+-−").startswith("0")
    single = _ONE_MARK.fullmatch(body)
    return single is not None and single[2] == mark


def _float(body: str, mark: Mark = Mark.POINT) -> float:
    plain = body.replace("−", "-")
    for space in _SPACES:
        plain = plain.replace(space, "")
    other = Mark.COMMA if mark is Mark.POINT else Mark.POINT
    return float(plain.replace(other, "").replace(mark, "."))
