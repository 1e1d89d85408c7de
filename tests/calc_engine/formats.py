"""Number formats of a workbook: their codes and keys, and where cells show dates."""

from __future__ import annotations

from dataclasses import dataclass

from tests.calc import struct

_DATE, _TEXT = 2, 256  # com.sun.star.util.NumberFormat


@dataclass(frozen=True)
class Format:
    """One number format."""

    code: str
    locale: object
    kind: int

    @property
    def is_date(self) -> bool:
        return bool(self.kind & _DATE)

    @property
    def is_text(self) -> bool:
        return bool(self.kind & _TEXT)


class Formats:
    """The number formats of one workbook. dates : by sheet, where dates stand, until looks of the sheet change."""

    def __init__(self, found: object) -> None:
        self.found = found
        self.dates: dict[str, tuple[object, ...]] = {}
        self._by_key: dict[int, Format] = {}
        self._keys: dict[str, int] = {}

    def of(self, key: int) -> Format:
        if key not in self._by_key:
            asked = self.found.getByKey(key)
            self._by_key[key] = Format(asked.FormatString, asked.Locale, asked.Type)
        return self._by_key[key]

    def key(self, code: str, locale: object = None) -> int:
        """Return the key of a code, which is made where it is not there."""
        if code not in self._keys:
            spoken = locale or struct("com.sun.star.lang.Locale", Language="en", Country="US")
            there = self.found.queryKey(code, spoken, False)
            self._keys[code] = there if there >= 0 else self.found.addNew(code, spoken)
        return self._keys[code]

    def dates_on(self, name: str, page: object) -> tuple[object, ...]:
        """Return the areas of a sheet that show dates."""
        if name not in self.dates:
            areas: list[object] = []
            for alike in page.getUniqueCellFormatRanges():
                if self.of(alike.NumberFormat).is_date:
                    areas += alike.getRangeAddresses()
            self.dates[name] = tuple(areas)
        return self.dates[name]
