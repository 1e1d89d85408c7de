"""A package as a zip archive: entries that are not changed are copied as the compressed bytes they were.

Nothing that the archive claims is believed: sizes are counted while a part is unpacked, which ends where it comes out
longer than it said.

Owns: reading entries, and writing an archive of which only some entries are new.
Knows nothing of: what the parts hold.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from solver.frozen import frozen
from workbooks.package.limits import (
    MOST_OF_A_PART,
    MOST_OF_A_TEXT,
    MOST_PACKED,
    MOST_PACKED_TO_READ,
    MOST_TAGS,
    SMALL,
)
from workbooks.package.part_digest import PROVEN, TRUSTED, digest_of

LEVEL = 2
"""Deflate level of parts that are ours: measured, higher levels cost more time than they save room."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_HAS_DESCRIPTOR = 0x08
_UTF8 = 0x800
_1980 = 0x21  # 1 January 1980 as DOS writes dates: equal inputs give equal bytes
_MOST = 0xFFFFFFFF
_MOST_ENTRIES = 0xFFFF
_ZIP64 = 0x0001
_CHUNK = 2**20
LARGE = 2**20
"""Bytes of an entry from which its digest is kept where all are unpacked anyway."""
_XML = (".xml", ".rels", ".vml")
_MOST_SHOWN = 80


class ArchiveError(ValueError):
    """The bytes are no archive that can be read and written without loss; says why."""


class TooLargeError(ArchiveError):
    """A part is larger inside than is safe to unpack; says which, and by how much."""


@frozen
class _Entry:
    """An entry ready to be written: its name and compressed bytes."""

    name: bytes
    flags: int
    method: int
    time: int
    date: int
    crc: int
    size: int
    compressed: bytes | memoryview
    internal: int = 0
    external: int = 0
    system: int = 0
    local_extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""


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
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                listed = archive.infolist()
                self._comment = archive.comment
        except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError) as broken:
            raise ArchiveError(f"not a zip archive: {broken}") from broken
        self._infos = {info.filename: info for info in listed}
        self._names = {name.casefold(): name for name in self._infos}
        if len(self._names) != len(listed):
            raise ArchiveError("several parts have the same name")
        for info in listed:
            self._judge(info)
        spans = sorted((info.header_offset, self._start(info) + info.compress_size) for info in listed)
        if any(end > start for (_, end), (start, _) in pairwise(spans)):
            raise ArchiveError("parts lie over each other")

    def _judge(self, info: zipfile.ZipInfo) -> None:
        """Raise where an entry is none that Excel writes."""
        at = info.header_offset
        if info.flag_bits & 1:
            raise ArchiveError("parts are encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveError(f"the part {shown(info.filename)} is packed in a way that Excel does not read")
        if info.filename != info.orig_filename or not info.filename.isprintable():
            raise ArchiveError(f"the part {shown(info.filename)} has a name that no part can have")
        if self._data[at : at + 4] != b"PK\x03\x04":
            raise ArchiveError(f"the part {shown(info.filename)} is not where the archive says")
        name_length = int.from_bytes(self._data[at + 26 : at + 28], "little")
        if self._data[at + _LOCAL.size : at + _LOCAL.size + name_length] != _raw_name(info):
            raise ArchiveError(f"the part {shown(info.filename)} has two names")
        if self._start(info) + info.compress_size > len(self._data):
            raise ArchiveError(f"the part {shown(info.filename)} is cut off")

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Return where the compressed bytes of an entry begin."""
        at = info.header_offset
        name_length, extra_length = struct.unpack("<HH", self._data[at + 26 : at + 30])
        return at + _LOCAL.size + int(name_length) + int(extra_length)

    @property
    def entries(self) -> tuple[zipfile.ZipInfo, ...]:
        """What the archive claims of its entries, in their order."""
        return tuple(self._infos.values())

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
        whole = io.BytesIO()
        for piece in self.read_pieces(name):
            whole.write(piece)
        return whole.getvalue()

    def head(self, name: str, length: int) -> bytes:
        """Return the first bytes of an entry, without unpacking the rest; b"" where they are damaged."""
        try:
            return next(self._pieces(self._infos[self._names[name.casefold()]], length), b"")[:length]
        except (ArchiveError, KeyError):
            return b""

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the content of an entry piece by piece, however large it is; nothing where there is none.

        Raises
        ------
        ArchiveError
            Its bytes are damaged.
        """
        if self.has(name):
            yield from self._unpacked(self._infos[self._names[name.casefold()]])

    def read_pieces(self, name: str, most_tags: int = MOST_TAGS) -> Iterator[bytes]:
        """Yield the content of an entry that is to be read, piece by piece.

        Parameters
        ----------
        most_tags : of more of them, no more is yielded

        Raises
        ------
        TooLargeError
            It is larger than is safe to read.
        ArchiveError
            There is none of that name, or its bytes are damaged.
        """
        if not self.has(name):
            raise ArchiveError(f"the part {name} is missing")
        info = self._infos[self._names[name.casefold()]]
        _refuse_large(info)
        tags = text = 0
        for piece in self._unpacked(info):
            tags += count_of(b"<", piece)
            if tags > most_tags:
                raise TooLargeError(f"{shown(info.filename)}: over {most_tags:,} tags")
            at = piece.rfind(b"<")
            text = text + len(piece) if at < 0 else len(piece) - at
            if text > MOST_OF_A_TEXT and is_xml(name):
                raise TooLargeError(f"{shown(info.filename)}: one text of {text / 2**20:,.0f} MiB and more")
            yield piece

    def size(self, name: str) -> int:
        """Return how many bytes an entry says it has unpacked, 0 where there is none; it is never longer."""
        return self._infos[self._names[name.casefold()]].file_size if self.has(name) else 0

    def is_far(self, name: str) -> bool:
        """Whether an entry is packed into more than is ever read."""
        return self._infos[name].compress_size > MOST_PACKED_TO_READ

    def compressed(self, name: str) -> bytes:
        """Return the compressed bytes of an entry."""
        info = self._infos[self._names[name.casefold()]]
        start = self._start(info)
        return self._data[start : start + info.compress_size]

    def prove(self) -> None:
        """Unpack every entry once, to nowhere; not those that are trusted, for an earlier run did.

        Raises
        ------
        ArchiveError
            One is damaged, or comes out longer or shorter than it says.
        """
        found, trusted = dict[str, str](), TRUSTED.of(self._data)
        for info in self._infos.values():
            if info.filename in trusted:
                found[info.filename] = trusted[info.filename]
            elif info.file_size >= LARGE:
                found[info.filename] = digest_of(self._unpacked(info))
            else:
                for _ in self._unpacked(info):
                    pass
        PROVEN.keep(self._data, found)

    def digest(self, name: str) -> str:
        """Return the digest of an entry's content; of a large one of the archive proven last, nothing is unpacked.

        Raises
        ------
        ArchiveError
            There is none of that name, or its bytes are damaged, or more than is safe to read.
        """
        known = PROVEN.of(self._data).get(self._names.get(name.casefold(), ""), "")
        return known or digest_of(self.read_pieces(name))

    def _unpacked(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the content of an entry in pieces; stops where it comes out longer than it said."""
        crc = length = 0
        for piece in self._pieces(info):
            length += len(piece)
            if length > info.file_size:
                raise ArchiveError(f"the part {shown(info.filename)} is longer than it says")
            crc = zlib.crc32(piece, crc)
            yield piece
        if length != info.file_size or crc != info.CRC:
            raise ArchiveError(f"the part {shown(info.filename)} is damaged")

    def _pieces(self, info: zipfile.ZipInfo, most: int = _CHUNK) -> Iterator[bytes]:
        """Yield what an entry unpacks to, in pieces of at most so many bytes."""
        start = self._start(info)
        packed = memoryview(self._data)[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            for at in range(0, len(packed), most):
                yield bytes(packed[at : at + most])
            return
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        at = 0
        rest = b""
        try:
            while not inflate.eof and (rest or at < len(packed)):
                if not rest:
                    rest, at = bytes(packed[at : at + _CHUNK]), at + _CHUNK
                yield inflate.decompress(rest, most)
                rest = inflate.unconsumed_tail
            yield inflate.flush(most)
        except zlib.error as broken:
            raise ArchiveError(f"the part {shown(info.filename)} is damaged: {broken}") from broken

    def with_parts(self, changes: Mapping[str, bytes | None]) -> bytes:
        """Return the archive with some parts replaced or added, or removed where None.

        A replaced part keeps its place; new ones come last, in the order of ``changes``.
        """
        left = {name.casefold(): (name, content) for name, content in changes.items()}
        entries = []
        for name, info in self._infos.items():
            if name.casefold() not in left:
                entries.append(self._as_it_is(info))
                continue
            _, content = left.pop(name.casefold())
            if content is not None:
                entries.append(_packed(name, content))
        entries.extend(_packed(name, content) for name, content in left.values() if content is not None)
        return _written(entries, self._comment)

    def _as_it_is(self, info: zipfile.ZipInfo) -> _Entry:
        start = self._start(info)
        year, month, day, hour, minute, second = info.date_time
        extra_at = info.header_offset + _LOCAL.size + len(_raw_name(info))
        return _Entry(
            _raw_name(info),
            info.flag_bits & ~_HAS_DESCRIPTOR,
            info.compress_type,
            hour << 11 | minute << 5 | second // 2,
            (year - 1980) << 9 | month << 5 | day,
            info.CRC,
            info.file_size,
            memoryview(self._data)[start : start + info.compress_size],  # no copy: it may be a film
            info.internal_attr,
            info.external_attr,
            info.create_system,
            _without_zip64(self._data[extra_at:start]),
            _without_zip64(info.extra),
            info.comment,
        )


def shown(name: str) -> str:
    """Return the name of a part as it can be shown on one line."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= _MOST_SHOWN else printable[:_MOST_SHOWN] + "…"


def count_of(sign: bytes, data: bytes) -> int:
    """Return how often a byte stands in some: ten times as fast as they count it themselves."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == sign[0]))


def is_xml(name: str) -> bool:
    """Whether a part is XML, by its name."""
    return name.casefold().endswith(_XML)


def _refuse_large(info: zipfile.ZipInfo) -> None:
    """Raise where a part that is to be read is larger than is safe."""
    if info.file_size > MOST_OF_A_PART:
        raise TooLargeError(f"{shown(info.filename)}: {info.file_size / 2**20:,.0f} MiB")
    if info.compress_size > MOST_PACKED_TO_READ:
        raise TooLargeError(f"{shown(info.filename)}: {info.compress_size / 2**20:,.0f} MiB as it is packed")
    if info.file_size > SMALL and is_xml(info.filename) and info.file_size > MOST_PACKED * max(info.compress_size, 1):
        packed = info.file_size // max(info.compress_size, 1)
        raise TooLargeError(f"{shown(info.filename)}: packed {packed:,} to 1")


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _without_zip64(extra: bytes) -> bytes:
    """Return extra fields without the one for sizes beyond 4 GiB, which no part here has."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack("<HH", extra[at : at + 4])
        if at + 4 + length > len(extra):
            break
        if kind != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept


def _packed(name: str, content: bytes) -> _Entry:
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    compressed = deflate.compress(content) + deflate.flush()
    flags = 0 if name.isascii() else _UTF8
    return _Entry(
        name.encode("utf-8"), flags, zipfile.ZIP_DEFLATED, 0, _1980, zlib.crc32(content), len(content), compressed
    )


def _written(entries: list[_Entry], comment: bytes) -> bytes:
    if len(entries) > _MOST_ENTRIES:
        raise ArchiveError("the workbook would have more than 65,535 parts")
    body: list[bytes | memoryview] = []
    offset = 0
    directory = bytearray()
    for entry in entries:
        if max(offset, entry.size) > _MOST:
            raise ArchiveError("the workbook would be larger than 4 GiB")
        sizes = (entry.crc, len(entry.compressed), entry.size)
        described = (entry.flags, entry.method, entry.time, entry.date)
        local = _LOCAL.pack(b"PK\x03\x04", 20, *described, *sizes, len(entry.name), len(entry.local_extra))
        body += (local, entry.name, entry.local_extra, entry.compressed)
        lengths = (len(entry.name), len(entry.central_extra), len(entry.comment))
        directory += _CENTRAL.pack(
            b"PK\x01\x02", entry.system << 8 | 20, 20, *described, *sizes, *lengths, 0, entry.internal, entry.external,
            offset,
        )  # fmt: skip
        directory += entry.name + entry.central_extra + entry.comment
        offset += len(local) + len(entry.name) + len(entry.local_extra) + len(entry.compressed)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), offset, len(comment))
    return b"".join((*body, directory, end, comment))
