"""Formulas between the two programs: Excel's A1 with commas outside, Calc's own parser inside."""

from __future__ import annotations

import re

FORMULAS = 16  # com.sun.star.sheet.CellFlags
_EXCEL_A1 = 1  # com.sun.star.sheet.AddressConvention


_ALIKE = re.compile(r"=[A-Z0-9_():;$+*/<>=, -]*")


def is_alike(formula: str) -> bool:
    """Whether a formula as Calc keeps it differs from Excel's by the signs between arguments at most.

    A text, a sheet, a table, an error or a fraction may be written otherwise; the parser knows those, one by one.
    """
    return bool(_ALIKE.fullmatch(formula))


def separated(formula: str, old: str, new: str) -> str:
    """Return a formula with other signs between arguments: the parser knows English with semicolons alone."""
    parts = re.split(r"""("[^"]*"|'[^']*')""", formula)
    return "".join(part if at % 2 else part.replace(old, new) for at, part in enumerate(parts))


def parser_of(document: object) -> object:
    parser = document.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish = True
    parser.FormulaConvention = _EXCEL_A1
    return parser
