"""Large parts that an earlier run unpacked, in its memory: while their packed bytes are the same, so are they.

Owns: how such parts are kept, and that nothing is trusted whose bytes, length or sum differ.
"""

from __future__ import annotations

from hashlib import sha256
from zipfile import ZipInfo

import numpy as np

from solver.memory import Memory
from workbooks.package.archive import LARGE, Archive, ArchiveError
from workbooks.package.part_digest import PROVEN, TRUSTED

_KEY = "parts"
_BYTES = 32


def trust_known_parts(data: bytes, memory: Memory) -> None:
    """Let those parts of a package be trusted that were the same when it was written, or unpacked, last."""
    known = memory.hint(_KEY) if memory.is_kept else None  # no answer that saves solving: it is not counted as one
    if known is None:
        return
    rows = {row[:-_BYTES].tobytes(): row[-_BYTES:].tobytes() for row in known["parts"]}
    try:
        archive = Archive(data)
    except ArchiveError:
        return  # the door says what is wrong with it
    marks = {info.filename: _mark(archive, info) for info in archive.entries if info.file_size >= LARGE}
    TRUSTED.keep(data, {name: rows[mark].hex() for name, mark in marks.items() if mark in rows})


def keep_known_parts(data: bytes, memory: Memory) -> None:
    """Keep what is known of the large parts of a package, as it was written and looked over."""
    known = PROVEN.of(data) if memory.is_kept else {}
    if not known:
        return
    archive = Archive(data)
    rows = [_mark(archive, info) + bytes.fromhex(known[info.filename]) for info in archive.entries
            if info.filename in known]  # fmt: skip
    memory.put(_KEY, {"parts": np.array([np.frombuffer(row, dtype=np.uint8) for row in rows])})


def _mark(archive: Archive, info: ZipInfo) -> bytes:
    """Return what tells a part as it lies in a package from any other: its name left out."""
    packed = sha256(archive.compressed(info.filename)).digest()
    return packed + b"".join(each.to_bytes(8, "little") for each in (info.file_size, info.CRC, info.compress_type))
