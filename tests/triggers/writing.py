"""TC6: books that the engine's sheets cannot be put into, and files that cannot be saved."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.issues import Issue
from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, changed, opened, replaced
from workbooks.package.compose import ComposeOptions, TypedOver, compose
from workbooks.package.save import load, save, write_new
from workbooks.run import RunOptions, cascade
from workbooks.tabs.model import Column, Sheet, Table

LIMITS = [("Metric", "Org", "Queue", "Period", "Hold", "Owner", "Reason"), ("Reviews", "B", "Spam", "Feb", 90.0)]
SHEET = Sheet("Cascade", Table("Cascade", 4, 1, [Column("Org", ["A", "B"]), Column("Target", np.array([1.0, 2.0]))]))


def _compose(data: bytes, sheet: Sheet = SHEET, options: ComposeOptions | None = None) -> Sequence[Issue]:
    return compose(data, [sheet], options or ComposeOptions()).issues


def _edited(change: Callable[[object], None], options: RunOptions | None = None) -> Sequence[Issue]:
    """Return the issues of a second run after somebody changed the sheet Cascade and saved."""
    first = cascade(book(PLAN)).data
    assert first is not None
    edited = opened(first)
    change(edited["Cascade"])
    return cascade(as_saved(edited), options or RunOptions()).issues


def _type_over(sheet: object) -> None:
    sheet["E5"] = 123456


def _move_table(sheet: object) -> None:
    table = sheet.tables["Cascade"]
    first, _, last = table.ref.partition(":")
    table.ref = f"{first[0]}{int(first[1:]) + 1}:{last}"


def _grown() -> Sequence[Issue]:
    """Return the issues of a run whose result grows over a cell that somebody filled below it."""
    composed = compose(book(PLAN), [SHEET], ComposeOptions()).data
    edited = opened(composed or b"")
    edited["Cascade"]["A8"] = "mine"
    larger = Table("Cascade", 4, 1, [Column("Org", list("ABCDE")), Column("Target", np.arange(5.0))])
    return _compose(as_saved(edited), Sheet("Cascade", larger))


def _kept(change: Callable[[object], None]) -> Sequence[Issue]:
    """Return the issues of a run that keeps a typed-over number, in a book that somebody else changed besides."""
    first = cascade(book({**PLAN, "Limits": LIMITS})).data
    assert first is not None
    edited = opened(first)
    _type_over(edited["Cascade"])
    change(edited)
    return cascade(as_saved(edited), RunOptions(typed_over=TypedOver.KEEP, by="Aoife")).issues


def _no_room(edited: object) -> None:
    edited["Limits"]["A3"] = "a remark below the table"


def _no_limits(edited: object) -> None:
    del edited["Limits"]


def _signed() -> bytes:
    relation = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/package/2006/relationships/'
        b'digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    )
    return changed(
        book(PLAN), {"_rels/.rels": replaced(b"</Relationships>", relation), "_xmlsignatures/origin.sigs": b""}
    )


def _shared() -> bytes:
    relation = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'revisionHeaders" Target="revisions/revisionHeaders.xml"/></Relationships>'
    )
    part = {"xl/revisions/revisionHeaders.xml": b"<headers/>"}
    return changed(book(PLAN), {"xl/_rels/workbook.xml.rels": replaced(b"</Relationships>", relation), **part})


@contextmanager
def _file(data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        path.write_bytes(data)
        yield path


def _missing() -> Sequence[Issue]:
    with _file(b"") as path:
        return load(path.with_name("other.xlsx")).issues


def _folder() -> Sequence[Issue]:
    with _file(b"") as path:
        return load(path.parent).issues


def _open_elsewhere() -> Sequence[Issue]:
    with _file(book(PLAN)) as path:
        path.with_name(".~lock.plan.xlsx#").write_text(",Aoife,laptop,2026-01-05;", encoding="utf-8")
        return load(path).issues


def _two_runs() -> Sequence[Issue]:
    from filelock import FileLock

    with _file(book(PLAN)) as path:
        opened = load(path)
        with FileLock(path.with_name(".plan.xlsx.target-cascade.lock")):
            return save(opened, b"other")


def _changed_meanwhile() -> Sequence[Issue]:
    with _file(book(PLAN)) as path:
        opened = load(path)
        path.write_bytes(b"somebody else's")
        return save(opened, book({**PLAN, "Mine": [("Note",)]}))


def _damaged() -> Sequence[Issue]:
    with _file(book(PLAN)) as path:
        return save(load(path), b"no package")


def _exists() -> Sequence[Issue]:
    with _file(book(PLAN)) as path:
        return write_new(path, book(PLAN))


_HUGE = Table("Cascade", 1_048_570, 1, [Column("Org", ["A"] * 10)])

TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC601": lambda: _compose(b"no package"),
    "TC602": lambda: _compose(_signed()),
    "TC603": lambda: _compose(_shared()),
    "TC604": lambda: _compose(book({**PLAN, "Cascade": [("mine",), (1,)]}, as_tables=False)),
    "TC605": lambda: _compose(
        book(PLAN), Sheet("Cascade", replace(SHEET.table, name="Targets") if SHEET.table else None)
    ),
    "TC606": lambda: _edited(_type_over),
    "TC607": _grown,
    "TC608": lambda: _edited(_move_table),
    "TC609": lambda: _compose(book(PLAN), Sheet("Cascade", _HUGE)),
    "TC610": lambda: _compose(book(PLAN), SHEET, ComposeOptions(prefix="a long prefix of many letters ")),
    "TC611": lambda: _edited(_type_over, RunOptions(typed_over=TypedOver.DISCARD)),
    "TC612": lambda: _kept(_no_room),
    "TC613": lambda: _kept(_no_limits),
    "TC614": lambda: _kept(lambda book: book["Cascade"].__setitem__("B5", "Team X")),
    "TC615": lambda: _kept(lambda book: None),
    "TC650": _missing,
    "TC651": _folder,
    "TC652": _open_elsewhere,
    "TC653": _two_runs,
    "TC654": _changed_meanwhile,
    "TC655": _damaged,
    "TC656": _exists,
}
