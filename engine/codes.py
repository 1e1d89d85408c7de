"""Every code an issue can carry, with what was expected and how to mend it: the one list.

Owns: the wording that does not depend on the case at hand.
The reference page and the tests derive from it; a test holds the codes, their samples and the page equal.

Ranges: TC1 reading the book · TC2 values in cells · TC3 trees and references · TC4 arithmetic conflicts ·
TC5 defaults and surprises · TC6 writing · TC7 results.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.issues import NOWHERE, Issue, Place, Severity

STOP, CONFLICT, NOTE = Severity.STOP, Severity.CONFLICT, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem.

    title : what it is, for the reference page
    expected, mend : default texts of an issue of this kind; a case may put its own
    """

    id: str
    severity: Severity
    title: str
    expected: str
    mend: str


def issue(
    code: str,
    place: Place = NOWHERE,
    found: str = "",
    *,
    expected: str = "",
    mend: str = "",
    amount: float | None = None,
    unit: str = "",
) -> Issue:
    """Return an issue of a kind, with the catalogue's texts where the case brings none."""
    kind = CODES[code]
    return Issue(code, kind.severity, place, found, expected or kind.expected, mend or kind.mend, amount, unit)


CODES: dict[str, Code] = {}


def _define(*kinds: Code) -> None:
    for kind in kinds:
        if kind.id in CODES:
            raise ValueError(f"{kind.id} is defined twice")
        CODES[kind.id] = kind
