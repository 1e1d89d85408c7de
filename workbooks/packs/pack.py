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

BY_ORG, BY_QUEUE = "org", "queue"
HEADERS = {BY_ORG: "Org", BY_QUEUE: "Queue"}
"""Tree that a plan is split by → the column that names its nodes."""

TABLES = {BY_ORG: "Org", BY_QUEUE: "Queues"}
"""Tree → the input table that holds it."""


@frozen
class Line:
    """One number to be answered: metric × node × period.

    node : of the tree that the plan was split by; period : "" = a number that holds for the whole time
    weight : of a rate, the planned volume that it is an average over; 0 = the number is a sum
    is_share : whether it is a share, 0 to 1
    is_due : whether it is the hours within which items are due: nothing that adds up
    """

    metric: str
    node: str
    period: str
    proposed: float
    weight: float = 0.0
    is_share: bool = False
    is_due: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others."""
        return self.metric.casefold(), self.node.casefold(), self.period.casefold()

    @property
    def where(self) -> str:
        """Where it lies, in words."""
        return ", ".join(filter(None, (self.node, self.period)))


@frozen
class Pack:
    """A pack as it was sent.

    site : the node it goes to; version : of the plan; fingerprint : of the plan's inputs
    due : day by which it is to be answered, ISO, "" = none
    by : the tree that the plan was split by
    """

    id: str
    site: str
    version: str
    fingerprint: str
    due: str
    lines: tuple[Line, ...]
    by: str = BY_ORG


def new_pack(
    site: str, version: str, fingerprint: str, due: str, lines: tuple[Line, ...], by: str = BY_ORG
) -> Pack:  # fmt: skip
    """Return a pack under an id of its own: the same proposal has the same one."""
    held = [site, version, fingerprint, due, [_told(line) for line in lines], *([by] if by != BY_ORG else [])]
    return Pack(sha256(json.dumps(held).encode()).hexdigest()[:ID_LENGTH], site, version, fingerprint, due, lines, by)


_NODE = "org"
"""What the node of a line is called where packs are kept: the first packs went to nodes of the org tree alone."""

_SINCE = ("weight", "is_share", "is_due")
"""What lines have had only later: left out where it says nothing, so that earlier packs keep their ids."""


def _told(line: Line) -> dict[str, object]:
    held = {_NODE if name == "node" else name: value for name, value in asdict(line).items()}
    return {name: value for name, value in held.items() if name not in _SINCE or value}


def packed(pack: Pack) -> str:
    """Return a pack as text."""
    return json.dumps({**asdict(pack), "lines": [_told(line) for line in pack.lines]}, separators=(",", ":"))


def unpacked(text: str) -> Pack | None:
    """Return the pack in a text; None where it is none, or somebody changed it."""
    try:
        held = json.loads(text)
        lines = tuple(Line(node=line.pop(_NODE), **line) for line in held.pop("lines"))
        pack = Pack(**held, lines=lines)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    made = new_pack(pack.site, pack.version, pack.fingerprint, pack.due, lines, pack.by)
    return pack if made.id == pack.id else None
