"""How places are written in a spreadsheet: ``D17``, ``'Capacity'!D17``.

Owns: letters of columns, quoting of sheet names, rendering of ``engine.issues.Place``.
"""

from __future__ import annotations

from engine.issues import Place

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384


def column_letters(column: int) -> str:
    """Return the letters of a 1-based column.

    >>> column_letters(28)
    'AB'
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the 1-based column of letters.

    >>> column_number('AB')
    28
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_name(row: int, column: int) -> str:
    """Return ``D17`` for row 17, column 4."""
    return f"{column_letters(column)}{row}"


def split_cell_name(name: str) -> tuple[int, int]:
    """Return (row, column) of ``D17`` or ``$D$17``."""
    plain = name.replace("$", "")
    letters = plain.rstrip("0123456789")
    return int(plain[len(letters) :]), column_number(letters)


def quoted(sheet: str) -> str:
    """Return a sheet name as it stands in a reference: ``'People''s plan'``."""
    return "'" + sheet.replace("'", "''") + "'"


def reference(place: Place) -> str:
    """Return a place as a reference an analyst can jump to; "" for the whole book."""
    if not place.sheet:
        return ""
    row, column = max(place.row, 1), max(place.column, 1)
    return f"{quoted(place.sheet)}!{cell_name(row, column)}"
