"""What Excel's own objects say, as far as our code asks them, and how they refuse."""

from __future__ import annotations


class ComError(Exception):
    """What Excel's refusals look like on Windows."""


ComError.__name__ = "com_error"


class Api:
    """The native object, as far as our code asks it: whether something is protected, and its full name."""

    def __init__(self, **told: object) -> None:
        self.__dict__.update(told)
