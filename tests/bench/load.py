"""Rows of actuals loaded into a large book with charts and a pivot: ``python -m tests.bench.load [--rows 200000]``.

Prints what each load took (processor, peak memory) and which parts of the book are not the bytes they were.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from engine.plan import Plan
from tests.bench.__main__ import TARGETS, measured
from tests.bench.books import SIZES, plan_book
from tests.corpus.by_hand import pivot
from tests.corpus.packing import zipped
from tests.undoing import undoing_in
from workbooks.run import cascade, read_plan

HEADERS = ("Metric", "Org", "Queue", "From", "To", "Value")
_DAYS = 365
_FIRST = date(2026, 1, 1)


@dataclass(frozen=True)
class Load:
    """What a load came to. changed, added : parts of the book"""

    seconds: float
    peak_mb: float
    changed: tuple[str, ...]
    added: tuple[str, ...]
    is_same: bool
    """Whether the file is the bytes it was."""


def book_with_pictures() -> bytes:
    """Return a plan of 6,720 cells, cascaded, with charts and a pivot table."""
    data = cascade(plan_book(SIZES["5k"])).data or b""
    parts = _parts(data)
    pivot(parts)
    return zipped(parts)


def write_rows(path: Path, plan: Plan, count: int, seed: int) -> None:
    """Write a day's work of a team and queue a line."""
    rng, cells = np.random.default_rng(seed), plan.cells
    pairs = sorted(set(zip(cells.org.tolist(), cells.queue.tolist(), strict=True)))
    if count > len(pairs) * _DAYS:
        raise SystemExit(f"at most {len(pairs) * _DAYS:,} rows: each is a day of a team in a queue")
    amounts = rng.integers(1, 500, count).tolist()
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(HEADERS)
        for at, amount in enumerate(amounts):
            (org, queue), day = pairs[at // _DAYS], _FIRST + timedelta(at % _DAYS)
            names = plan.org.ids[plan.org.leaves[org]], plan.queues.ids[plan.queues.leaves[queue]]
            lines.writerow(("Reviews", *names, day, day, amount))


def loaded(book: Path, rows: Path, status: int = 0) -> Load:
    """Load rows into a book in a process of its own."""
    old = book.read_bytes()
    took = measured(*TARGETS, "load", str(book), "--table", "Actuals", "--from", str(rows), status=frozenset({status}))
    before, after = _parts(old), _parts(book.read_bytes())
    changed = tuple(name for name in before if after.get(name) != before[name])
    added = tuple(name for name in after if name not in before)
    return Load(took.seconds, took.peak_mb, changed, added, book.read_bytes() == old)


def told(loads: dict[str, Load]) -> Iterator[str]:
    """Yield the table."""
    yield f"{'':24}{'processor':>11}{'peak memory':>13}   parts that changed, and new ones"
    for name, each in loads.items():
        parts = ", ".join([*each.changed, *(f"+ {part}" for part in each.added)]) or "none"
        same = "; the file is the bytes it was" if each.is_same else ""
        yield f"{name:24}{each.seconds:9.1f} s{each.peak_mb:10.0f} MB   {parts}{same}"


def _parts(data: bytes) -> dict[str, bytes]:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    count = parser.parse_args().rows
    say: Callable[[str], None] = print
    with tempfile.TemporaryDirectory() as name, undoing_in(Path(name) / "states"):
        book, rows, others, wrong = (Path(name) / each for each in ("plan.xlsx", "1.csv", "2.csv", "wrong.csv"))
        data = book_with_pictures()
        book.write_bytes(data)
        plan = read_plan(data).plan
        if plan is None:
            raise SystemExit("the book holds no plan")
        write_rows(rows, plan, count, seed=1)
        write_rows(others, plan, count, seed=2)
        wrong.write_text(rows.read_text(encoding="utf-8") + "Reviews,,,2026-01-01,2026-01-01,many\n", encoding="utf-8")
        loads = {f"{count:,} rows, new table": loaded(book, rows), f"{count:,} over {count:,}": loaded(book, others)}
        loads["a text among numbers"] = loaded(book, wrong, status=1)
        for line in told(loads):
            say(line)
        kept = [part for part in _parts(data) if "/charts/" in part or "/pivot" in part]
        now = _parts(book.read_bytes())
        same = sum(now.get(part) == _parts(data)[part] for part in kept)
        say(f"parts of charts and pivots that are the bytes they were: {same} of {len(kept)}")


if __name__ == "__main__":
    main()
