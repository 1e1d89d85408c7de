"""Every code an issue can carry, with what was expected and how to mend it: the one list.

Owns: the wording that does not depend on the case at hand.
The reference page and the tests derive from it; a test holds the codes, their samples and the page equal.

Ranges: TC1 reading the book · TC2 values in cells · TC3 trees and references · TC4 arithmetic conflicts ·
TC5 defaults and surprises · TC6 writing · TC7 results · TC8 achievement · TC85 macros and open workbooks ·
TC9 the planning cycle and night batch.
"""

from __future__ import annotations

from engine.codes.achievement import ACHIEVEMENT
from engine.codes.assumed import ASSUMED
from engine.codes.building import BUILDING
from engine.codes.checking import CHECKING
from engine.codes.choosing import CHOOSING
from engine.codes.cycle import CYCLE
from engine.codes.flows import FLOWS
from engine.codes.importing import IMPORTING
from engine.codes.kinds import Code
from engine.codes.macros import MACROS
from engine.codes.reading import READING
from engine.codes.safety import SAFETY
from engine.codes.saving import SAVING
from engine.codes.sign_off import SIGN_OFF
from engine.codes.solving import SOLVING
from engine.codes.writing import WRITING
from engine.issues import NOWHERE, Issue, Place

CODES: dict[str, Code] = {
    kind.id: kind
    for kind in (
        *READING,
        *BUILDING,
        *FLOWS,
        *CHOOSING,
        *IMPORTING,
        *CHECKING,
        *ASSUMED,
        *WRITING,
        *SAVING,
        *SAFETY,
        *SOLVING,
        *ACHIEVEMENT,
        *MACROS,
        *CYCLE,
        *SIGN_OFF,
    )
}

__all__ = ["CODES", "Code", "issue"]


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
