"""The field table: every column of every input table, as data.

Owns: names, types, units, defaults, bounds, choices and descriptions of input columns.
The template, the reader, the checks, the error texts and the reference page derive from it: a column exists here only.
"""

from __future__ import annotations

from engine.fields.asked import ASKED, SIGN_OFF_STATUSES
from engine.fields.kinds import Field, Setting, Table, Type, normalise_header
from engine.fields.settings import SETTINGS
from engine.fields.structure import STRUCTURE
from engine.fields.work import WORK

__all__ = [
    "RESERVED", "SETTINGS", "SIGN_OFF_STATUSES", "TABLE", "TABLES", "Field", "Setting", "Table", "Type",
    "normalise_header",
]  # fmt: skip

TABLES: tuple[Table, ...] = (*STRUCTURE, *WORK, *ASKED)

TABLE: dict[str, Table] = {table.name: table for table in TABLES}

RESERVED = (
    "Responses",
    "Methods",
    "Experiments",
    "Headcount",
)
"""Names of input tables that later parts will read; until then a filled one is named and left alone."""
