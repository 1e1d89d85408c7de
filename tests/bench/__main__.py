"""Benchmarks: whole processes, side by side, as ratios. Run with ``python -m tests.bench``."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.books import SIZES, plan_book
from tests.bench.floor import write_floor
from tests.bench.package import compare_large_sheet, small_overheads

BARE = Path(__file__).with_name("bare.py")
TARGETS = (sys.executable, "-c", "from workbooks.command.main import main; main()")


# an installed package carries its bytecode; a checkout may not
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def seconds_of(*command: str, status: frozenset[int] = frozenset({0})) -> tuple[float, str]:
    """Run a process to its end; return its wall time and what it printed."""
    before = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    taken = time.perf_counter() - before
    if done.returncode not in status:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return taken, done.stdout


def compare_cascade(size: str, runs: int, folder: Path) -> str:
    """Time the whole command against the bare script, in turn."""
    book, arrays, cells = folder / "plan.xlsx", folder / "arrays.npz", folder / "cells.pickle"
    book.write_bytes(plan_book(SIZES[size]))
    count = write_floor(book.read_bytes(), arrays, cells)
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(runs + 1):
        copy = folder / "copy.xlsx"
        shutil.copy(book, copy)
        taken, _ = seconds_of(*TARGETS, "cascade", str(copy), "--quiet", status=frozenset({0, 3}))
        ours.append(taken)
        bare, own = seconds_of(sys.executable, str(BARE), str(book), str(arrays), str(cells), str(folder / "out.zip"))
        floor.append(bare - float(own.splitlines()[-1]))
    ours, floor = ours[1:], floor[1:]  # the first writes bytecode and warms the disk
    ratios = [a / b for a, b in zip(ours, floor, strict=True)]
    return _line(f"cascade, {size}, {count:,} cells / bare script", ours, floor, ratios)


def compare_start(runs: int) -> str:
    """Time ``targets --version`` against an empty Python."""
    ours, floor = [], []
    for _ in range(runs):
        ours.append(seconds_of(*TARGETS, "--version")[0])
        floor.append(seconds_of(sys.executable, "-c", "pass")[0])
    return _line("targets --version / empty Python", ours, floor, [a / b for a, b in zip(ours, floor, strict=True)])


def _line(what: str, ours: list[float], floor: list[float], ratios: list[float]) -> str:
    return (
        f"{what:<58} {statistics.median(ours):8.3f} s / {statistics.median(floor):8.3f} s"
        f" = {statistics.median(ratios):5.2f}  ({min(ratios):.2f} to {max(ratios):.2f})"
    )


def main() -> None:
    """Run the benchmarks that were asked for."""
    os.environ["TARGETS_UNDO"] = ENVIRONMENT["TARGETS_UNDO"] = tempfile.gettempdir() + "/target-cascade-undo"
    ENVIRONMENT["PYTHONPYCACHEPREFIX"] = tempfile.gettempdir() + "/target-cascade-bytecode"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", nargs="*", default=["5k", "5k short", "100k"], choices=list(SIZES))
    asked = parser.parse_args()
    print(compare_start(4 * asked.runs))  # noqa: T201
    ours, floor = compare_large_sheet(asked.runs)
    ratios = [a / b for a, b in zip(ours, floor, strict=True)]
    print(_line("a sheet of 100k records / the same XML streamed to a zip", ours, floor, ratios))  # noqa: T201
    for what, taken in small_overheads(10 * asked.runs).items():
        print(f"{what + ' of a small book':<58} {taken:8.1f} ms")  # noqa: T201
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(compare_cascade(size, asked.runs, Path(folder)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
