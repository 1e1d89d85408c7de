"""TC9: the planning cycle and the night batch."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.issues import Issue
from engine.spreading.methods import Asked, Method
from tests.triggers.planning import BASELINE, PLAN
from tests.workbooks.books import Formula, as_saved, book, opened, small_book
from tests.workbooks.packs import queues as by_queue
from tests.workbooks.packs.plans import accepted, answered, collected, was_split
from tests.workbooks.versions.edits import sealed
from workbooks.addresses import MAX_ROWS
from workbooks.batch import messages
from workbooks.batch.isolated import Lane
from workbooks.batch.messages import Answer, bug
from workbooks.collect_run import collect
from workbooks.command.machine import IssueReport
from workbooks.compare_run import compare_scenarios
from workbooks.load.load_table import LoadOptions, load_table
from workbooks.load.sources import Source, read_source
from workbooks.package.edit_table import change_cells
from workbooks.packs.folder import in_the_way
from workbooks.reforecast_run import Wanted as Again
from workbooks.reforecast_run import reforecast_book
from workbooks.run import RunOptions, cascade
from workbooks.split_run import split
from workbooks.spread_run import Wanted, spread_targets
from workbooks.version_run import restore_version, save_version
from workbooks.versions.store import SHEET

_ASKED = messages.Asked(command="targets batch", by="Aoife")


def _in_lane(sign: signal.Signals, limit_s: float) -> Sequence[IssueReport]:
    """Return what is said of a workbook whose process is sent a signal."""
    lane = Lane()
    os.kill(lane.process, sign)
    return _said(lane.run(_ASKED, small_book(), limit_s))


def _said(answer: Answer) -> Sequence[IssueReport]:
    return answer.said.issues


def _load(rows: str, table: str = "Baseline", **tables: object) -> Sequence[Issue]:
    """Return what is said of rows loaded into a small plan."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_text(rows, encoding="utf-8")
        source = read_source(str(path))
    if isinstance(source, Issue):
        return [source]
    return load_table(small_book(**tables), table, source, LoadOptions()).issues  # type: ignore[arg-type]


def _taken_name() -> Sequence[Issue]:
    """Return what is said where a sheet of the table's name holds something else."""
    edited = opened(small_book())
    edited.create_sheet("Actuals")["A1"] = "mine"
    source = Source("rows.csv", ("Metric", "Value"), (np.zeros(0), np.zeros(0)), np.zeros(0, np.int64))
    return load_table(as_saved(edited), "Actuals", source, LoadOptions()).issues


def _too_many() -> Sequence[Issue]:
    lines = np.arange(2, MAX_ROWS + 2)
    texts, values = np.full(len(lines), "x", dtype=object), np.full(len(lines), 1.0, dtype=object)
    headers = ("Metric", "Org", "Queue", "Period", "Value")
    source = Source("rows.csv", headers, (texts, texts, texts, texts, values), lines)
    return load_table(small_book(), "Baseline", source, LoadOptions()).issues


def _spread(level: str, method: Method = Method.EQUAL, **tables: object) -> Sequence[Issue]:
    data = book({**PLAN, **tables})  # type: ignore[arg-type]
    return spread_targets(data, Wanted(Asked(method, total=4.0), level)).issues


def _version(name: str, change: Callable[[bytes], bytes] = bytes) -> Sequence[Issue]:
    """Return what is said when a version is put back into a sealed plan that somebody changed."""
    return restore_version(change(sealed()), name).issues


def _damaged(data: bytes) -> bytes:
    return change_cells(data, {SHEET: {(2, 2): "nothing of the kind"}})


def _without_limits(data: bytes) -> bytes:
    edited = opened(data)
    del edited["Limits"]
    return as_saved(edited)


def _collected(files: dict[str, bytes], due: str = "2026-02-15") -> Sequence[Issue]:
    """Return what is said of packs that come back."""
    data = was_split().data or b""
    return collected(files, data if due == "2026-02-15" else split(data, "Site", due).data).issues


def _split_both_ways() -> bytes:
    return split(by_queue.was_split().data or b"", "Site").data or b""


def _due_of_nobody_s_row() -> Sequence[Issue]:
    """Return what is said of hours for a policy that has no row of its own in Queues, and has them from above."""
    queues = [
        ("Domain", "Policy", "Queue", "Handle time", "Turnaround"),
        ("Trust", None, None, None, 72),
        *(("Trust", policy, queue, 60, None) for policy, queues in by_queue.POLICIES.items() for queue in queues),
    ]
    run = cascade(book({**by_queue.PLAN, "Queues": queues}), RunOptions())
    sent = split(run.data or b"", "Policy", by="queue")
    pack = opened(sent.packs["Safety"])
    for row in pack["Responses"].iter_rows(min_row=6):
        if row[0].value == "Turnaround":
            row[4].value, row[5].value = "counter", 96
    files = [(Path("safety.xlsx"), as_saved(pack))]
    return collect(sent.data or b"", files, RunOptions(), is_reconciled=False, taken=["all"]).issues


def _changed_pack() -> bytes:
    pack = opened(accepted("Dublin"))
    pack["Responses"]["D6"] = 5
    return as_saved(pack)


def _late_pack_alone() -> Sequence[Issue]:
    """Return what is said where one pack is collected after another, and without it."""
    first = collected({"Dublin.xlsx": accepted("Dublin")})
    return collected({"Lisbon.xlsx": accepted("Lisbon")}, first.data).issues


def _answers_in_the_way() -> Sequence[Issue]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dublin.xlsx").write_bytes(accepted("Dublin"))
        return in_the_way(Path(folder), was_split().packs, replace=True)


def _reforecast(*actuals: tuple[object, ...]) -> Sequence[Issue]:
    """Return what is said of a plan that is made again after January."""
    tables = {
        **PLAN,
        "Queues": [*PLAN["Queues"], ("Fraud", 60)],
        "Settings": [("Setting", "Value"), ("As of", "Jan")],
        "Actuals": [("Metric", "Org", "Queue", "Period", "Value"), *actuals],
    }
    return reforecast_book(book(tables), Again()).issues


def _scenario(*row: object, names: Sequence[str] = ()) -> Sequence[Issue]:
    """Return what is said of a plan with one scenario."""
    headers = ("Scenario", "Table", "Key", "Column", "Change")
    return compare_scenarios(book({**PLAN, "Scenarios": [headers, ("What if", *row)]}), names).issues


_NO_HISTORY = [BASELINE[0], *[(*row[:-1], 0) for row in BASELINE[1:]]]
_TEAMS = [("Node", "Parent", "Level"), ("Site", None, "Site"), ("A", "Site", "Team"), ("B", "Site", "Team")]
_HEADERS = "Metric,Org,Queue,Period,Value\n"
_NOTES = [("Note",), (Formula("SUM(Baseline!E2:E9)").showing(1.0),)]

TRIGGERS: dict[str, Callable[[], Sequence[IssueReport | Issue]]] = {
    "TC901": lambda: _in_lane(signal.SIGSTOP, 0.2),
    "TC902": lambda: _in_lane(signal.SIGKILL, 60.0),
    "TC903": lambda: _said(bug("Please send us the report: /tmp/target-cascade-report.txt")),
    "TC910": lambda: _load(""),
    "TC911": lambda: _load(_HEADERS.replace("Value", "Worth")),
    "TC912": lambda: _load("Metric,Org\nReviews,Team A\n"),
    "TC913": _taken_name,
    "TC914": _too_many,
    "TC999": lambda: _load(_HEADERS),
    "TC920": lambda: _spread("Galaxy"),
    "TC921": lambda: _spread("Team", Method.PROPORTIONAL, Baseline=_NO_HISTORY, Org=_TEAMS),
    "TC922": lambda: _spread("Team", Org=_TEAMS, Targets=[("Metric", "Value"), ("Reviews", 400)]),
    "TC930": lambda: _version("9"),
    "TC931": lambda: save_version(sealed(), "1", "draft", RunOptions()).issues,
    "TC932": lambda: _version("1", _without_limits),
    "TC933": lambda: _version("1", _damaged),
    "TC998": lambda: save_version(sealed(), "Now", "draft", RunOptions()).issues,
    "TC924": lambda: _scenario("Capacity", "Site", "Hours", "-5 %", names=["Nothing"]),
    "TC925": lambda: _scenario("Capacity", "Atlantis", "Hours", "-5 %"),
    "TC926": lambda: _scenario("Capacity", "Site", "Hours", "-5000"),
    "TC935": lambda: _reforecast(("Reviews", "A", "Spam", "Jan", 90)),
    "TC936": lambda: _reforecast(("Reviews", "A", "Spam", "Jan", 90), ("Reviews", "B", "Fraud", "Jan", 7)),
    "TC940": lambda: _collected({"Dublin.xlsx": accepted("Dublin")}, "2026-03-15"),
    "TC941": lambda: _collected({"Dublin.xlsx": small_book()}),
    "TC942": lambda: _collected({"Dublin.xlsx": _changed_pack()}),
    "TC943": lambda: _collected({"Dublin.xlsx": answered("Dublin", {("Dublin", "Q1"): ("counter", None)})}),
    "TC944": lambda: _collected({"a.xlsx": accepted("Dublin"), "b.xlsx": answered("Dublin", {})}),
    "TC945": lambda: _collected({}, "2026-02-01"),
    "TC946": lambda: split(was_split().data or b"", "Galaxy").issues,
    "TC948": lambda: collected({"s": by_queue.was_split().packs["Safety"]}, _split_both_ways()).issues,
    "TC949": lambda: split(by_queue.was_split().data or b"", "Site").issues,
    "TC938": _due_of_nobody_s_row,
    "TC995": lambda: split(was_split().data or b"", "Site", version="after Lisbon's answer").issues,
    "TC996": _late_pack_alone,
    "TC997": _answers_in_the_way,
    "TC947": lambda: _collected({"a.xlsx": accepted("Dublin"), "b.xlsx": accepted("Dublin")}),
    "TC915": lambda: _load(_HEADERS + "Reviews,Team A,Spam,2025-01,5\n", Notes=_NOTES),
}
