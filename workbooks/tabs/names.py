"""What the engine's own sheets and tables are called, in the order in which they stand.

Owns: logical names. What a sheet is called in a book that people have edited is the writer's affair.
"""

from __future__ import annotations

SUMMARY = "Summary"
CASCADE = "Cascade"
ORG_TARGETS = "Org Targets"
QUEUE_TARGETS = "Queue Targets"
TARGET_CHECK = "Target Check"
CAPACITY_USE = "Capacity Use"
DIAGNOSTICS = "Diagnostics"
RUN_LOG = "Run Log"
REVIEW = "Review"
VARIANCE = "Variance"
AGREED = "Agreed"
CONTROL = "Control"
RESPONSES = "Responses"
CHANGES = "Changes"
SCENARIO_COMPARE = "Scenario Compare"
SIGN_OFF_STATUS = "Sign Off Status"
RUN_RATE = "Run Rate"

OWN_SHEETS = (
    SUMMARY,
    CASCADE,
    ORG_TARGETS,
    QUEUE_TARGETS,
    TARGET_CHECK,
    CAPACITY_USE,
    DIAGNOSTICS,
    RUN_LOG,
)
"""Logical names of the sheets that a cascade writes, in order; the others have commands of their own."""


def prefixed(prefix: str, sheet: str) -> str:
    """Return what a new sheet of ours is called, given the setting Output prefix."""
    return f"{prefix} {sheet}" if prefix else sheet


def table_name(sheet: str) -> str:
    """Return the name of a sheet's table: ``OrgTargets`` for ``Org Targets``."""
    return sheet.replace(" ", "")
