"""Random edits of a sealed workbook, one cell each: ``python -m tests.workbooks.versions.edits [--count 500]``.

Each must be found and named, and nothing else.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator

from tests.triggers.planning import PLAN
from tests.workbooks.books import book
from workbooks.addresses import cell_name, quoted
from workbooks.package.edit_table import change_cells
from workbooks.package.ownership import find_own
from workbooks.run import RunOptions, cascade
from workbooks.seal_run import seal
from workbooks.versions.store import read_versions
from workbooks.versions.verify import Verified, verify
from workbooks.versions.version import Block, Value, Version

OPTIONS = RunOptions(by="Aoife", command="targets seal")
LIMITS = [("Metric", "Org", "Period", "Max", "Owner"), ("Reviews", "A", "Jan", 150, "Aoife")]


def sealed() -> bytes:
    """Return a small plan, cascaded and sealed."""
    first = cascade(book({**PLAN, "Limits": LIMITS}), OPTIONS).data
    assert first is not None
    done = seal(first, "1", OPTIONS)
    assert done.data is not None, done.issues
    return done.data


def random_edits(version: Version, count: int, seed: int = 7) -> Iterator[tuple[str, str, Value]]:
    """Yield sheet, cell and another value, of any input or result cell."""
    rng = random.Random(seed)
    blocks = [*version.inputs.values(), *version.results.values()]
    cells = [cell for block in blocks for cell in _cells(block)]
    for sheet, cell, value in rng.choices(cells, k=count):
        yield sheet, cell, _another(value, rng)


def _cells(block: Block) -> Iterator[tuple[str, str, Value]]:
    for number, row in zip(block.numbers, block.rows, strict=True):
        if block.left == 0:
            yield block.sheet, str(row[0]), row[1]
            continue
        for at, value in enumerate(row):
            if block.headers[at]:
                yield block.sheet, cell_name(number, block.left + at), value


def _another(value: Value, rng: random.Random) -> Value:
    if value is None:
        return rng.choice([1.0, "x"])
    if isinstance(value, str):
        return rng.choice([value + "x", value.swapcase() if value.swapcase() != value else "y", None])
    return rng.choice([value + 1, value * 1.000001 + 1e-9, -value - 1, None])


def found_after(data: bytes, version: Version, sheet: str, cell: str, value: Value) -> Verified:
    """Return what verifying finds after one edit."""
    from workbooks.package.old_sheet import cell_place

    edited = change_cells(data, {sheet: {cell_place(cell): value}})
    return verify(edited, find_own(edited), version)


def is_named(found: Verified, sheet: str, cell: str) -> bool:
    """Whether exactly that cell is named; a row that is none any more is named as a row."""
    names = {each.where for each in found.differences}
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{quoted(sheet)}!{cell}" in names or all(name.endswith(row) and quoted(sheet) in name for name in names)


def main() -> None:
    """Run and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    count = parser.parse_args().count
    data = sealed()
    version = read_versions(data).versions[0]
    named = 0
    for sheet, cell, value in random_edits(version, count):
        found = found_after(data, version, sheet, cell, value)
        if found.differences and is_named(found, sheet, cell):
            named += 1
        else:
            print("not named:", sheet, cell, repr(value), found.differences[:3])  # noqa: T201
    print(f"{named} of {count} edits found and named")  # noqa: T201


if __name__ == "__main__":
    main()
