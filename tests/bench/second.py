"""A second run beside the first, as whole commands. Run with ``python -m tests.bench.second``.

One number of Capacity is edited: in the workbook as the first run left it, and, where LibreOffice is installed, in one
that it has saved since, as an analyst's is: then every result sheet is written in other words.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.bench.__main__ import ENVIRONMENT, TARGETS, Measured, measured
from tests.bench.books import SIZES, plan_book
from workbooks.package.own_book import OwnBook
from workbooks.package.set_cells import set_cells

_MET_OR_NOT = frozenset({0, 3})
_HOURS = (5, 3)  # row and column of one number in Capacity


def edited(data: bytes, hours: float) -> bytes:
    """Return a workbook with another number in Capacity."""
    book = OwnBook(data)
    part = book.by_name["capacity"].part
    book.book.parts.put(part, set_cells(book.book.parts.part(part), {_HOURS: hours}))
    return book.book.parts.data()


def saved_by_calc(book: Path, folder: Path) -> None:
    """Let LibreOffice save a workbook in its place."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "saved"
    command = ("soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out), str(book))
    subprocess.run(command, check=True, capture_output=True)
    shutil.move(out / book.name, book)


def compare(size: str, runs: int, folder: Path) -> list[str]:
    """Return a line for each kind of second run: its processor seconds, the first one's, the ratio, peak memory."""
    book = folder / "plan.xlsx"
    kinds: dict[str, list[tuple[Measured, Measured]]] = {"unchanged": [], "after one edit": []}
    if shutil.which("soffice"):
        kinds["after one edit, saved by LibreOffice"] = []
    for turn in range(runs + 1):
        book.write_bytes(plan_book(SIZES[size]))
        first = _cascade(book)
        kinds["unchanged"].append((_cascade(book), first))
        book.write_bytes(edited(book.read_bytes(), 400.0 + turn))
        kinds["after one edit"].append((_cascade(book), first))
        if len(kinds) > 2:
            book.write_bytes(edited(book.read_bytes(), 500.0 + turn))
            saved_by_calc(book, folder)
            kinds["after one edit, saved by LibreOffice"].append((_cascade(book), first))
    # the first turn writes bytecode and warms the disk
    return [_line(f"second run {kind}, {size} / the first", taken[1:]) for kind, taken in kinds.items()]


def _cascade(book: Path) -> Measured:
    return measured(*TARGETS, "cascade", str(book), "--quiet", "--worth", "none", status=_MET_OR_NOT)


def _line(what: str, taken: list[tuple[Measured, Measured]]) -> str:
    second, first = min(taken, key=lambda pair: pair[0].seconds / pair[1].seconds)
    ratios = [again.seconds / before.seconds for again, before in taken]
    peak = max(again.peak_mb for again, _ in taken)
    return (
        f"{what:<66} {second.seconds:7.3f} s / {first.seconds:7.3f} s = {min(ratios):5.2f}  (to {max(ratios):.2f})"
        f"  peak {peak:.0f} MB"
    )


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sizes", nargs="*", default=["100k"], choices=list(SIZES))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as kept:
        ENVIRONMENT["TARGETS_UNDO"] = os.environ["TARGETS_UNDO"] = kept
        ENVIRONMENT["PYTHONPYCACHEPREFIX"] = tempfile.gettempdir() + "/target-cascade-bytecode"
        for size in asked.sizes:
            with tempfile.TemporaryDirectory() as folder:
                for line in compare(size, asked.runs, Path(folder)):
                    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
