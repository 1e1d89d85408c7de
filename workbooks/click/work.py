"""What a verb gets and gives.

Owns: the hand-over between a click and what it does.
"""

from __future__ import annotations

from collections.abc import Callable

from solver.frozen import frozen
from workbooks.click.answer import Answer
from workbooks.click.request import Request


@frozen
class Clicked:
    """What a verb came to.

    data : the workbook as it should stand now; equal bytes change nothing
    is_restoration : the data hold nothing but our sheets as they were
    """

    data: bytes
    answer: Answer
    is_restoration: bool = False


@frozen
class By:
    """Who clicked, for the Run Log and for rows of Limits."""

    name: str


Verb = Callable[[bytes, Request, By], Clicked]
