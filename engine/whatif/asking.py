"""How much second runs are to find out.

Owns: the choices.
"""

from __future__ import annotations

from enum import StrEnum


class Asking(StrEnum):
    """How much is asked: nothing; what a few runs tell; the 20 largest of each; everything."""

    NONE = "none"
    USUAL = "usual"
    TOP = "top"
    ALL = "all"
