"""Somebody's word on a part of a plan.

Owns: its shape.
"""

from __future__ import annotations

from engine.issues import Place
from solver.frozen import frozen


@frozen
class Signature:
    """Somebody's word on a part of the plan: a row of SignOff.

    node : position in the org tree, in the queue tree where ``is_queue``
    version : "" = the one that Settings name, else the last; status : draft, proposed, agreed or sealed
    at : ISO day, "" = not said
    """

    node: int
    is_queue: bool
    version: str
    status: str
    by: str
    at: str
    comment: str
    place: Place
