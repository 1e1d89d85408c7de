"""What a version may be called.

Owns: names that could not be told from others, or from the workbook as it stands.
"""

from __future__ import annotations

from engine.codes import issue
from engine.issues import NOWHERE, Issue

NOW = "now"
"""What the workbook as it stands is called where versions are compared."""

_LONGEST = 60
"""Letters of a name; lists of versions stand in a terminal and in a column."""


def wrong_name(name: str) -> tuple[Issue, ...]:
    """Return what keeps a version from being called so."""
    if name.casefold() == NOW:
        return (issue("TC998", NOWHERE, f"{name}: where versions are compared, the workbook as it stands"),)
    if len(name) > _LONGEST:
        return (issue("TC998", NOWHERE, f"{name[:20]}…: {len(name)} letters"),)
    return ()
