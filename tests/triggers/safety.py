"""TC66: workbooks that cannot be kept whole, and people's own things around the engine's sheets."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import numpy as np
import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection

from engine.issues import Issue
from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.package.compose import ComposeOptions, compose
from workbooks.package.save import write_new
from workbooks.read.door import refuse
from workbooks.states import VARIABLE, keep_state
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.undo import undo_file


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


def _saved_in(folder: str, states: str, data: bytes, change: Callable[[openpyxl.Workbook], object]) -> Sequence[Issue]:
    """Return the issues of undoing a run on a book that somebody changed since."""
    with patch.dict("os.environ", {VARIABLE: states}):
        path = Path(folder) / "plan.xlsx"
        written = compose(data, [table_sheet("A", "B")], ComposeOptions()).data or b""
        told = keep_state(path, data, sha256(written).hexdigest())
        edited = opened(written)
        change(edited)
        path.write_bytes(as_saved(edited))
        return [told] if isinstance(told, Issue) else undo_file(path).issues


def _undone(data: bytes) -> Sequence[Issue]:
    with tempfile.TemporaryDirectory() as folder:
        return _saved_in(folder, f"{folder}/states", data, lambda edited: None)


def _no_room() -> Sequence[Issue]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "states").touch()
        return _saved_in(folder, f"{folder}/states", book(PLAN), lambda edited: None)


def _never_run() -> Sequence[Issue]:
    with tempfile.TemporaryDirectory() as folder, patch.dict("os.environ", {VARIABLE: f"{folder}/states"}):
        path = Path(folder) / "plan.xlsx"
        path.write_bytes(book(PLAN))
        return undo_file(path).issues


def _unconfirmed() -> Sequence[Issue]:
    """Return the issues of a save in a folder that is not written through to its disk."""

    def sync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")

    with tempfile.TemporaryDirectory() as folder, patch("os.fsync", sync):
        return write_new(Path(folder) / "plan.xlsx", book(PLAN))


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC660": lambda: [refuse(b"\xd0\xcf\x11\xe0" + b"\0" * 600)],
    "TC661": lambda: edited_again(_with_total_row, "A", "B", "C"),
    "TC662": lambda: edited_again(_named, "0", "A", "B"),
    "TC663": _protected,
    "TC664": _unconfirmed,
    "TC665": _no_room,
    "TC666": _never_run,
    "TC667": lambda: _undone(book(PLAN)),
    "TC668": lambda: _undone(compose(book(PLAN), [table_sheet("A", "B")], ComposeOptions()).data or b""),
}
