"""Reading a VBA project by the words of MS-OVBA and MS-CFB, with nothing of the code that writes it."""

from __future__ import annotations

import struct
from dataclasses import dataclass


class Bytes:
    """Bytes read from front to back; what is expected is said, and asserted."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        assert len(taken) == count, "the stream ends too early"
        self.at += count
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def record(self, number: int) -> bytes:
        """Return the data of the record that must come next."""
        assert self.number(2) == number, f"record {number:#x} expected at {self.at - 2}"
        return self.take(self.number(4))

    def text(self, number: int, unicode_number: int) -> str:
        """Return a text that must stand twice, in the code page and in Unicode."""
        text = self.record(number).decode("cp1252")
        assert self.record(unicode_number).decode("utf-16-le") == text
        return text

    @property
    def is_done(self) -> bool:
        return self.at == len(self.data)


def decompressed(container: bytes) -> bytes:
    """MS-OVBA 2.4.1.3: the decompression algorithm."""
    assert container[0] == 1
    out, at = bytearray(), 1
    while at < len(container):
        (header,) = struct.unpack_from("<H", container, at)
        assert header >> 12 & 0b111 == 0b011, "chunk signature"
        end, start = at + (header & 0xFFF) + 3, len(out)
        at += 2
        if not header >> 15:
            out += container[at : at + 4096]
            at += 4096
            continue
        while at < end:
            flags = container[at]
            at += 1
            for bit in range(8):
                if at >= end:
                    break
                if flags >> bit & 1:
                    (token,) = struct.unpack_from("<H", container, at)
                    at += 2
                    done = len(out) - start
                    bits = next(n for n in range(4, 13) if 1 << n >= done)
                    length, offset = (token & (0xFFFF >> bits)) + 3, (token >> (16 - bits)) + 1
                    for _ in range(length):
                        out.append(out[-offset])
                else:
                    out.append(container[at])
                    at += 1
    return bytes(out)


def unhidden(text: str, project_id: str) -> bytes:
    """MS-OVBA 2.4.3.3: the decryption of CMG, DPB and GC."""
    data = bytes.fromhex(text)
    seed, version, key = data[0], data[1] ^ data[0], data[2] ^ data[0]
    assert version == 2
    assert key == sum(project_id.encode("ascii")) & 0xFF
    unencrypted, one_back, two_back = key, data[2], data[1]
    plain = bytearray()
    for byte in data[3:]:
        plain.append(byte ^ ((two_back + unencrypted) & 0xFF))
        two_back, one_back, unencrypted = one_back, byte, plain[-1]
    ignored = (seed & 6) // 2
    (length,) = struct.unpack_from("<I", plain, ignored)
    assert len(plain) == ignored + 4 + length
    return bytes(plain[ignored + 4 :])


@dataclass(frozen=True)
class Entry:
    name: str
    kind: int
    is_black: bool
    left: int
    right: int
    child: int
    start: int
    size: int


_NONE = 0xFFFFFFFF


class CompoundFile:
    """MS-CFB version 3, read sector by sector."""

    def __init__(self, data: bytes) -> None:
        assert data[:8] == bytes.fromhex("d0cf11e0a1b11ae1")
        minor, major, order, shift, small_shift = struct.unpack_from("<5H", data, 24)
        assert (minor, major, order, shift, small_shift) == (0x3E, 3, 0xFFFE, 9, 6)
        assert len(data) % 512 == 0
        directories, tables, directory, transaction, cutoff = struct.unpack_from("<5I", data, 40)
        assert (directories, transaction, cutoff) == (0, 0, 4096)
        small_at, small_count, further, further_count = struct.unpack_from("<4I", data, 60)
        assert (further, further_count) == (0xFFFFFFFE, 0)
        places = struct.unpack_from("<109I", data, 76)
        assert all(place == _NONE for place in places[tables:])
        self.data = data
        self.table = [each for place in places[:tables] for each in struct.unpack("<128I", self.sector(place))]
        assert all(self.table[place] == 0xFFFFFFFD for place in places[:tables])
        assert all(each == _NONE for each in self.table[len(data) // 512 - 1 :])
        small = self.chain(small_at)
        assert len(small) == small_count * 512
        self.small_table = list(struct.unpack(f"<{len(small) // 4}I", small))
        listed = self.chain(directory)
        self.entries = [self._entry(listed[at : at + 128]) for at in range(0, len(listed), 128)]
        self.root = self.entries[0]
        self.small_sectors = self.chain(self.root.start)

    def sector(self, number: int) -> bytes:
        return self.data[512 * (number + 1) : 512 * (number + 2)]

    def chain(self, at: int) -> bytes:
        found = b""
        while at != 0xFFFFFFFE:
            found += self.sector(at)
            at = self.table[at]
        return found

    def _entry(self, data: bytes) -> Entry:
        length, kind, colour, left, right, child = struct.unpack_from("<HBBIII", data, 64)
        start, size = struct.unpack_from("<IQ", data, 116)
        assert data[80:116] == bytes(36), "no class, no state, no times"
        name = data[: max(length - 2, 0)].decode("utf-16-le")
        return Entry(name, kind, colour == 1, left, right, child, start, size)

    def content(self, entry: Entry) -> bytes:
        if entry.size >= 4096:
            return self.chain(entry.start)[: entry.size]
        found, at = b"", entry.start
        while at != 0xFFFFFFFE:
            found += self.small_sectors[64 * at : 64 * (at + 1)]
            at = self.small_table[at]
        return found[: entry.size]

    def held(self, storage: Entry) -> dict[str, Entry]:
        """Return what is in a storage, having proven that its tree is a sorted red-black tree."""
        found: list[Entry] = []
        if storage.child != _NONE:
            assert self.entries[storage.child].is_black
        self._walk(storage.child, found)
        keys = [(len(entry.name.encode("utf-16-le")), entry.name.upper()) for entry in found]
        assert keys == sorted(keys)
        return {entry.name: entry for entry in found}

    def _walk(self, number: int, found: list[Entry]) -> int:
        """Return the number of black entries on every way down."""
        if number == _NONE:
            return 1
        entry = self.entries[number]
        for side in (entry.left, entry.right):
            if side != _NONE:
                assert entry.is_black or self.entries[side].is_black, "red below red"
        left = self._walk(entry.left, found)
        found.append(entry)
        assert left == self._walk(entry.right, found), "the tree is not balanced"
        return left + entry.is_black
