"""Formats of one workbook: each set of properties is made once.

Owns: the cache between our styles and XlsxWriter's formats.
"""

from __future__ import annotations

from typing import Any

from workbooks.template.styles import Properties


class Formats:
    """The formats of a workbook under construction."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, properties: Properties) -> Any:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]
