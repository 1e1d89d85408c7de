"""A review of a large plan: all of ``targets variance`` against reading the book and writing the tab, in one run.

Run with ``python -m tests.bench.review``.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from tests.bench import books
from tests.bench.books import SIZES, plan_book
from workbooks.run import RunOptions, cascade
from workbooks.variance_run import variance

_READING, _WRITING = "reading the workbook", "writing the sheets into the workbook"


def reviewed_book(size: str) -> bytes:
    """Return a cascaded plan with an actual for every pair and month."""
    plain = books._book

    def with_actuals(tables: dict) -> bytes:
        random = np.random.default_rng(3)
        headers, rows = tables["Baseline"]
        done = [(*row[:3], row[3].replace("2025", "2026"), round(row[4] * random.uniform(0.9, 1.15))) for row in rows]
        return plain({**tables, "Actuals": (headers, done)})

    books._book = with_actuals
    try:
        made = cascade(plan_book(SIZES[size]))
    finally:
        books._book = plain
    if made.data is None:
        raise SystemExit(f"the plan could not be cascaded: {made.issues}")
    return made.data


def main() -> None:
    """Print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="100k", choices=list(SIZES))
    data = reviewed_book(parser.parse_args().size)
    begun: dict[str, float] = {}
    start = time.perf_counter()
    run = variance(data, RunOptions(on_step=lambda step: begun.setdefault(step, time.perf_counter())))
    end = time.perf_counter()
    steps = [*begun, "end"]
    times = [*begun.values(), end]
    taken = {step: later - earlier for step, earlier, later in zip(steps, times, times[1:], strict=False)}
    floor = taken[_READING] + taken[_WRITING]
    rows = sum(int(each.is_there.sum()) for each in run.table.metrics) if run.table is not None else 0
    for step, seconds in taken.items():
        print(f"{step:<40} {seconds:8.2f} s")  # noqa: T201
    print(f"variance, {rows:,} rows / reading and writing: {(end - start) / floor:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
