"""How fast open workbooks are read and written, against one call in bulk: ``python -m tests.bench.live``."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.calc import running_calc
from tests.calc_engine import activate
from tests.workbooks.books import book
from workbooks.click.delivery import Age, Delivered
from workbooks.live.bring import bring
from workbooks.live.grids import read_grid

ROWS, COLUMNS, RUNS = 10_000, 10, 5


def main() -> None:
    """Time reading and writing 10k × 10 cells in Calc, through xlwings and our adapter."""
    block = [[f"s{row}" if column % 3 else row * 1.5 + column for column in range(COLUMNS)] for row in range(ROWS)]
    header = [tuple(f"H{column}" for column in range(COLUMNS))]
    with tempfile.TemporaryDirectory() as name, running_calc(Path(name)) as calc:
        apps = activate(calc).apps
        opened = []
        for file in ("plan.xlsx", "result.xlsx"):
            path = Path(name) / file
            path.write_bytes(book({"Cascade": [*header, *map(tuple, block)]}))
            opened.append(apps[1].books.open(str(path)))
        plan, result = opened
        area = plan.sheets["Cascade"].range((2, 1), (ROWS + 1, COLUMNS))
        changed = [Delivered("Cascade", "Cascade", Age.OLD, table=area.get_address(False, False))]
        _compare("read", lambda: read_grid(area), lambda: area.value)
        _compare("written", lambda: bring(plan, result, changed, {}), lambda: setattr(area, "value", block))


def _compare(what: str, ours: Callable[[], object], bulk: Callable[[], object]) -> None:
    ratios = []
    for _ in range(RUNS):
        times = []
        for each in (ours, bulk):
            before = time.perf_counter()
            each()
            times.append(time.perf_counter() - before)
        ratios.append(times[0] / times[1])
    words = f"{ROWS:,} × {COLUMNS} cells {what} / one bulk call"
    print(f"{words:<46} {statistics.median(ratios):5.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")  # noqa: T201


if __name__ == "__main__":
    main()
