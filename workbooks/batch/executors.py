"""Where the runs of a batch happen, and the pieces of one large plan: on this machine, or on a Dask cluster.

There is one interface for all of it, that of the standard library's ``concurrent.futures``.

Owns: the choice, and how many runs may be under way.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import field
from typing import Any

from solver.frozen import frozen
from workbooks.batch.isolated import LANES
from workbooks.version import __version__

_CONNECT_S = 15
_OF_A_CLUSTER = 64
"""Runs handed to a cluster at once: it shares them out, and takes in workers that come later."""


class NoClusterError(RuntimeError):
    """There is no cluster to work with; says why and what to do."""


@frozen
class Workers:
    """An executor, and how it is worked with.

    most_under_way : runs that may be handed to it before one is done
    has_files : whether it reaches the workbooks where we do, so that their paths are enough
    is_anybody_there : whether anything it was handed can still be done
    """

    executor: Executor
    most_under_way: int
    has_files: bool
    is_anybody_there: Callable[[], bool] = field(default=lambda: True)


@contextmanager
def processes(count: int) -> Iterator[Workers]:
    """Run on this machine, ``count`` workbooks at a time."""
    executor = ThreadPoolExecutor(count, thread_name_prefix="batch")
    try:
        yield Workers(executor, 2 * count, has_files=True)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        LANES.end()
        executor.shutdown(wait=True)
        LANES.end()  # those that came back meanwhile


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """Run on a Dask cluster.

    Parameters
    ----------
    address : of its scheduler, ``tcp://host:8786``

    Raises
    ------
    NoClusterError
        Dask is not installed, nobody answers, or its workers have another version of this program.
    """
    try:
        from distributed import Client
    except ImportError as missing:
        raise NoClusterError("Dask is not installed here: pip install 'target-cascade[dask]'") from missing
    try:
        client: Any = Client(address, timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask brings no types
    except (OSError, ValueError, TimeoutError) as failed:
        raise NoClusterError(f"no scheduler answers at {address}: start one with dask scheduler") from failed
    with _quiet(), closing(client), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph")  # workbooks are what is to be sent
        _check_versions(client.run(_version))
        executor = client.get_executor(pure=False)
        yield Workers(executor, _OF_A_CLUSTER, has_files=False, is_anybody_there=lambda: _has_workers(client))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log off the terminal: what it loses is done again, here if need be, and a trace frightens."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    before = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _has_workers(client: Any) -> bool:
    """Whether a scheduler answers, and has workers."""
    try:
        return bool(client.nthreads())
    except (OSError, TimeoutError, RuntimeError, AttributeError):
        return False  # a client that has lost its scheduler says so in all these ways


def _version() -> str:
    return __version__


def _check_versions(versions: dict[str, str]) -> None:
    other = sorted({f"{worker}: {version}" for worker, version in versions.items() if version != __version__})
    if other:
        raise NoClusterError(f"workers have another version than {__version__}: {', '.join(other)}")
