"""The night batch against single runs: ``python -m tests.bench.many [--books 1000]``.

Prints ratios of one session: a batch in one process per workbook against the bare run, two processes against one,
and that a Dask cluster of two workers gives the same result tables.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.bench.books import Size, plan_book
from workbooks.batch.executors import cluster, processes
from workbooks.batch.find import find_books
from workbooks.batch.isolated import Lane
from workbooks.batch.journal import BookResult, Journal
from workbooks.batch.messages import Asked
from workbooks.batch.report import count_words, report_text
from workbooks.batch.run_batch import BatchOptions, run_batch
from workbooks.run import RunOptions
from workbooks.run_file import FileOptions, cascade_file

SMALL = Size(teams=1, queues=2, regions=2, sites=3, queues_of_a_team=7)
"""504 cells: 6 teams × 7 queues × 12 months."""

_SINGLE = 100
_WARM = 10


def make_books(folder: Path, count: int) -> list[Path]:
    """Write workbooks of about 500 cells, each with figures of its own."""
    folder.mkdir(exist_ok=True)
    for at in range(count):
        (folder / f"plan{at:04}.xlsx").write_bytes(plan_book(replace(SMALL, seed=at)))
    return find_books([str(folder)])


def single_run_seconds(folder: Path) -> float:
    """Return what one run costs on average in a process that has everything loaded."""
    books = make_books(folder, _SINGLE)
    for book in books[:_WARM]:
        cascade_file(book, FileOptions(RunOptions()))
    before = time.perf_counter()
    for book in books[_WARM:]:
        cascade_file(book, FileOptions(RunOptions()))
    return (time.perf_counter() - before) / (len(books) - _WARM)


def batch_seconds(folder: Path, count: int, jobs: int) -> tuple[float, list[BookResult]]:
    """Return what a workbook costs in a batch, the start of its processes included."""
    books = make_books(folder, count)
    before = time.perf_counter()
    with processes(jobs) as workers:
        results = run_batch(books, workers, Journal(None), BatchOptions(Asked(command="bench", by="bench")))
    return (time.perf_counter() - before) / count, results


def dask_seconds(folder: Path, count: int) -> tuple[float, list[BookResult]]:
    """Return the same on a Dask cluster of two workers, the start of the cluster left out."""
    from distributed import LocalCluster

    books = make_books(folder, count)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        before = time.perf_counter()
        with cluster(local.scheduler_address) as workers:
            results = run_batch(books, workers, Journal(None), BatchOptions(Asked(command="bench", by="bench")))
        return (time.perf_counter() - before) / count, results


def table_of(results: list[BookResult], folder: Path) -> str:
    """Return the table of results, without the folder's name."""
    return report_text(results, ".csv").replace(str(folder), "")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=1000)
    count = parser.parse_args().books
    say: Callable[[str], None] = print
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        single = single_run_seconds(folder / "single")
        say(f"one run, everything loaded        {single * 1000:7.1f} ms a workbook")
        before = time.perf_counter()
        Lane().end()
        say(f"start of one process              {(time.perf_counter() - before) * 1000:7.1f} ms")
        one, first = batch_seconds(folder / "one", count, 1)
        say(f"batch of {count:,}, one process     {one * 1000:7.1f} ms = {one / single:.2f} × one run")
        two, second = batch_seconds(folder / "two", count, 2)
        say(f"batch of {count:,}, two processes   {two * 1000:7.1f} ms = {one / two:.2f} × as fast as one")
        third_s, third = dask_seconds(folder / "dask", count)
        say(f"batch of {count:,}, Dask, 2 workers {third_s * 1000:7.1f} ms = {one / third_s:.2f} × as fast as one")
        tables = [table_of(first, folder / "one"), table_of(second, folder / "two"), table_of(third, folder / "dask")]
        say(f"tables of results equal: {tables[0] == tables[1] == tables[2]}; {count_words(first)}")


if __name__ == "__main__":
    main()
