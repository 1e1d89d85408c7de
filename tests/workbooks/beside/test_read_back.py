"""Commands on a book whose leaf rows stand beside it do what they do on one that holds them all."""

import pytest

from engine.spreading.methods import Asked as How
from engine.spreading.methods import Method
from tests.workbooks.beside.test_leaf_rows import listed, plan_book
from tests.workbooks.books import as_saved, opened
from workbooks.beside import read_back
from workbooks.beside.read_back import lying_at
from workbooks.certify import NothingWrittenError, second_opinion
from workbooks.explain import Asked, explain
from workbooks.package.ownership import find_own
from workbooks.reforecast_run import Wanted, reforecast_book
from workbooks.result_rows import read_cascade
from workbooks.run import RunOptions, read_plan
from workbooks.run_file import FileOptions, cascade_file, change_file
from workbooks.seal_run import seal
from workbooks.split_run import split
from workbooks.spread_run import Wanted as Spread
from workbooks.spread_run import spread_targets
from workbooks.variance_run import review

FORMS = ("parquet", "csv")

ACTUALS = {
    "Actuals": [("Metric", "Org", "Queue", "Period", "Value"), ("Reviews", "Dublin A", "Hate", "2026-01", 55),
                ("Reviews", "Lisbon B", "Spam", "2026-01", 80)],
}  # fmt: skip


def cascaded(folder, form, **tables):
    """Return a cascaded book with its leaf rows in a form."""
    file = folder / f"{form}.xlsx"
    file.write_bytes(plan_book(form, **tables))
    assert cascade_file(file, FileOptions(RunOptions())).is_written
    return file


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    return {form: cascaded(folder, form) for form in ("book", *FORMS)}


def told(file, ask):
    with lying_at(file):
        return ask(file.read_bytes())


def rows_of(file):
    found = told(file, lambda data: read_cascade(data, find_own(data)))
    keys = zip(found.metric, found.org, found.queue, found.period, strict=True)
    return dict(zip(keys, found.value.tolist(), strict=True))


@pytest.mark.parametrize("form", FORMS)
def test_the_rows_read_back_are_those_of_the_sheet(books, form):
    assert len(rows_of(books["book"])) > 50
    assert rows_of(books[form]) == pytest.approx(rows_of(books["book"]), rel=1e-14, nan_ok=True)


def test_what_is_sealed_is_the_same(books):
    sealed = {}
    for each in ("book", "parquet"):
        data = told(books[each], seal).data
        sheet = opened(data, data_only=True)["Agreed"]
        sealed[each] = [row[:5] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert sealed["book"] == sealed["parquet"]


def test_certify_explain_spread_and_split_answer_as_if_all_rows_stood_in_the_book(books):
    def opinion(data):
        return second_opinion(data, read_plan(data), "cbc")

    def explained(data):
        return explain(data, read_plan(data), Asked("Reviews", "Dublin", None, "2026-01"))

    def spread(data):
        wanted = Spread(How(Method.PROPORTIONAL, total=900), "Team", queue="Hate", metric="Reviews")
        return spread_targets(data, wanted).rows

    def packs(data):
        made = split(data, "Site").packs
        return {site: opened(pack, data_only=True).sheetnames for site, pack in made.items()}

    for ask in (explained, spread, packs):
        here, there = told(books["book"], ask), told(books["csv"], ask)
        assert here == there, ask
    assert told(books["csv"], explained).is_written
    here, there = told(books["book"], opinion), told(books["csv"], opinion)
    assert there.holds
    assert [each.what for each in here.proofs] == [each.what for each in there.proofs]
    # a file of text may hold other last digits than a sheet
    assert [each.worst for each in here.proofs] == pytest.approx([each.worst for each in there.proofs], abs=1e-13)


def test_a_review_reads_them_instead_of_solving_again(tmp_path, monkeypatch):
    file = cascaded(tmp_path, "parquet", **ACTUALS, Periods=DATED)
    monkeypatch.setattr("workbooks.variance_run.recompute", lambda plan: pytest.fail("solved again"))
    assert told(file, lambda data: review(data, RunOptions())).table is not None


DATED = [("Period", "Parent", "Level", "Start", "End"), ("2026Q1", None, "Quarter", None, None),
         ("2026-01", "2026Q1", "Month", "2026-01-01", "2026-01-31"),
         ("2026-02", "2026Q1", "Month", "2026-02-01", "2026-02-28")]  # fmt: skip


def test_a_reforecast_leaves_its_leaf_rows_beside_the_book_too(tmp_path):
    file = cascaded(tmp_path, "csv", **ACTUALS, Periods=DATED)
    before = rows_of(file)
    options = RunOptions(book=file.stem)
    done = change_file(file, lambda data: reforecast_book(data, Wanted(), options))
    assert done.is_written, done.issues
    now = rows_of(file)
    assert set(now) == set(before)
    assert now[("Reviews", "Dublin A", "Hate", "2026-01")] == 55


@pytest.mark.parametrize("form", FORMS)
def test_a_book_and_its_file_may_be_renamed_together(books, tmp_path, form):
    (beside,) = [each for each in listed(books[form]) if each.stem.startswith(f"{form}.")]
    moved = tmp_path / "moved.xlsx"
    moved.write_bytes(books[form].read_bytes())
    (tmp_path / beside.name.replace(f"{form}.", "moved.", 1)).write_bytes(beside.read_bytes())
    assert rows_of(moved) == pytest.approx(rows_of(books["book"]), rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda file: file.unlink(), "is not there"),
        (lambda file: file.write_bytes(file.read_bytes().replace(b"Hate", b"Spam", 1)), "was changed"),
    ],
)
def test_a_file_that_is_gone_or_changed_is_named_and_nothing_is_done(tmp_path, harm, words):
    file = cascaded(tmp_path, "csv")
    harm(listed(file)[0])
    before = file.read_bytes()
    for ask in (seal, lambda data: split(data, "Site"), _spread, _reforecast):
        issues = told(file, ask).issues
        assert [each.code for each in issues if each.code.startswith("TC23")] == ["TC232"], issues
        assert words in next(each.found for each in issues if each.code == "TC232")
    with pytest.raises(NothingWrittenError, match=words):
        told(file, lambda data: second_opinion(data, read_plan(data), "cbc"))
    assert file.read_bytes() == before


def _spread(data):
    return spread_targets(data, Spread(How(Method.EQUAL, total=10), "Team", metric="Reviews"))


def _reforecast(data):
    return reforecast_book(data, Wanted(), RunOptions())


def test_a_hold_at_what_stands_now_is_read_from_beside_the_book(tmp_path):
    file = cascaded(tmp_path, "parquet")
    stood = rows_of(file)[("Reviews", "Dublin A", "Hate", "2026-01")]
    edited = opened(file.read_bytes())
    sheet = edited.create_sheet("Limits")
    for row in (("Metric", "Org", "Queue", "Period", "Hold"), ("Reviews", "Dublin A", "Hate", "2026-01", "now")):
        sheet.append(row)
    edited["Targets"]["B2"] = 1500
    file.write_bytes(as_saved(edited))
    kept = next(each for each in listed(file))
    assert cascade_file(file, FileOptions(RunOptions())).is_written
    assert rows_of(file)[("Reviews", "Dublin A", "Hate", "2026-01")] == stood
    file.write_bytes(as_saved(edited))
    kept.unlink()
    assert "TC232" in {each.code for each in cascade_file(file, FileOptions(RunOptions())).run.issues}


@pytest.mark.parametrize("name", ["../plan.cascade-0123456789abcdef.csv", "C:\\x.cascade-0123456789abcdef.csv"])
def test_no_file_outside_the_folder_is_ever_named(tmp_path, name):
    with lying_at(tmp_path / "plan.xlsx"):
        assert "does not name" in read_back.read_back(f"rows stand in the file “{name}” beside this workbook").why_not
