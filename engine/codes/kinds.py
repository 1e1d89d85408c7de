"""What a kind of issue is."""

from __future__ import annotations

from engine.issues import Severity
from solver.frozen import frozen

STOP, CONFLICT, NOTE = Severity.STOP, Severity.CONFLICT, Severity.NOTE


@frozen
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
