"""Mutants of sound workbooks: bytes, bits, cuts, and XML with other tags, numbers and attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from tests.corpus.packing import Parts, parts_of, zipped

_TAG = re.compile(rb"<[^<>]{1,200}>")
_NUMBER = re.compile(rb"\d+")
_VALUE = re.compile(rb'"[^"<>]{0,60}"')
ODD = (
    b"-1", b"0", b"4294967296", b"99999999999999999999", b"1e999", b"nan", b"", b"A1:XFD1048576", b"&#0;", b"\xff\xfe",
    b"&amp;&lt;", b"../../etc/passwd", b"=1+1", "²".encode(), "٣".encode(), b"\\", b"'", b"#REF!",
)  # fmt: skip


def mutants(data: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield mutants of a workbook with what was done to it."""
    chance = np.random.default_rng(seed)
    parts = parts_of(data)
    kinds: list[Callable[[], tuple[str, bytes]]] = [
        lambda: _bytes(data, chance),
        lambda: _bits(data, chance),
        lambda: _cut(data, chance),
        lambda: _xml(parts, chance, _TAG, _doubled),
        lambda: _xml(parts, chance, _TAG, _dropped),
        lambda: _xml(parts, chance, _NUMBER, _odd),
        lambda: _xml(parts, chance, _VALUE, _odd_value),
        lambda: _part(parts, chance),
    ]
    for number in range(count):
        yield kinds[number % len(kinds)]()


def _bytes(data: bytes, chance: np.random.Generator) -> tuple[str, bytes]:
    mutant = bytearray(data)
    for at in chance.integers(len(mutant), size=int(chance.integers(1, 9))):
        mutant[at] = int(chance.integers(256))
    return "bytes", bytes(mutant)


def _bits(data: bytes, chance: np.random.Generator) -> tuple[str, bytes]:
    mutant = bytearray(data)
    at = int(chance.integers(len(mutant)))
    mutant[at] ^= 1 << int(chance.integers(8))
    return "a bit", bytes(mutant)


def _cut(data: bytes, chance: np.random.Generator) -> tuple[str, bytes]:
    at = int(chance.integers(len(data)))
    length = int(chance.integers(1, 2000))
    return "a cut", data[:at] + (data[at + length :] if chance.random() < 0.5 else b"")


def _xml(
    parts: Parts,
    chance: np.random.Generator,
    what: re.Pattern[bytes],
    change: Callable[[bytes, np.random.Generator], bytes],
) -> tuple[str, bytes]:
    name = _some_xml(parts, chance)
    places = list(what.finditer(parts[name]))
    mutant = parts[name]
    for place in (
        sorted(chance.choice(len(places), size=min(3, len(places)), replace=False), reverse=True) if places else ()
    ):
        found = places[place]
        mutant = mutant[: found.start()] + change(found[0], chance) + mutant[found.end() :]
    return f"{change.__name__.strip('_')} in {name}", zipped({**parts, name: mutant})


def _some_xml(parts: Parts, chance: np.random.Generator) -> str:
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    return names[int(chance.integers(len(names)))]


def _doubled(text: bytes, chance: np.random.Generator) -> bytes:
    return text * int(chance.integers(2, 40))


def _dropped(text: bytes, chance: np.random.Generator) -> bytes:
    return b""


def _odd(text: bytes, chance: np.random.Generator) -> bytes:
    return ODD[int(chance.integers(len(ODD)))]


def _odd_value(text: bytes, chance: np.random.Generator) -> bytes:
    return b'"' + _odd(text, chance) + b'"'


def _part(parts: Parts, chance: np.random.Generator) -> tuple[str, bytes]:
    names = list(parts)
    one, other = (names[int(at)] for at in chance.integers(len(names), size=2))
    if chance.random() < 0.5:
        return f"without {one}", zipped({name: part for name, part in parts.items() if name != one})
    return f"{one} is {other}", zipped({**parts, one: parts[other]})
