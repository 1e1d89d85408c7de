"""Digests of parts, by which a part is known to be as it was.

Owns: what the digest of a part is, and those of the package that was unpacked last, or is known already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256


def digest_of(pieces: Iterable[bytes]) -> str:
    """Return the digest of a part. pieces : of its content."""
    found = sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


class _OfOnePackage:
    """Digests of the large parts of one package."""

    def __init__(self) -> None:
        self._data = b""
        self._digests: Mapping[str, str] = {}

    def keep(self, data: bytes, digests: Mapping[str, str]) -> None:
        """Take those of these very bytes."""
        self._data, self._digests = data, digests

    def of(self, data: bytes) -> Mapping[str, str]:
        """Return those of these very bytes, by name; nothing of others."""
        return self._digests if self._data is data else {}


PROVEN = _OfOnePackage()
"""Those of the package that was unpacked last: they are asked for again in the same run."""

TRUSTED = _OfOnePackage()
"""Those that an earlier run unpacked, of a package whose packed bytes are still the same: it need not be done again."""
