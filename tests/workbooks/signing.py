"""A small plan that keeps a version, with rows of SignOff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.run import RunOptions, cascade
from workbooks.seal_run import seal
from workbooks.version_run import save_version

HEADERS = ("Node", "Version", "Status", "By", "At", "Comment")
KEPT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = datetime(2026, 3, 2)


def at(now: datetime = KEPT) -> RunOptions:
    """Return how a run is made at a time."""
    return RunOptions(by="Aoife", command="targets", now=lambda: now)


@cache
def kept(*rows: Sequence[object], status: str = "proposed") -> bytes:
    """Return a cascaded plan of Site over A and B that keeps version 1, with rows of SignOff."""
    tables = {**PLAN, "SignOff": [HEADERS, *[(*row, *[None] * (6 - len(row))) for row in rows]]} if rows else PLAN
    run = cascade(book(tables), at())
    assert run.data is not None, run.issues
    done = save_version(run.data, "1", status, at())
    assert done.data is not None, done.issues
    return done.data


def sealed_and_changed() -> bytes:
    """Return the same plan sealed, and another target asked of it since."""
    done = seal(kept(), "2", at())
    assert done.data is not None, done.issues
    work = opened(done.data)
    work["Targets"]["D2"] = 433
    return as_saved(work)


def sealed_twice() -> bytes:
    """Return the same plan after the change, cascaded and sealed again as version 3."""
    run = cascade(sealed_and_changed(), at())
    done = seal(run.data or b"", "3", at())
    assert done.data is not None, done.issues
    return done.data
