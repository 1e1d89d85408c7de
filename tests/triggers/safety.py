"""TC66: workbooks that cannot be kept whole, and people's own things around the engine's sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection

from engine.issues import Issue
from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.package.compose import ComposeOptions, compose
from workbooks.read.door import refuse
from workbooks.tabs.model import Column, Sheet, Table


def table_sheet(*names: str) -> Sheet:
    """Return a sheet of ours with a record for each name."""
    columns = [Column("Org", list(names)), Column("Target", np.arange(1.0, len(names) + 1))]
    return Sheet("Cascade", Table("Cascade", 4, 1, columns))


def edited_again(change: Callable[[openpyxl.Workbook], object], *names: str) -> Sequence[Issue]:
    """Return the issues of a second write, after somebody changed the book."""
    first = compose(book(PLAN), [table_sheet("A", "B")], ComposeOptions()).data
    edited = opened(first or b"")
    change(edited)
    return compose(as_saved(edited), [table_sheet(*names)], ComposeOptions()).issues


def _with_total_row(edited: openpyxl.Workbook) -> None:
    table = edited["Cascade"].tables["Cascade"]
    table.ref, table.totalsRowCount = "A4:B7", 1
    edited["Cascade"]["A7"] = "Total"


def _named(edited: openpyxl.Workbook) -> None:
    edited.defined_names["Best"] = DefinedName("Best", attr_text="Cascade!$B$6")


def _protected() -> Sequence[Issue]:
    edited = opened(book(PLAN))
    edited.security = WorkbookProtection(lockStructure=True)
    return compose(as_saved(edited), [table_sheet("A")], ComposeOptions()).issues


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC660": lambda: [refuse(b"\xd0\xcf\x11\xe0" + b"\0" * 600)],
    "TC661": lambda: edited_again(_with_total_row, "A", "B", "C"),
    "TC662": lambda: edited_again(_named, "0", "A", "B"),
    "TC663": _protected,
}
