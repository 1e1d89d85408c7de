"""TC260 and TC261: a solver that is not there, and one that does not solve."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from engine.issues import Issue
from tests.workbooks.books import small_book
from workbooks.run import read_plan

_BROKEN = "#!/bin/sh\necho 'no licence found'\nexit 1\n"


def _chosen(name: str) -> Sequence[Issue]:
    return read_plan(small_book(Settings=[("Setting", "Value"), ("Solver", name)])).issues


def _with_path(folder: str) -> Sequence[Issue]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", folder)
        return _chosen("cplex")


def _not_there() -> Sequence[Issue]:
    with tempfile.TemporaryDirectory() as empty:
        return _with_path(empty)


def _without_licence() -> Sequence[Issue]:
    """A CPLEX that starts and gives up, as one without a licence does."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "cplex"
        program.write_text(_BROKEN, encoding="utf-8")
        program.chmod(0o755)
        return _with_path(f"{folder}{os.pathsep}{os.environ['PATH']}")


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {"TC260": _not_there, "TC261": _without_licence}
