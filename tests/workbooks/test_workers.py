"""Workers on threads and executors: results in the order of the items, errors raised, one core as well as many."""

import os
import signal
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier

import pytest

from workbooks.workers import OnCores, OnExecutor


def test_results_come_in_the_order_of_the_items():
    assert OnCores(4).map(lambda item: item * item, range(50)) == [item * item for item in range(50)]
    with ThreadPoolExecutor(3) as executor:
        assert OnExecutor(executor).map(str, [3, 1, 2]) == ["3", "1", "2"]


def test_as_many_at_a_time_as_there_are_cores():
    met = Barrier(3, timeout=60)
    assert sorted(OnCores(3).map(lambda _: met.wait(), range(3))) == [0, 1, 2]


def test_one_core_or_one_item_starts_no_thread():
    here = threading.get_ident()
    assert OnCores(1).map(lambda _: threading.get_ident(), range(3)) == [here] * 3
    assert OnCores(8).map(lambda _: threading.get_ident(), [0]) == [here]


def test_what_goes_wrong_in_a_worker_is_raised():
    with pytest.raises(ZeroDivisionError):
        OnCores(2).map(lambda item: 1 // item, [1, 0])


def test_no_items_are_no_work():
    assert OnCores().map(str, []) == []


def _dies_in_a_worker(item: tuple[int, int]) -> int:
    here, number = item
    if os.getpid() != here and number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_pieces_of_a_process_that_dies_are_done_here():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        found = OnExecutor(executor).map(_dies_in_a_worker, [(os.getpid(), number) for number in range(8)])
    assert found == [number * number for number in range(8)]


class _Nobody(Executor):
    """Takes work, and never does any."""

    def submit(self, fn, /, *args, **kwargs):
        return Future()


def test_where_nobody_is_left_the_pieces_are_done_here(monkeypatch):
    monkeypatch.setattr("workbooks.workers._LOOK_S", 0.01)
    assert OnExecutor(_Nobody(), lambda: False).map(str, [1, 2]) == ["1", "2"]


def test_a_piece_that_goes_wrong_is_not_done_again_here():
    done = []

    def fails(item):
        done.append(item)
        raise TimeoutError(item)

    with ThreadPoolExecutor(1) as executor, pytest.raises(TimeoutError):
        OnExecutor(executor).map(fails, [1])
    assert done == [1]
