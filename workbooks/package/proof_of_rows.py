"""A large part of XML proven without parsing each of its rows: a parser takes as long as the writing did.

What a text can break is looked for in every byte, and that as many elements end as begin; how rows are built, which is
alike in all of them, in samples. Where the counts are odd, a parser decides.

Owns: what is looked at of a large part.
"""

from __future__ import annotations

import codecs
import re
from typing import IO
from xml.parsers import expat

import numpy as np

from workbooks.package.archive import count_of

LARGE = 2**20
"""Bytes from which a part is proven so."""

_CHUNK, _SAMPLE = 2**20, 2**16
_ROW_ENDS = b"</row>"
_BLANK = 32
_CONTROLS = bytes(code for code in range(_BLANK) if code not in b"\t\n\r")
_NEVER = ("\ufffe".encode(), "\uffff".encode())
_NEVER_BEGINS = _NEVER[0][:1]  # one byte is found far faster than three
_AMPERSAND = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;|#)")


def prove_large(part: IO[bytes]) -> None:
    """Look through a part.

    Parameters
    ----------
    part : in UTF-8

    Raises
    ------
    ValueError, expat.ExpatError
        It is not well formed.
    """
    parser, decoder = expat.ParserCreate(), codecs.getincrementaldecoder("utf-8")()
    held = b""
    unended = 0
    while piece := part.read(_CHUNK):
        unended -= not held and piece.startswith(b"<?xml")
        held += piece
        whole = held.rfind(_ROW_ENDS) + len(_ROW_ENDS)
        if whole < len(_ROW_ENDS):
            continue
        rows, held = held[:whole], held[whole:]
        unended += _look_through(rows, decoder)
        if count_of(b'"', rows) % 2:
            unended += 1
        parser.Parse(_sample(rows), False)
    unended += _look_through(held, decoder)
    parser.Parse(held, True)
    if unended:
        part.seek(0)
        _parse_all(part)


def _parse_all(part: IO[bytes]) -> None:
    parser = expat.ParserCreate()
    while piece := part.read(_CHUNK):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _look_through(rows: bytes, decoder: codecs.IncrementalDecoder) -> int:
    """Return how many more elements begin than end; raise where a text may have broken the part with any byte."""
    has_controls = np.frombuffer(rows, np.uint8).min(initial=_BLANK) < _BLANK
    if has_controls and len(rows.translate(None, _CONTROLS)) != len(rows):
        raise ValueError("a control character")
    if not rows.isascii():
        decoder.decode(rows)
        if _NEVER_BEGINS in rows and any(never in rows for never in _NEVER):
            raise ValueError("a character that XML does not take")
    brackets = count_of(b"<", rows)
    if brackets != count_of(b">", rows):
        raise ValueError("a bracket that is not closed")
    if b"&" in rows and _AMPERSAND.search(rows):
        raise ValueError("an ampersand that stands for nothing")
    return brackets - 2 * _pairs_of(b"</", rows) - _pairs_of(b"/>", rows)


def _pairs_of(signs: bytes, rows: bytes) -> int:
    """Return how often two bytes stand side by side: several times as fast as bytes count it themselves."""
    pair = int.from_bytes(signs, "little")
    return sum(
        int(np.count_nonzero(np.frombuffer(rows, "<u2", (len(rows) - start) // 2, start) == pair))
        for start in (0, 1)
        if len(rows) - start > 1
    )


def _sample(rows: bytes) -> bytes:
    """Return the first rows of some, and the last one."""
    first = rows.find(_ROW_ENDS, _SAMPLE) + len(_ROW_ENDS)
    last = rows.rfind(_ROW_ENDS, 0, len(rows) - len(_ROW_ENDS)) + len(_ROW_ENDS)
    return rows if first < len(_ROW_ENDS) or last < first else rows[:first] + rows[last:]
