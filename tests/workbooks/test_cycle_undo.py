"""What the commands of the cycle do to a workbook is undone as one step, to the byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.outcome import ExitStatus
from engine.spreading.methods import Asked, Method
from tests.workbooks.packs.plans import OPTIONS, answered, was_split
from workbooks import states
from workbooks.collect_run import collect
from workbooks.load.load_table import LoadOptions, load_table
from workbooks.load.sources import Source
from workbooks.package.edit_table import change_cells
from workbooks.reforecast_run import Wanted as Again
from workbooks.reforecast_run import reforecast_book
from workbooks.run_file import Change, change_file
from workbooks.seal_run import seal
from workbooks.sign_run import Word, sign
from workbooks.spread_run import Wanted, spread_targets
from workbooks.undo import undo_file
from workbooks.version_run import VersionRun, restore_version, save_version

ACTUALS = Source(
    "actuals.csv",
    ("Metric", "Org", "Queue", "Period", "Value"),
    tuple(np.array([value], dtype=object) for value in ("Reviews", "Alfama", "Spam", "Jan", 3000.0)),
    np.array([2]),
)


def _loaded(data: bytes) -> bytes:
    done = load_table(data, "Actuals", ACTUALS, LoadOptions())
    assert done.data is not None, done.issues
    return done.data


def _restored(data: bytes) -> Change:
    kept = save_version(data, "draft", "draft", OPTIONS).data or b""
    return restore_version(change_cells(kept, {"Capacity": {(2, 2): 1.0}}), "draft")


def _taken(data: bytes) -> Change:
    counter = answered("Dublin", {("Dublin", "Q1"): ("counter", 31_000, "two leave", "Boss")})
    return collect(data, [(Path("Dublin.xlsx"), counter)], OPTIONS, is_reconciled=False, taken=("all",))


CHANGES: dict[str, Callable[[bytes], Change]] = {
    "spread": lambda data: spread_targets(data, Wanted(Asked(Method.EQUAL, 200_000), "Site")),
    "load": lambda data: VersionRun(ExitStatus.DONE, (), _loaded(data)),
    "restore": _restored,
    "collect": _taken,
    "sign": lambda data: sign(data, [Word(["Dublin"], "agreed")], OPTIONS),
    "seal": lambda data: seal(data, "2", OPTIONS),
    "reforecast": lambda data: reforecast_book(_loaded(data), Again(), OPTIONS),
}


@pytest.mark.parametrize("command", CHANGES)
def test_a_step_of_the_cycle_is_undone_to_the_byte(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(states.VARIABLE, str(tmp_path / "states"))
    path = tmp_path / "plan.xlsx"
    before = was_split().data or b""
    path.write_bytes(before)
    done = change_file(path, CHANGES[command])
    assert done.is_written, done.issues
    assert path.read_bytes() != before
    undone = undo_file(path)
    assert undone.is_whole
    assert path.read_bytes() == before
