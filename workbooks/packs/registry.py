"""The packs that a workbook has sent out, on a very hidden sheet of it: what comes back is held against them.

Owns: that sheet.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.package.hidden_sheet import read_hidden, with_hidden
from workbooks.packs.pack import Pack, packed, unpacked

SHEET = "_target_cascade_packs"
_WORDS = "target-cascade remembers here which proposals were sent to whom. Please leave it."


def sent_packs(data: bytes) -> list[Pack]:
    """Return the packs that were sent, oldest first."""
    return [pack for _, text in read_hidden(data, SHEET) if (pack := unpacked(text)) is not None]


def with_sent(data: bytes, packs: Sequence[Pack]) -> bytes:
    """Return a workbook that remembers these packs besides those it knows; the same pack once."""
    known = {pack.id: pack for pack in sent_packs(data)}
    for pack in packs:
        known.pop(pack.id, None)
        known[pack.id] = pack
    return with_hidden(data, SHEET, _WORDS, [(each.site, packed(each)) for each in known.values()])
