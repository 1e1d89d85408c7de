"""A compound file (MS-CFB, version 3): streams in storages, as Office keeps a VBA project.

Owns: the layout of sectors and of the directory. No time stamps, so that equal contents give equal bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECTOR, SMALL_SECTOR, SMALL_BELOW = 512, 64, 4096
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_TABLES_IN_HEADER = 109
_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")

Contents = Mapping[str, "bytes | Contents"]
"""Names of streams and storages, and what is in them."""


@dataclass(slots=True)
class _Entry:
    """An entry of the directory, linked into the tree of its storage."""

    name: str
    kind: int
    data: bytes = b""
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    colour: int = _BLACK
    start: int = _END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        start = 0 if self.kind == _STORAGE else self.start
        return (
            name.ljust(64, b"\0")
            + struct.pack("<HBB3I", len(name) + 2, self.kind, self.colour, self.left, self.right, self.child)
            + bytes(16 + 4 + 8 + 8)  # class, state, created, modified
            + struct.pack("<IQ", start, self.size)
        )


@dataclass(slots=True)
class _Sectors:
    """Sectors of one size, and the table that chains them."""

    size: int
    body: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def chain(self, data: bytes) -> int:
        """Store data and return its first sector."""
        if not data:
            return _END
        start, count = len(self.table), -(-len(data) // self.size)
        self.body += data.ljust(count * self.size, b"\0")
        self.table += [*range(start + 1, start + count), _END]
        return start


def compound_file(contents: Contents) -> bytes:
    """Return a compound file.

    Parameters
    ----------
    contents : the root storage: bytes are streams, mappings are storages
    """
    entries = _directory(contents)
    sectors, small = _Sectors(SECTOR), _Sectors(SMALL_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.size = len(entry.data)
            entry.start = (sectors if entry.size >= SMALL_BELOW else small).chain(entry.data)
    entries[0].size = len(small.body)
    entries[0].start = sectors.chain(bytes(small.body))
    small_table = _padded(struct.pack(f"<{len(small.table)}I", *small.table), b"\xff")
    small_table_at = sectors.chain(small_table)
    directory_at = sectors.chain(_packed_directory(entries))
    return _written(sectors, directory_at, small_table_at, len(small_table) // SECTOR)


def _written(sectors: _Sectors, directory_at: int, small_table_at: int, small_tables: int) -> bytes:
    each = SECTOR // 4
    tables = 1
    while len(sectors.table) + tables > tables * each:
        tables += 1
    if tables > _TABLES_IN_HEADER:
        raise ValueError("more than 6.8 MB of streams")
    at = len(sectors.table)
    table = sectors.table + [_TABLE] * tables
    places = [*range(at, at + tables), *[_FREE] * (_TABLES_IN_HEADER - tables)]
    header = (
        _MAGIC
        + bytes(16)
        + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)  # version 3, little-endian, sectors of 2^9 and 2^6 bytes
        + bytes(6 + 4)
        + struct.pack("<3I", tables, directory_at, 0)
        + struct.pack("<5I", SMALL_BELOW, small_table_at, small_tables, _END, 0)
        + struct.pack(f"<{_TABLES_IN_HEADER}I", *places)
    )
    return header + bytes(sectors.body) + _padded(struct.pack(f"<{len(table)}I", *table), b"\xff")


def _padded(data: bytes, filling: bytes) -> bytes:
    return data.ljust(-(-len(data) // SECTOR) * SECTOR, filling)


def _packed_directory(entries: Sequence[_Entry]) -> bytes:
    nothing = bytes(68) + struct.pack("<3I", _FREE, _FREE, _FREE) + bytes(48)
    packed = b"".join(entry.packed() for entry in entries)
    return packed + nothing * (-len(entries) % (SECTOR // len(nothing)))


def _directory(contents: Contents) -> list[_Entry]:
    entries = [_Entry("Root Entry", _ROOT)]
    _fill(entries, 0, contents)
    return entries


def _fill(entries: list[_Entry], storage: int, contents: Contents) -> None:
    """Append what is in a storage and link it as a balanced red-black tree."""
    numbers = {}
    for name, held in contents.items():
        numbers[name] = len(entries)
        if isinstance(held, bytes):
            entries.append(_Entry(name, _STREAM, held))
        else:
            entries.append(_Entry(name, _STORAGE))
            _fill(entries, numbers[name], held)
    ordered = [numbers[name] for name in sorted(numbers, key=lambda name: (len(name), name.upper()))]
    entries[storage].child = _linked(entries, ordered, len(ordered).bit_length())


def _linked(entries: list[_Entry], ordered: Sequence[int], levels: int, level: int = 1) -> int:
    """Link sorted entries as a tree and return its top; only the deepest level is red."""
    if not ordered:
        return _FREE
    middle = len(ordered) // 2
    top = entries[ordered[middle]]
    top.colour = _RED if level == levels > 1 else _BLACK
    top.left = _linked(entries, ordered[:middle], levels, level + 1)
    top.right = _linked(entries, ordered[middle + 1 :], levels, level + 1)
    return ordered[middle]
