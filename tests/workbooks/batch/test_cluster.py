"""A batch on a real Dask cluster: a scheduler and two workers on this machine, over TCP."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.workbooks.batch.clusters import Cluster, two_workers_in
from tests.workbooks.batch.results import result_parts
from tests.workbooks.books import small_book
from workbooks.batch.executors import NoClusterError, cluster, processes
from workbooks.batch.find import find_books
from workbooks.batch.journal import BookResult, Journal
from workbooks.batch.messages import Asked
from workbooks.batch.report import report_text
from workbooks.batch.run_batch import BatchOptions, run_batch

pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = pytest.mark.filterwarnings("default")  # what Dask warns of in itself is not ours

ASKED = Asked(command="targets batch", by="Aoife")


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with two_workers_in(tmp_path_factory.mktemp("dask")) as found:
        yield found


def _books(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    for at in range(count):
        targets = [("Metric", "Value"), ("Reviews", 1000 + 10 * at)]
        settings = [("Setting", "Value"), ("Leaf rows", "csv" if at == 0 else None)]
        (folder / f"plan{at}.xlsx").write_bytes(small_book(Targets=targets, Settings=settings))
    return find_books([str(folder)])


def _on(
    cluster_at: Cluster,
    books: list[Path],
    count: int,
    on_result: Callable[[BookResult], None] = lambda result: None,
) -> list[BookResult]:
    cluster_at.wait_for_workers(count)
    with cluster(cluster_at.address) as workers:
        return run_batch(books, workers, Journal(None), BatchOptions(ASKED, on_result=on_result))


def test_a_cluster_gives_the_same_workbooks_byte_for_byte(two_workers: Cluster, tmp_path: Path) -> None:
    here = _books(tmp_path / "here", 4)
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    there = find_books([str(tmp_path / "there")])
    with processes(1) as workers:
        local = run_batch(here, workers, Journal(None), BatchOptions(ASKED))
    remote = _on(two_workers, there, 2)
    tables = [
        report_text(results, ".csv").replace(str(tmp_path / name), "")
        for results, name in ((local, "here"), (remote, "there"))
    ]
    assert tables[0] == tables[1]
    beside = [{file.name: file.read_bytes() for file in (tmp_path / name).glob("*.csv")} for name in ("here", "there")]
    assert beside[0] == beside[1]
    assert [name.partition(".")[0] for name in beside[0]] == ["plan0"]
    assert all(result_parts(a) == result_parts(b) for a, b in zip(here, there, strict=True))


def test_a_worker_that_dies_loses_no_workbook(two_workers: Cluster, tmp_path: Path) -> None:
    """The last test of this module: it leaves one worker."""
    books = _books(tmp_path / "books", 10)
    first = two_workers.workers[0]

    def kill_it(result: BookResult) -> None:
        two_workers.kill(0)

    results = _on(two_workers, books, 2, kill_it)
    assert first.returncode == -signal.SIGKILL
    assert all(each.status == 0 and each.written for each in results)


def test_without_a_scheduler_it_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbooks.batch.executors._CONNECT_S", 1)
    with pytest.raises(NoClusterError, match="dask scheduler"), cluster("tcp://127.0.0.1:9"):
        pass
