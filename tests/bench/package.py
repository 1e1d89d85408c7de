"""What the safety of a workbook costs: our sheets written, and a save, against the bare stream of the same XML."""

from __future__ import annotations

import io
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.workbooks.books import small_book
from workbooks.package.compose import ComposeOptions, compose
from workbooks.package.save import load, save
from workbooks.run import cascade
from workbooks.states import keep_state
from workbooks.tabs.model import Column, Formulas, Sheet, Style, Table

ROWS = 100_000


def large_sheet(rows: int = ROWS) -> Sheet:
    """Return a sheet of ours as a cascade of that size has it: texts, numbers, formulas, reasons."""
    rng = np.random.default_rng(5)
    numbers = np.round(rng.lognormal(6, 1, rows))
    texts = [f"Team {at % 400}" for at in range(rows)]
    columns = [Column(name, texts, Style("@")) for name in ("Metric", "Org", "Queue", "Period", "Status", "Site")]
    columns += [Column(f"Number {at}", numbers * (at + 1), Style("#,##0")) for at in range(5)]
    columns.append(
        Column("Deviation", Formulas([f"G{5 + at}-H{5 + at}" for at in range(rows)], numbers), Style("0.0%"))
    )
    columns.append(Column("Why", [f"Dublin hours in March −{at % 97}.0; Q1 market target +0.9" for at in range(rows)]))
    return Sheet("Cascade", Table("Cascade", 4, 1, columns))


def streamed(parts: dict[str, bytes]) -> None:
    """Do the floor: the same XML, ready made, streamed to a zip."""
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            with archive.open(name, "w") as entry:
                for at in range(0, len(part), 2**16):
                    entry.write(part[at : at + 2**16])


def seconds(call: Callable[[], object]) -> float:
    """Return the processor seconds of a call: others use this machine, too."""
    before = time.process_time()
    call()
    return time.process_time() - before


def compare_large_sheet(runs: int) -> tuple[list[float], list[float]]:
    """Return seconds of putting a large sheet into a book, and of streaming its XML, in turn."""
    book, sheet = small_book(), large_sheet()
    composed = compose(book, [sheet], ComposeOptions()).data or b""
    with zipfile.ZipFile(io.BytesIO(composed)) as archive, zipfile.ZipFile(io.BytesIO(book)) as before:
        parts = {name: archive.read(name) for name in set(archive.namelist()) - set(before.namelist())}
    ours, floor = [], []
    for _ in range(runs):
        ours.append(seconds(lambda: compose(book, [sheet], ComposeOptions())))
        floor.append(seconds(lambda: streamed(parts)))
    return ours, floor


def small_overheads(runs: int) -> dict[str, float]:
    """Return the median milliseconds of what safety adds to a run on a small book."""
    book = small_book()
    done = cascade(book)
    if done.data is None:
        raise SystemExit("the small book does not cascade")
    taken: dict[str, list[float]] = {"save": [], "state for undo": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        for _ in range(runs):
            path.write_bytes(book)
            opened = load(path)
            for word, call in (
                ("save", lambda opened=opened: save(opened, done.data or b"")),
                ("state for undo", lambda path=path: keep_state(path, book, "0" * 64)),
            ):
                before = time.perf_counter()
                call()
                taken[word].append((time.perf_counter() - before) * 1000)
    return {word: statistics.median(each) for word, each in taken.items()}
