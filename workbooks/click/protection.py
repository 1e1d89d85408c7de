"""What stands protected in the way of a click.

Owns: which changes a protected sheet, or a protected workbook, would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place
from workbooks.click.delivery import Age, Delivered


def refusals(
    delivered: Sequence[Delivered], is_protected: Callable[[str], bool], is_structure_protected: Callable[[], bool]
) -> list[Issue]:
    """Return the sheets that must be written to, but are protected."""
    found = [
        issue("TC855", Place(sheet=each.name), each.name)
        for each in delivered
        if each.age is not Age.NEW and is_protected(each.name)
    ]
    if any(each.age in (Age.NEW, Age.GONE) for each in delivered) and is_structure_protected():
        found.append(issue("TC855", NOWHERE, "the structure of the workbook"))
    return found
