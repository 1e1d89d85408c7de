"""Every formula of our sheets, evaluated by somebody else's calculation engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import ironcalc

from tests.workbooks.tabs.rendering import cells_of, render
from workbooks.addresses import cell_name
from workbooks.tabs.model import Sheet


def recalculated(sheets: Sequence[Sheet], path: Path) -> Iterator[tuple[str, str, object, object]]:
    """Yield (cell, formula, cached value, value when recalculated) of every formula."""
    render(sheets, path)
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    for at, sheet in enumerate(sheets):
        for row, column, value, formula, _ in cells_of(sheet):
            if formula:
                yield f"{sheet.name}!{cell_name(row, column)}", formula, value, model.get_cell_value(at, row, column)
