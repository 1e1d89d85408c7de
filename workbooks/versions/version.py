"""A version: every input and result cell of a workbook as it stood when the version was kept.

Owns: its shape, its form as text, and its fingerprints.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from engine.tables import FAULTY
from solver.frozen import frozen
from workbooks.fingerprint import LENGTH
from workbooks.tabs.names import CASCADE

Value = None | str | float | bool
"""What a cell of a version holds; dates as ISO texts that begin with a sign of their own."""

DATE = "\x01"
"""In front of a date, so that it never equals a text."""

NO_VALUE = "\x02no value"
"""Stands for an error, or a formula that nobody has calculated; a version that is kept holds none."""


@frozen
class Block:
    """A rectangle of cells as it stood.

    sheet : what the sheet was called; top, left : its first cell, 1-based
    headers : texts of the first row, for telling columns apart wherever they stand
    rows : values below the headers, from left to right
    numbers : sheet row of each of ``rows``
    """

    sheet: str
    left: int
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    numbers: tuple[int, ...]


@frozen
class Version:
    """A plan as it stood.

    status : draft, proposed, agreed or sealed
    at, by : when it was kept and by whom; run : number of the newest run in the Run Log then
    fingerprint : of the inputs, as in the Run Log
    inputs : by table; results : by logical sheet name
    start : key of the version whose numbers its own started from, "" = history
    """

    name: str
    status: str
    at: str
    by: str
    run: int
    fingerprint: str
    inputs: Mapping[str, Block]
    results: Mapping[str, Block]
    start: str = ""

    @property
    def key(self) -> str:
        """By what it is told from others: a name may be sealed again with other numbers."""
        return self.key_of(self.name, self.at)

    @staticmethod
    def key_of(name: str, at: str) -> str:
        """Return the key of a version of that name, kept then."""
        return f"{name}, {at}"

    @property
    def result_fingerprint(self) -> str:
        """Return by what the results are known: equal results have equal ones."""
        return _print_of(self.results)

    @property
    def target_fingerprint(self) -> str:
        """Return by what its targets are known, whatever else has been written about them since."""
        return _print_of({name: block for name, block in self.results.items() if name == CASCADE})


def _print_of(results: Mapping[str, Block]) -> str:
    held = {name: [block.headers, block.rows] for name, block in sorted(results.items())}
    return sha256(json.dumps(held).encode()).hexdigest()[:LENGTH]


def plain(value: object) -> Value:
    """Return a cell's value as a version keeps it."""
    if value is None or value == "":
        return None
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, datetime):
        return DATE + value.isoformat()
    if value is FAULTY:
        return NO_VALUE
    return float(value) if isinstance(value, (int, float)) else str(value)


def restored(value: Value) -> object:
    """Return a value as a cell takes it."""
    if isinstance(value, str) and value.startswith(DATE):
        return datetime.fromisoformat(value[len(DATE) :])
    return value


def packed(version: Version) -> str:
    """Return a version as text that a cell can hold in pieces; the digest in front tells whether it is whole."""
    text = json.dumps(asdict(version), separators=(",", ":")).encode()
    return sha256(text).hexdigest() + base64.b64encode(zlib.compress(text, 6)).decode()


@frozen
class Outline:
    """What a version is known by, without its cells, of which there may be millions. text : the whole, packed."""

    name: str
    status: str
    at: str
    by: str
    fingerprint: str
    start: str
    text: str

    @property
    def key(self) -> str:
        """The key of the version."""
        return Version.key_of(self.name, self.at)


_CELLS, _START = b',"inputs":', b',"start":'
"""Where the cells of a packed version begin, and what stands behind them; quotes in texts are escaped, so no text is
taken for one of these."""


def outlined(text: str) -> Outline | None:
    """Return what the version in a text is known by; None where somebody changed it."""
    try:
        body = _body(text)
        head, last = json.loads(body[: body.index(_CELLS)] + b"}"), body.rfind(_START)
        start = json.loads(b"{" + body[last + 1 :])["start"] if last >= 0 else ""
        return Outline(head["name"], head["status"], head["at"], head["by"], head["fingerprint"], start, text)
    except (ValueError, zlib.error, KeyError, TypeError):
        return None


def _body(text: str) -> bytes:
    """Return what is packed in a text.

    Raises
    ------
    ValueError, zlib.error
        Somebody changed it.
    """
    digest, body = text[:64], zlib.decompress(base64.b64decode(text[64:]))
    if sha256(body).hexdigest() != digest:
        raise ValueError("a version that was changed")
    return body


def unpacked(text: str) -> Version | None:
    """Return the version in a text; None where somebody changed it."""
    try:
        body = _body(text)
        held: dict[str, Any] = json.loads(body)
        return Version(**{**held, "inputs": _blocks(held["inputs"]), "results": _blocks(held["results"])})
    except (ValueError, zlib.error, KeyError, TypeError):
        return None


def _blocks(held: Mapping[str, Mapping[str, Any]]) -> dict[str, Block]:
    return {
        name: Block(
            each["sheet"],
            each["left"],
            tuple(each["headers"]),
            tuple(tuple(row) for row in each["rows"]),
            tuple(each["numbers"]),
        )
        for name, each in held.items()
    }


def block_of(sheet: str, left: int, headers: Sequence[object], rows: Sequence[tuple[int, Sequence[object]]]) -> Block:
    """Return a rectangle of cells. rows : sheet row and values of each record."""
    return Block(
        sheet,
        left,
        tuple("" if each is None else str(each) for each in headers),
        tuple(tuple(plain(value) for value in values) for _, values in rows),
        tuple(number for number, _ in rows),
    )
