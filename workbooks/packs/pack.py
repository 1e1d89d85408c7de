"""A pack: the proposal to one site, as data, and by what it is known again.

Owns: its shape, its stamp, and its digest.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256

from solver.frozen import frozen

PACK_SHEET = "_target_cascade_pack"
ID_LENGTH = 16


@frozen
class Line:
    """One number to be answered: metric × node × period.

    weight : of a rate, the planned volume that it is an average over; 0 = the number is a sum
    is_share : whether it is a share, 0 to 1
    """

    metric: str
    org: str
    period: str
    proposed: float
    weight: float = 0.0
    is_share: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others."""
        return self.metric.casefold(), self.org.casefold(), self.period.casefold()


@frozen
class Pack:
    """A pack as it was sent.

    site : the node it goes to; version : of the plan; fingerprint : of the plan's inputs
    due : day by which it is to be answered, ISO, "" = none
    """

    id: str
    site: str
    version: str
    fingerprint: str
    due: str
    lines: tuple[Line, ...]


def new_pack(site: str, version: str, fingerprint: str, due: str, lines: tuple[Line, ...]) -> Pack:
    """Return a pack under an id of its own: the same proposal has the same one."""
    held = [site, version, fingerprint, due, [_told(line) for line in lines]]
    return Pack(sha256(json.dumps(held).encode()).hexdigest()[:ID_LENGTH], site, version, fingerprint, due, lines)


def _told(line: Line) -> dict[str, object]:
    """Return what is filled in of a line: packs that were sent before lines could be rates keep their ids."""
    return {name: value for name, value in asdict(line).items() if name not in ("weight", "is_share") or value}


def packed(pack: Pack) -> str:
    """Return a pack as text."""
    return json.dumps(asdict(pack), separators=(",", ":"))


def unpacked(text: str) -> Pack | None:
    """Return the pack in a text; None where it is none, or somebody changed it."""
    try:
        held = json.loads(text)
        lines = tuple(Line(**line) for line in held.pop("lines"))
        pack = Pack(**held, lines=lines)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    made = new_pack(pack.site, pack.version, pack.fingerprint, pack.due, lines)
    return pack if made.id == pack.id else None
