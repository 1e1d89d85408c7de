"""Who has signed what, in a workbook: versions it keeps beside rows of SignOff, and the sheet that shows both.

Owns: when that sheet is written: as soon as there are rows of SignOff, and for as long as it is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.cycle.sign_off import KeptVersion, Standing, sign_off_findings, standings
from engine.issues import Issue
from engine.plan import Plan
from workbooks.package.ownership import Own
from workbooks.tabs.model import Sheet
from workbooks.tabs.names import SIGN_OFF_STATUS
from workbooks.tabs.sign_off import sign_off_sheet
from workbooks.versions.store import read_outlines, read_versions


def kept_versions(data: bytes) -> tuple[KeptVersion, ...]:
    """Return the versions that a workbook keeps, oldest first."""
    return tuple(
        KeptVersion(each.name, each.status, each.by, each.at, (each.fingerprint, each.target_fingerprint))
        for each in read_versions(data).versions
    )


def standings_now(data: bytes, plan: Plan) -> tuple[Standing, ...]:
    """Return how far each version is that a workbook keeps or people have signed, the newest first."""
    kept = [KeptVersion(each.name, each.status, each.by, each.at) for each in read_outlines(data)]
    return standings(plan, kept)


def sign_off_issues(data: bytes, plan: Plan) -> tuple[Issue, ...]:
    """Return what is surprising about the rows of SignOff; versions are looked at only where there are any."""
    return sign_off_findings(plan, kept_versions(data)) if plan.signed else ()


def sign_off_sheets(plan: Plan, own: Own, signed: Sequence[Standing]) -> tuple[Sheet, ...]:
    """Return the sheet that shows who has signed what; nothing where nobody has."""
    if not plan.signed and SIGN_OFF_STATUS not in own.sheets:
        return ()
    return (sign_off_sheet(plan, signed),)
