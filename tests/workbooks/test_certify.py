"""``targets certify``: a book is believed as far as its numbers hold when checked anew and solved by somebody else."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from engine.whatif.asking import Asking
from solver.program import SolverFailedError
from tests.command import targets
from tests.workbooks.books import SMALL, book
from workbooks import certify as certifying
from workbooks.certify import NothingWrittenError, second_opinion
from workbooks.run import RunOptions, cascade, read_plan

TIGHT = {**SMALL, "Capacity": [("Org", "Hours"), ("Team A", 1.0), ("Team B", 1.0), ("Lisbon", 1.0)]}
CROSSED = {
    **TIGHT,
    "Limits": [("Metric", "Org", "Queue", "Period", "Min"), ("Reviews", "Team A", "Hate", "2026-01", 900)],
}


def written(tables: dict) -> bytes:
    data = cascade(book(tables), RunOptions(asking=Asking.NONE)).data
    assert data is not None
    return data


@pytest.mark.parametrize("tables", [SMALL, TIGHT, CROSSED], ids=["met", "short", "contradicting"])
def test_what_the_engine_wrote_holds_and_both_solvers_miss_the_same(tables: dict) -> None:
    data = written(tables)
    opinion = second_opinion(data, read_plan(data), "cbc")
    assert [proof for proof in opinion.proofs if not proof.holds] == []
    assert opinion.differences == ()
    assert opinion.second == "CBC"
    assert opinion.compared == 1


@pytest.mark.filterwarnings("ignore")  # the library that plays the cheat warns of what it drops
def test_a_number_changed_in_the_book_is_found(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(written(TIGHT))
    cheated = openpyxl.load_workbook(path)
    sheet = cheated["Cascade"]
    top = next(row for row in range(1, 12) if sheet.cell(row, 5).value == "Target")
    sheet.cell(top + 1, 5).value += 50
    cheated.save(path)
    done = targets("certify", str(path))
    assert done.returncode == 3
    assert "DOES NOT HOLD" in done.stdout


def test_a_book_without_results_is_told_to_cascade_first() -> None:
    data = book(SMALL)
    with pytest.raises(NothingWrittenError, match="cascade first"):
        second_opinion(data, read_plan(data), "cbc")


def test_a_solver_that_dies_is_said_so_and_counts_as_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(TIGHT)
    plain = certifying.judge

    def dying(plan):
        if plan.settings.solver == "cbc":
            raise SolverFailedError("killed")
        return plain(plan)

    monkeypatch.setattr(certifying, "judge", dying)
    opinion = second_opinion(data, read_plan(data), "cbc")
    assert not opinion.holds
    assert opinion.differences == ("CBC gave no answer: killed",)
