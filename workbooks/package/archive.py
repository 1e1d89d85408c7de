"""A package as a zip archive: entries that are not changed are copied as the compressed bytes they were.

Owns: reading entries, and writing an archive of which only some entries are new.
Knows nothing of: what the parts hold.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

LEVEL = 2
"""Deflate level of parts that are ours: measured, higher levels cost more time than they save room."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_HAS_DESCRIPTOR = 0x08
_UTF8 = 0x800
_1980 = 0x21  # 1 January 1980 as DOS writes dates: equal inputs give equal bytes
_MOST = 0xFFFFFFFF


class ArchiveError(ValueError):
    """The bytes are no archive that can be read and written without loss; says why."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry ready to be written: its name and compressed bytes."""

    name: bytes
    flags: int
    method: int
    time: int
    date: int
    crc: int
    size: int
    compressed: bytes
    internal: int = 0
    external: int = 0


class Archive:
    """The entries of a package."""

    def __init__(self, data: bytes) -> None:
        """Read the list of entries.

        Raises
        ------
        ArchiveError
            No zip, entries of one name (in any case), encrypted entries.
        """
        self._data = data
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._infos = {info.filename: info for info in self._archive.infolist()}
            count = len(self._archive.infolist())
        except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError) as broken:
            raise ArchiveError(f"not a zip archive: {broken}") from broken
        self._names = {name.casefold(): name for name in self._infos}
        if len(self._names) != count:
            raise ArchiveError("several parts have the same name")
        if any(info.flag_bits & 1 for info in self._infos.values()):
            raise ArchiveError("parts are encrypted")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all entries, in their order."""
        return tuple(self._infos)

    def has(self, name: str) -> bool:
        """Whether there is an entry of that name, in any case."""
        return name.casefold() in self._names

    def part(self, name: str) -> bytes:
        """Return the content of an entry.

        Raises
        ------
        ArchiveError
            There is none of that name, or its bytes are damaged.
        """
        if not self.has(name):
            raise ArchiveError(f"the part {name} is missing")
        info = self._infos[self._names[name.casefold()]]
        try:
            with self._archive.open(info) as part:
                return part.read()
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as broken:
            raise ArchiveError(f"the part {name} is damaged: {broken}") from broken

    def head(self, name: str, length: int) -> bytes:
        """Return the first bytes of an entry, without unpacking the rest; b"" where they are damaged."""
        try:
            with self._archive.open(self._infos[self._names[name.casefold()]]) as part:
                return part.read(length)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError):
            return b""

    def with_parts(self, changes: Mapping[str, bytes | None]) -> bytes:
        """Return the archive with some parts replaced or added, or removed where None.

        A replaced part keeps its place; new ones come last, in the order of ``changes``.
        """
        left = dict(changes)
        entries = []
        for name, info in self._infos.items():
            key = next((each for each in (name, name.casefold()) if each in left), None)
            if key is None:
                key = next((each for each in left if each.casefold() == name.casefold()), None)
            if key is None:
                entries.append(self._as_it_is(info))
            elif (content := left.pop(key)) is not None:
                entries.append(_packed(name, content))
        entries.extend(_packed(name, content) for name, content in left.items() if content is not None)
        return _written(entries)

    def _as_it_is(self, info: zipfile.ZipInfo) -> _Entry:
        at = info.header_offset
        name_length, extra_length = struct.unpack("<HH", self._data[at + 26 : at + 30])
        start = at + _LOCAL.size + name_length + extra_length
        compressed = self._data[start : start + info.compress_size]
        if len(compressed) != info.compress_size:
            raise ArchiveError(f"the part {info.filename} is cut off")
        encoding = "utf-8" if info.flag_bits & _UTF8 else "cp437"
        year, month, day, hour, minute, second = info.date_time
        return _Entry(
            info.orig_filename.encode(encoding),
            info.flag_bits & ~_HAS_DESCRIPTOR,
            info.compress_type,
            hour << 11 | minute << 5 | second // 2,
            (year - 1980) << 9 | month << 5 | day,
            info.CRC,
            info.file_size,
            compressed,
            info.internal_attr,
            info.external_attr,
        )


def _packed(name: str, content: bytes) -> _Entry:
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    compressed = deflate.compress(content) + deflate.flush()
    flags = 0 if name.isascii() else _UTF8
    return _Entry(
        name.encode("utf-8"), flags, zipfile.ZIP_DEFLATED, 0, _1980, zlib.crc32(content), len(content), compressed
    )


def _written(entries: list[_Entry]) -> bytes:
    body = bytearray()
    directory = bytearray()
    for entry in entries:
        offset = len(body)
        if max(offset, entry.size) > _MOST:
            raise ArchiveError("the workbook would be larger than 4 GiB")
        sizes = (entry.crc, len(entry.compressed), entry.size)
        described = (entry.flags, entry.method, entry.time, entry.date)
        body += _LOCAL.pack(b"PK\x03\x04", 20, *described, *sizes, len(entry.name), 0)
        body += entry.name
        body += entry.compressed
        directory += _CENTRAL.pack(
            b"PK\x01\x02", 20, 20, *described, *sizes, len(entry.name), 0, 0, 0, entry.internal, entry.external, offset
        )
        directory += entry.name
    end = _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return bytes(body + directory + end)
