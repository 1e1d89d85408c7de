"""Text files of any spelling: encodings, separators, quotes.

Owns: what the bytes of a CSV file say, and the guesses about how they are spelled.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from engine.issues import NOWHERE
from workbooks.addresses import MAX_ROWS
from workbooks.importing.guesses import Told

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLE = 60  # lines from which the separator is told
_LONGEST_LINE = 100_000  # letters of them that are looked at
MOST_BYTES = 128 * 2**20
"""Bytes of a text file that a plan is made from."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def read_csv(data: bytes, told: Told) -> list[list[object]] | None:
    """Return the rows of a text file, every cell as text; None where it is no text, or more than can be read."""
    if len(data) > MOST_BYTES:
        told.add("TC262", NOWHERE, f"{len(data) / 2**20:,.0f} MiB of {MOST_BYTES / 2**20:,.0f} at most")
        return None
    text = _decoded(data, told)
    if text is None:
        return None
    lines = text.splitlines()
    first = lines[0].strip().casefold() if lines else ""
    if first.startswith("sep=") and len(first) == 5:  # Excel's own hint
        separator, text = lines[0].strip()[4], "\n" + text.split("\n", 1)[-1]
    else:
        separator = _separator(lines[:_SAMPLE])
    told.guess("file", f"{_SEPARATORS.get(separator, separator)} between the cells", "a table of text",
               "The separator that gives most lines the same number of cells")  # fmt: skip
    try:
        return _rows(text, separator)
    except csv.Error as broken:
        told.add("TC262", NOWHERE, str(broken))
        return None


def _rows(text: str, separator: str) -> list[list[object]]:
    """Return the rows of a text. Raises csv.Error, in words for people, where there is more than a sheet holds."""
    rows: list[list[object]] = []
    lines = io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "replace")), "utf-8", newline="")
    try:
        for row in csv.reader(lines, delimiter=separator):
            rows.append(list(row))
            if len(rows) > MAX_ROWS:
                break
    except csv.Error as long:  # a cell of more letters than its limit
        raise csv.Error("a cell with more text than a sheet takes; is a quotation mark not closed?") from long
    if len(rows) > MAX_ROWS:
        raise csv.Error(f"over {MAX_ROWS:,} rows: more than a sheet holds")
    return rows


def _decoded(data: bytes, told: Told) -> str | None:
    for mark, encoding, shown in _MARKS:
        if data.startswith(mark):
            return _as_text(data, encoding, shown, told)
    if data[:400].count(b"\0") > len(data[:400]) // 4:
        encoding = "utf-16-be" if data[:2].startswith(b"\0") else "utf-16-le"
        return _as_text(data, encoding, "UTF-16 without a mark", told)
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        told.guess("file", "letters that are no UTF-8", "Windows-1252, as Excel saves CSV in western Europe",
                   "Look at names with accents; save as “CSV UTF-8” if they are wrong", is_sure=False)  # fmt: skip
        return text


def _as_text(data: bytes, encoding: str, shown: str, told: Told) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    told.guess("file", "the encoding", shown, "The first bytes of the file say so")
    return text


def _separator(lines: list[str]) -> str:
    """Return the separator with which most lines have the same, largest number of cells."""
    best, score = ",", -1.0
    for separator in _SEPARATORS:
        short = [line[:_LONGEST_LINE] for line in lines]
        counts = Counter(len(row) for row in csv.reader(short, delimiter=separator) if row)
        if not counts:
            continue
        width, lines_of_width = max(counts.items(), key=lambda each: (each[1] * (each[0] > 1), each[0]))
        found = lines_of_width / sum(counts.values()) * min(width, 50) if width > 1 else 0.0
        if found > score:
            best, score = separator, found
    return best
