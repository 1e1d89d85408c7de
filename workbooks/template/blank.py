"""The workbook that ``targets init`` makes without a sample: a small complete plan to be overwritten.

Owns: that a template is never empty: what a person overwrites has a meaning and cascades as it stands.
"""

from __future__ import annotations

from workbooks.template.example import example_options, example_tables
from workbooks.template.write import new_workbook


def blank_workbook() -> bytes:
    """Return the template as an .xlsx file."""
    return new_workbook(example_tables(), example_options())
