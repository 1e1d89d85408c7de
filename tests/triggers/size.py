"""TC556–TC557, TC232: leaf rows that stand beside the workbook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from engine.issues import Issue
from tests.triggers.planning import PLAN
from tests.workbooks.books import book
from workbooks.run import RunOptions, cascade
from workbooks.seal_run import seal


def _beside(form: str) -> Sequence[Issue]:
    settings = [("Setting", "Value"), ("Leaf rows", form)]
    return cascade(book({**PLAN, "Settings": settings}), RunOptions(book="plan")).issues


def _without_pyarrow() -> Sequence[Issue]:
    """Return the issues of a run where the package is not installed."""
    there = {name: sys.modules[name] for name in ("pyarrow",) if name in sys.modules}
    sys.modules["pyarrow"] = None  # type: ignore[assignment]  # how Python marks what cannot be imported
    try:
        return _beside("parquet")
    finally:
        del sys.modules["pyarrow"]
        sys.modules.update(there)


def _sealed_elsewhere() -> Sequence[Issue]:
    """Return the issues of sealing a book whose leaf rows were left behind."""
    settings = [("Setting", "Value"), ("Leaf rows", "csv")]
    data = cascade(book({**PLAN, "Settings": settings}), RunOptions(book="plan")).data
    assert data is not None
    return seal(data).issues


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC556": lambda: _beside("csv"),
    "TC557": _without_pyarrow,
    "TC232": _sealed_elsewhere,
}
