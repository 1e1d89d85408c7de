"""A large plan alone and on a Dask cluster: ``python -m tests.workbooks.batch.large_on_cluster [--size 30k]``.

The cluster is a real one of two workers on this machine. Then once more, with a worker that dies in the middle. The
three workbooks must be the same, byte for byte.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from engine.workers import Workers
from tests.bench.books import SIZES, plan_book
from tests.workbooks.batch.clusters import two_workers_in
from tests.workbooks.batch.killing import Killing
from workbooks.batch.executors import cluster
from workbooks.run import RunOptions, cascade
from workbooks.workers import CORES, OnExecutor

_NOW = datetime(2026, 1, 5, tzinfo=UTC)
_SHORT = {"200k short": SIZES["300k"].__class__(teams=60, queues=20, hours_there=0.95)}


def _cascaded(book: bytes, workers: Workers) -> bytes:
    """Return a workbook cascaded at a fixed time, so that its Run Log says the same of every run."""
    run = cascade(book, RunOptions(by="Aoife", command="targets", now=lambda: _NOW, seconds=lambda: 0.0,
                                   workers=workers))  # fmt: skip
    if run.data is None:
        raise SystemExit(str(run.issues))
    return run.data


def main() -> None:
    """Cascade three times, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="30k", choices=[*SIZES, *_SHORT])
    size = parser.parse_args().size
    book = plan_book({**SIZES, **_SHORT}[size])
    before = time.monotonic()
    alone = _cascaded(book, CORES)
    print(f"{size}: alone {time.monotonic() - before:.0f} s", flush=True)  # noqa: T201
    with tempfile.TemporaryDirectory() as folder, two_workers_in(Path(folder)) as found:
        found.wait_for_workers(2)
        with cluster(found.address) as there:
            for words, kill in (("two workers", lambda: None), ("one of them killed", lambda: found.kill(0))):
                seen = Killing(there.executor, 3, kill)
                before = time.monotonic()
                same = _cascaded(book, OnExecutor(seen, there.is_anybody_there)) == alone
                told = f"{len(seen.handed)} pieces, {time.monotonic() - before:.0f} s, same bytes: {same}"
                print(f"{size}: {words}, {told}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
