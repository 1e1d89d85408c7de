"""Benchmarks: whole processes, side by side, as ratios. Run with ``python -m tests.bench``."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.books import SIZES, plan_book
from tests.bench.floor import write_floor
from tests.bench.package import compare_large_sheet, small_overheads

BARE = Path(__file__).with_name("bare.py")
RIVAL = Path(__file__).with_name("rival.py")
WEIGHED = Path(__file__).with_name("weighed.py")
UNASKED = ("--worth", "none", "--fresh")  # a script finds out nothing by second runs either, and knows no first run
TARGETS = (sys.executable, "-c", "from workbooks.command.main import main; main()")


# an installed package carries its bytecode; a checkout may not
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One process, run to its end: processor seconds (others on the machine do not count), peak memory, output."""

    seconds: float
    peak_mb: float
    printed: str


def measured(*command: str, status: frozenset[int] = frozenset({0})) -> Measured:
    """Run a process to its end."""
    with (
        tempfile.TemporaryFile("w+") as printed,
        tempfile.TemporaryFile("w+") as said,
        tempfile.NamedTemporaryFile("r") as taken,
    ):
        weighing = (sys.executable, "-S", "-E", str(WEIGHED), taken.name, *command)
        subprocess.run(weighing, stdout=printed, stderr=said, env=ENVIRONMENT, check=True)
        for file in (printed, said):
            file.seek(0)
        ended, seconds, peak_kb = taken.read().split()
        if int(ended) not in status:
            raise SystemExit(f"{' '.join(command)} ended with {ended}:\n{said.read()}")
        return Measured(float(seconds), int(peak_kb) / 1024, printed.read())


def compare_cascade(size: str, runs: int, folder: Path, rival_s: float) -> list[str]:
    """Time the whole command against the bare script, in turn, and once against the rival.

    Parameters
    ----------
    rival_s : seconds that the rival's solver may take, 0 = the rival is not asked
    """
    book, arrays, cells = folder / "plan.xlsx", folder / "arrays.npz", folder / "cells.pickle"
    book.write_bytes(plan_book(SIZES[size]))
    count = write_floor(book.read_bytes(), arrays, cells)
    ours: list[Measured] = []
    floor: list[float] = []
    unrounded: list[float] = []
    for _ in range(runs + 1):
        copy = folder / "copy.xlsx"
        shutil.copy(book, copy)
        ours.append(measured(*TARGETS, "cascade", str(copy), "--quiet", *UNASKED, status=frozenset({0, 3})))
        bare = measured(sys.executable, str(BARE), str(book), str(arrays), str(cells), str(folder / "out.zip"))
        own, whole = map(float, bare.printed.splitlines()[-1].split())
        floor.append(bare.seconds - own)
        unrounded.append(floor[-1] - whole)
    seconds = [each.seconds for each in ours[1:]]  # the first writes bytecode and warms the disk
    peak = max(each.peak_mb for each in ours)
    lines = [_line(f"cascade, {size}, {count:,} cells / bare script", seconds, floor[1:]) + f"  peak {peak:.0f} MB"]
    lines.append(_line("  the same, were the bare script to leave numbers unrounded", seconds, unrounded[1:]))
    if rival_s > 0:
        rival = measured(sys.executable, str(RIVAL), str(book), str(folder / "rival.xlsx"), str(rival_s))
        lines.append(_line(f"pandas, PuLP, openpyxl, {size} / cascade", [rival.seconds], [statistics.median(seconds)]))
        lines[-1] += f"  peak {rival.peak_mb:.0f} MB"
        if rival.seconds >= rival_s:
            lines[-1] += f"  (a lower bound: CBC was stopped after {rival_s:g} s)"
    return lines


def compare_start(runs: int) -> str:
    """Time ``targets --version`` against an empty Python."""
    ours = [measured(*TARGETS, "--version").seconds for _ in range(runs)]
    floor = [measured(sys.executable, "-c", "pass").seconds for _ in range(runs)]
    return _line("targets --version / empty Python", ours, floor)


def _line(what: str, ours: Sequence[float], floor: Sequence[float]) -> str:
    ratios = [a / b for a, b in zip(ours, floor, strict=True)]
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
    parser.add_argument("--rival", action="store_true", help="also a pandas, PuLP and openpyxl script, once")
    parser.add_argument("--rival-limit", type=float, default=600, help="seconds that its solver may take")
    asked = parser.parse_args()
    print(compare_start(4 * asked.runs), flush=True)  # noqa: T201
    ours, floor = compare_large_sheet(asked.runs)
    print(_line("a sheet of 100k records / the same XML streamed to a zip", ours, floor))  # noqa: T201
    for what, taken in small_overheads(10 * asked.runs).items():
        print(f"{what + ' of a small book':<58} {taken:8.1f} ms")  # noqa: T201
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            for line in compare_cascade(size, asked.runs, Path(folder), asked.rival_limit if asked.rival else 0.0):
                print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
