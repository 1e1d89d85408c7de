"""The values that say who may see a VBA project, in the cipher that MS-OVBA 2.4.3 gives them.

Owns: the cipher, and what an open project says.
"""

from __future__ import annotations

import struct

UNPROTECTED = (("CMG", bytes(4), 0x10), ("DPB", bytes(1), 0x22), ("GC", b"\xff", 0x35))
"""Key in the PROJECT stream, data, seed: not protected, no password, visible."""

_VERSION = 2


def hidden(data: bytes, project_id: str, seed: int) -> str:
    """Return data in the cipher, as hexadecimal text.

    Parameters
    ----------
    project_id : the project's GUID with its braces: the key
    seed : one byte; fixed seeds keep builds equal
    """
    key = sum(project_id.encode("ascii")) & 0xFF
    encrypted = [seed, seed ^ _VERSION, seed ^ key]
    unencrypted, one_back, two_back = key, encrypted[2], encrypted[1]
    ignored = bytes([7]) * ((seed & 6) // 2)  # any byte will do
    for byte in ignored + struct.pack("<I", len(data)) + data:
        now = byte ^ ((two_back + unencrypted) & 0xFF)
        encrypted.append(now)
        two_back, one_back, unencrypted = one_back, now, byte
    return "".join(f"{each:02X}" for each in encrypted)
