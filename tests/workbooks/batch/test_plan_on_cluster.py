"""One large plan on a real Dask cluster: its periods decided and rounded there, the same to the last bit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from engine.decision.clock import Watch
from engine.decision.decide import Decision, decide
from engine.formulation.problem import Problem, formulate
from engine.whole.by_period import round_by_period
from engine.whole.kept import keep
from engine.whole.part import snapped
from engine.whole.rounding import units
from engine.workers import ALONE, Workers
from tests.plans import in_units
from tests.workbooks.batch.clusters import Cluster, two_workers_in
from tests.workbooks.batch.killing import Killing
from tests.workbooks.batch.results import result_parts
from tests.workbooks.books import small_book
from tests.workbooks.command.test_main import targets
from tests.workbooks.tabs.plans import moderation_parts
from workbooks.batch.executors import cluster
from workbooks.command.cascade import cascade
from workbooks.workers import OnExecutor

pytest.importorskip("distributed", reason="Dask is not installed")
_NEVER = -1
pytestmark = pytest.mark.filterwarnings("default")  # what Dask warns of in itself is not ours


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with two_workers_in(tmp_path_factory.mktemp("dask")) as found:
        found.wait_for_workers(2)
        yield found


@cache
def _problem() -> Problem:
    """Return a plan over six months that is short of hours, so that the mix guard looks at each."""
    return formulate(in_units(moderation_parts().build()))


@cache
def _decided_here() -> Decision:
    """Return the plan decided period by period, one after the other."""
    return decide(_problem(), Watch(workers=ALONE), split_above=1)


def _rounded(decision: Decision, workers: Workers) -> bytes:
    """Return which numbers of a decision go up to the next whole one, found period by period."""
    problem = _problem()
    unit = units(problem)
    kept = keep(problem, decision.hard, decision.point, unit, snapped(np.where(unit > 0, decision.point, 0.0)))
    rounded = round_by_period(kept, workers)
    assert rounded is not None
    return rounded.up.tobytes()


def test_the_periods_of_one_plan_come_back_from_a_cluster_as_they_are_here(two_workers: Cluster) -> None:
    with cluster(two_workers.address) as there:
        seen = Killing(there.executor, _NEVER, lambda: None)
        workers = OnExecutor(seen, there.is_anybody_there)
        decision = decide(_problem(), Watch(workers=workers), split_above=1)
        assert decision.point.tobytes() == _decided_here().point.tobytes()
        assert _rounded(decision, workers) == _rounded(_decided_here(), ALONE)
    assert len(seen.handed) == 18  # six months: what they miss, the mix guard in each, and each in whole units


def test_the_command_writes_the_same_workbook_with_a_cluster(two_workers: Cluster, tmp_path: Path) -> None:
    here, there = tmp_path / "here.xlsx", tmp_path / "there.xlsx"
    here.write_bytes(small_book())
    shutil.copy(here, there)
    assert targets("cascade", str(here)).returncode == 0
    done = targets("cascade", str(there), "--dask", two_workers.address)
    assert done.returncode == 0, done.stderr
    assert result_parts(here) == result_parts(there)


def test_without_a_scheduler_nothing_is_written_and_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbooks.batch.executors._CONNECT_S", 1)
    book = tmp_path / "plan.xlsx"
    book.write_bytes(small_book())
    done = CliRunner().invoke(cascade, [str(book), "--dask", "tcp://127.0.0.1:9"])
    assert (done.exit_code, book.read_bytes()) == (2, small_book())
    assert "start one with dask scheduler" in done.output


def test_workers_that_die_in_the_middle_change_nothing_and_without_any_the_rest_is_done_here(
    two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test of this module: it leaves no worker."""
    monkeypatch.setattr("workbooks.workers._LOOK_S", 0.2)
    decision = _decided_here()
    alone = _rounded(decision, ALONE)
    with cluster(two_workers.address) as there:
        for worker in (0, 1):
            killing = Killing(there.executor, 3, lambda worker=worker: two_workers.kill(worker))
            assert _rounded(decision, OnExecutor(killing, there.is_anybody_there)) == alone
            assert two_workers.workers[worker].poll() is not None
            assert len(killing.handed) > 3  # it died in the middle
        assert not there.is_anybody_there()
