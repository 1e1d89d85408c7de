"""Standard output while solvers run: away for all threads, and back with the last of them."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from solver.silence import silence


def test_what_is_printed_in_silence_is_not_seen_and_what_comes_after_is(capfd):
    with silence():
        os.write(1, b"banner\n")
    sys.stdout.write("answer\n")
    assert capfd.readouterr().out == "answer\n"


def test_output_is_back_when_the_last_of_several_threads_has_left(capfd):
    everybody = Barrier(4)

    def speak(_: int) -> None:
        for _ in range(50):
            everybody.wait()
            with silence():
                os.write(1, b"banner\n")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(speak, range(4)))
    sys.stdout.write("answer\n")
    assert capfd.readouterr().out == "answer\n"
