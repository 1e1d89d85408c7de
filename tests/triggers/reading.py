"""TC1: books that cannot be read as they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.issues import Issue
from tests.builders import BASELINE
from tests.workbooks.books import METRICS, Formula, book, changed, replaced, small_book
from workbooks.read.inputs import read_inputs


def _read(data: bytes, **more: frozenset[str]) -> Sequence[Issue]:
    return read_inputs(data, **more).issues


def _merged() -> bytes:
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>'
    return changed(small_book(), {"xl/worksheets/sheet6.xml": replaced(b"</sheetData>", merge)})


def _header_in_its_cell_alone() -> bytes:
    named = replaced(b'name="Org"/>', b'name="Unit"/>')  # the cell still says Org
    return changed(small_book(), {"xl/tables/table5.xml": named})


def _two_tables() -> bytes:
    rename = replaced(b'displayName="Baseline"', b'displayName="Targets"')
    return changed(small_book(), {"xl/tables/table5.xml": rename})


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC101": lambda: _read(b"Org,Parent\n"),
    "TC102": lambda: _read(
        changed(small_book(), {"xl/worksheets/sheet1.xml": replaced(b"<sheetData>", b" " * 2**20 + b"<sheetData>")})
    ),
    "TC103": lambda: _read(changed(small_book(), {"xl/workbook.xml": b"<workbook"})),
    "TC104": lambda: _read(small_book(Targets=None)),
    "TC105": lambda: _read(small_book(Metrics=[("Metric", "Unit"), ("Reviews", "items")])),
    "TC106": lambda: _read(small_book(Metrics=[("Metric", "Kind", "Unit", "KIND "), ("Reviews", "volume", "", "")])),
    "TC107": lambda: _read(_two_tables()),
    "TC108": lambda: _read(book({"Metrics": METRICS[:1]})),
    "TC112": lambda: _read(small_book(Headcount=[("Org", "Period"), ("Team A", "2026-01")])),
    "TC113": lambda: _read(small_book(Metrics=[("Metric", "Kind", "Colour"), ("Reviews", "volume", "red")])),
    "TC120": lambda: _read(small_book(Baseline=[*BASELINE, _last(Formula("1/0").showing("#DIV/0!"))])),
    "TC121": lambda: _read(_uncached()),
    "TC122": lambda: _read(_merged()),
    "TC123": lambda: _read(_reads_results(), uncalculated=lambda: {"Cascade"}),
    "TC124": lambda: _read(small_book(Baseline=[*BASELINE, _last("n/a")])),
    "TC125": lambda: _read(small_book(Baseline=[*BASELINE, ("Total", *[None] * (len(BASELINE[0]) - 2), 1000)])),
    "TC126": lambda: _read(small_book(Baseline=None, Baselines=BASELINE)),
    "TC128": lambda: _read(_header_in_its_cell_alone()),
    "TC127": lambda: _read(small_book(Baseline=[("Metric", "Orgs", *BASELINE[0][2:]), *BASELINE[1:]])),
}


def _last(value: object) -> tuple[object, ...]:
    return (*BASELINE[-1][:-1], value)


def _uncached() -> bytes:
    data = small_book(Baseline=[*BASELINE, _last(Formula("7*6").showing(42.5))])
    return changed(data, {"xl/worksheets/sheet5.xml": replaced(b"<v>42.5</v>", b"")})


def _reads_results() -> bytes:
    return small_book(Baseline=[*BASELINE, _last(Formula("Cascade!E5").showing(42.5))])
