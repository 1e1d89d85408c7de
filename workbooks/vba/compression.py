"""The compression of streams in a VBA project (MS-OVBA 2.4.1): runs seen before, in chunks of 4,096 bytes.

Owns: the encoder. Only what reads a project needs the decoder, and that is never us.
"""

from __future__ import annotations

import struct

CHUNK = 4096
_SIGNATURE = b"\x01"
_COMPRESSED, _RAW = 0xB000, 0x3000
_SHORTEST = 3  # a copy takes two bytes and a flag


def compress(data: bytes) -> bytes:
    """Return a compressed container.

    Raises
    ------
    ValueError
        The last chunk cannot be made smaller, which no source text brings about.
    """
    container = bytearray(_SIGNATURE)
    for start in range(0, len(data), CHUNK):
        container += _chunk(data[start : start + CHUNK])
    return bytes(container)


def _chunk(chunk: bytes) -> bytes:
    tokens = _tokens(chunk)
    if len(tokens) < CHUNK:
        return struct.pack("<H", _COMPRESSED | (len(tokens) - 1)) + tokens
    if len(chunk) < CHUNK:
        raise ValueError("a chunk that is not full cannot be stored raw")
    return struct.pack("<H", _RAW | (CHUNK - 1)) + chunk


def _tokens(chunk: bytes) -> bytes:
    tokens = bytearray()
    at = 0
    while at < len(chunk):
        flags_at = len(tokens)
        tokens.append(0)
        for bit in range(8):
            if at >= len(chunk):
                break
            offset, length = _longest_copy(chunk, at)
            if length:
                tokens[flags_at] |= 1 << bit
                tokens += struct.pack("<H", (offset - 1) << (16 - _offset_bits(at)) | (length - _SHORTEST))
                at += length
            else:
                tokens.append(chunk[at])
                at += 1
    return bytes(tokens)


def _offset_bits(at: int) -> int:
    """Return how many bits of a copy are its offset: as many as reach back to the start of the chunk, at least 4."""
    return max(4, (at - 1).bit_length())


def _longest_copy(chunk: bytes, at: int) -> tuple[int, int]:
    """Return (offset back, length) of the longest run before ``at`` that goes on as the text does; length 0: none."""
    if at == 0:
        return 0, 0
    most = min((0xFFFF >> _offset_bits(at)) + _SHORTEST, len(chunk) - at)
    offset = length = 0
    wanted = _SHORTEST
    while wanted <= most:
        # a run may reach into itself, so it only has to start before the text
        found = chunk.rfind(chunk[at : at + wanted], 0, at + wanted - 1)
        if found < 0:
            break
        offset, length = at - found, wanted
        wanted += 1
    return offset, length
