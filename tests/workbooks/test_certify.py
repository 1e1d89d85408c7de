"""``targets certify``: a book is believed as far as its numbers hold when checked anew and solved by somebody else."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from engine.whatif.asking import Asking
from solver.program import SolverFailedError
from tests.command import targets
from tests.rate_books import rated
from tests.workbooks.books import SMALL, book, book_of
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
    was = sheet.cell(top + 1, 5).value
    sheet.cell(top + 1, 5).value += 50
    cheated.save(path)
    done = targets("certify", str(path))
    assert done.returncode == 3
    assert "DOES NOT HOLD" in done.stdout
    assert f"TYPED OVER     'Cascade'!E{top + 1}: " in done.stdout
    assert f": now {was + 50:,.12g}, was {was:,.12g} (+50)" in done.stdout


@pytest.mark.filterwarnings("ignore")  # the library that plays the planner warns of what it drops
def test_a_book_whose_inputs_changed_since_is_no_difference_but_another_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(written(TIGHT))
    retyped = openpyxl.load_workbook(path)
    retyped["Capacity"]["B2"] = 2.0
    retyped.save(path)
    done = targets("certify", str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "its inputs changed since the last cascade" in done.stderr
    quiet = targets("certify", str(path), "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (1, "", "")


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


RATED = rated(
    ("Accuracy", None, None, None, "at least", 0.97), ("Accuracy", "Team A", None, None, None, 0.985, None, 2)
)


@pytest.mark.filterwarnings("ignore")  # the library that plays the cheat warns of what it drops
def test_rates_are_certified_from_what_is_written_too(tmp_path: Path) -> None:
    data = cascade(book_of(RATED), RunOptions(asking=Asking.NONE)).data or b""
    opinion = second_opinion(data, read_plan(data), "cbc")
    assert opinion.holds, opinion
    assert "each rate target's achieved value" in {proof.what for proof in opinion.proofs}
    cheated = openpyxl.load_workbook(io.BytesIO(data))
    sheet = cheated["Cascade"]
    row = next(each for each in sheet.iter_rows() if each[0].value == "Accuracy")
    row[4].value -= 0.01
    path = tmp_path / "plan.xlsx"
    cheated.save(path)
    done = targets("certify", str(path))
    assert done.returncode == 3
    assert "DOES NOT HOLD  each rate target's achieved value" in done.stdout


@pytest.mark.filterwarnings("ignore")  # the library that plays the cheat warns of what it drops
def test_a_miss_that_somebody_emptied_is_a_difference(tmp_path: Path) -> None:
    cheated = openpyxl.load_workbook(io.BytesIO(written(TIGHT)))
    sheet = cheated["Target Check"]
    headers = [cell.value for cell in sheet[4]]
    sheet.cell(5, headers.index("Shortfall") + 1).value = None
    path = tmp_path / "plan.xlsx"
    cheated.save(path)
    opinion = second_opinion(path.read_bytes(), read_plan(path.read_bytes()), "cbc")
    assert not opinion.holds
    assert "the workbook says" in opinion.differences[0]
