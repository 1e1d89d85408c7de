"""The night batch against single runs: ``python -m tests.bench.many [--books 1000]``.

Prints ratios of one session: a batch in one process per workbook against the bare run, two processes against one,
and that a Dask cluster of two workers gives the same result tables. Processor seconds stand beside those of the
clock, and what others took of the machine meanwhile: on a busy machine they are what compares.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.books import Size, plan_book
from tests.undoing import undoing_in
from tests.workbooks.batch.results import result_parts
from workbooks.batch.executors import cluster, processes
from workbooks.batch.find import find_books
from workbooks.batch.isolated import Lane
from workbooks.batch.journal import BookResult, Journal
from workbooks.batch.messages import Asked
from workbooks.batch.report import report_text
from workbooks.batch.run_batch import BatchOptions, run_batch
from workbooks.batch.words import count_words
from workbooks.command.main import COLLECTED
from workbooks.run import RunOptions
from workbooks.run_file import FileOptions, cascade_file

SMALL = Size(teams=1, queues=2, regions=2, sites=3, queues_of_a_team=7)
"""504 cells: 6 teams × 7 queues × 12 months."""

_SINGLE = 100
_WARM = 10


@dataclass
class Cost:
    """What something took: seconds of the clock, of processors by us and our processes, of them by others."""

    clock: float = 0.0
    own: float = 0.0
    caller: float = 0.0
    others: float = 0.0

    def over(self, count: int) -> str:
        """Return what a workbook took, in words."""
        busy = self.others / self.clock if self.clock else 0.0
        return (
            f"{self.clock / count * 1000:7.1f} ms, processor {self.own / count * 1000:7.1f} ms "
            f"(caller {self.caller / count * 1000:5.1f} ms; others kept {busy:.1f} cores busy)"
        )


@contextmanager
def counted() -> Iterator[Cost]:
    """Count what happens within: of processes, those that have ended by then."""
    cost, before, busy = Cost(), os.times(), _busy()
    yield cost
    after = os.times()
    cost.clock = after.elapsed - before.elapsed
    cost.caller = after.user + after.system - before.user - before.system
    children = after.children_user + after.children_system - before.children_user - before.children_system
    cost.own = cost.caller + children
    cost.others = max(0.0, _busy() - busy - cost.own)


def _busy() -> float:
    """Return for how many seconds the processors of this machine have worked so far."""
    fields = Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]
    user, nice, system = (int(each) for each in fields[:3])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def make_books(folder: Path, count: int) -> list[bytes]:
    """Return workbooks of about 500 cells, each with figures of its own."""
    folder.mkdir(exist_ok=True)
    return [plan_book(replace(SMALL, seed=at)) for at in range(count)]


def laid_out(folder: Path, books: list[bytes]) -> list[Path]:
    """Write workbooks into a folder of their own."""
    folder.mkdir()
    for at, data in enumerate(books):
        (folder / f"plan{at:04}.xlsx").write_bytes(data)
    return find_books([str(folder)])


def single_runs(paths: list[Path]) -> Cost:
    """Return what single runs cost in a process that has everything loaded, and collects as the command does."""
    gc.set_threshold(*COLLECTED)
    for path in paths[:_WARM]:
        cascade_file(path, FileOptions(RunOptions()))
    with counted() as cost:
        for path in paths[_WARM:]:
            cascade_file(path, FileOptions(RunOptions()))
    return cost


def batch(paths: list[Path], jobs: int) -> tuple[Cost, list[BookResult]]:
    """Return what a batch costs, the start of its processes included."""
    with counted() as cost, processes(jobs) as workers:
        results = run_batch(paths, workers, Journal(None), BatchOptions(Asked(command="bench", by="bench")))
    return cost, results


def dask_batch(paths: list[Path]) -> tuple[Cost, list[BookResult]]:
    """Return the same on a Dask cluster of two workers on loopback."""
    from distributed import LocalCluster

    with counted() as cost, LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        before = time.perf_counter()
        with cluster(local.scheduler_address) as workers:
            results = run_batch(paths, workers, Journal(None), BatchOptions(Asked(command="bench", by="bench")))
        spent = time.perf_counter() - before
    cost.clock = spent  # the start of the cluster is left out
    return cost, results


def table_of(results: list[BookResult], folder: Path) -> str:
    """Return the table of results, without the folder's name."""
    return report_text(results, ".csv").replace(str(folder), "")


def are_alike(paths: Sequence[Path]) -> bool:
    """Whether all parts of some workbooks are the same bytes, but for the log of runs."""
    first, *others = (result_parts(path) for path in paths)
    return all(each == first for each in others)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=1000)
    count = parser.parse_args().books
    say: Callable[[str], None] = print
    with tempfile.TemporaryDirectory() as name, undoing_in(Path(name) / "states"):
        folder = Path(name)
        books = make_books(folder, max(count, _SINGLE))
        single = single_runs(laid_out(folder / "single", books[:_SINGLE]))
        runs, books = _SINGLE - _WARM, books[:count]
        say(f"one run, everything loaded: {single.over(runs)}")
        before = time.perf_counter()
        Lane().end()
        say(f"start of one process: {(time.perf_counter() - before) * 1000:.1f} ms")
        paths = [laid_out(folder / name, books) for name in ("one", "two", "dask")]
        one, first = batch(paths[0], 1)
        say(f"batch of {count:,}, one process: {one.over(count)}")
        say(f"  = {one.clock / count / (single.clock / runs):.2f} × one run by the clock, "
            f"{one.own / count / (single.own / runs):.2f} × in processor seconds")  # fmt: skip
        two, second = batch(paths[1], 2)
        say(f"batch of {count:,}, two processes: {two.over(count)}")
        say(f"  = {one.clock / two.clock:.2f} × as fast as one by the clock; {two.own / one.own:.2f} × its processor "
            f"seconds, of which the caller's are {two.caller / two.own:.1%}")  # fmt: skip
        third_cost, third = dask_batch(paths[2])
        say(f"batch of {count:,}, Dask, 2 workers: {third_cost.over(count)}")
        say(f"  = {one.clock / third_cost.clock:.2f} × as fast as one by the clock")
        tables = [table_of(each, folder / at) for each, at in ((first, "one"), (second, "two"), (third, "dask"))]
        alike = sum(are_alike(row) for row in zip(*paths, strict=True))
        say(f"tables of results equal: {len(set(tables)) == 1}; {count_words(first)}")
        say(f"workbooks whose results are the same bytes in all three: {alike:,} of {count:,}")


if __name__ == "__main__":
    main()
