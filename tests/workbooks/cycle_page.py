"""The walk-through of docs/cycle.md, command by command as it stands there: ``python -m tests.workbooks.cycle_page``.

What a page quotes (``> …``) below a command must be what the command prints. What people do in between, in Excel, is
done here: packs are filled in, actuals written, As of moved.
"""

from __future__ import annotations

import csv
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.workbooks.books import as_saved, opened
from workbooks.package.edit_table import edit_table
from workbooks.package.ownership import find_own, read_own_table
from workbooks.run import read_plan

PAGE = Path(__file__).parents[2] / "docs" / "cycle.md"
_PLAN = Path("plan.xlsx")
_START = "import sys; sys.argv[0] = 'targets'; from workbooks.command.main import main; sys.exit(main())"
_KEYS = ("Metric", "Org", "Queue", "Period")
_SHARES = {"2024Q1": 0.97, "2024Q2": 1.01}
"""What came of what was agreed, quarter by quarter."""


@dataclass
class Step:
    """A command, and what the page says that it prints."""

    command: str
    quoted: list[str]


def steps(text: str) -> Iterator[Step]:
    """Yield the commands of a page in order, each with the quotes that follow it."""
    step: Step | None = None
    is_code = False
    for line in text.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        elif is_code and line.startswith("targets "):
            if step is not None:
                yield step
            step = Step(line.partition("  #")[0].strip(), [])
        elif line.startswith("> ") and step is not None:
            step.quoted.append(line.removeprefix("> ").strip())
    if step is not None:
        yield step


def fill_in(folder: Path) -> None:
    """Answer the packs: Canada counters with 2 % less in the second quarter, its region leaves its total open."""
    for path in folder.glob("*.xlsx"):
        book = opened(path.read_bytes())
        for row in book["Responses"].iter_rows(min_row=6):
            where = (row[1].value, row[2].value)
            if where == ("Canada", "2024Q2"):
                answer = ("counter", round(row[3].value * 0.98), "two reviewers leave in April", "Canada lead")
            elif where == ("North America", "2024Q2"):
                continue
            else:
                answer = ("accept", None, None, "Regional lead")
            for cell, value in zip(row[4:], answer, strict=False):
                cell.value = value
        path.write_bytes(as_saved(book))


def write_actuals(folder: Path, period: str) -> None:
    """Write what happened in a quarter, in whole items, as an export would hold it."""
    data = (folder / _PLAN).read_bytes()
    table = read_own_table(data, find_own(data), "Agreed")
    rows = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    with (folder / f"{period}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_KEYS, "Value"])
        for row in rows:
            if row["Period"] == period:
                writer.writerow([*(row[key] for key in _KEYS), round(float(str(row["Value"])) * _SHARES[period])])


def move_as_of(folder: Path, period: str) -> None:
    """Set As of, as somebody does in Settings."""
    path = folder / _PLAN
    data = path.read_bytes()
    table = read_plan(data).inputs.tables["Settings"]
    at = np.flatnonzero(table.values["Setting"] == "As of")
    if len(at):
        done = edit_table(data, table, {(int(table.rows[at[0]]), table.columns["Value"]): period}, [])
    else:
        done = edit_table(data, table, {}, [{"Setting": "As of", "Value": period}])
    assert isinstance(done, bytes), done
    path.write_bytes(done)


def _as_of(folder: Path) -> str:
    plan = read_plan((folder / _PLAN).read_bytes()).plan
    return plan.settings.as_of or "" if plan is not None else ""


def run(folder: Path, step: Step) -> str:
    """Return what a command prints, after what people do before it.

    Raises
    ------
    AssertionError
        It fails, or prints something else than the page says.
    """
    words = shlex.split(step.command)[1:]
    loaded = Path(words[words.index("--from") + 1]).stem if words[0] == "load" else ""
    if words[0] == "collect":
        fill_in(folder / "packs")
    elif loaded in _SHARES:
        write_actuals(folder, loaded)
    done = subprocess.run(
        [sys.executable, "-c", _START, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    expected = 3 if words[:2] == ["version", "verify"] and "2024Q2" in _as_of(folder) else 0
    assert done.returncode == expected, (step.command, done.stdout, done.stderr)
    printed = " ".join(done.stdout.split())
    for quote in step.quoted:
        assert " ".join(quote.split()) in printed, (step.command, quote, done.stdout)
    if loaded in _SHARES:
        move_as_of(folder, loaded)
    return done.stdout


def main() -> None:
    """Walk through the page in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        for step in steps(PAGE.read_text(encoding="utf-8")):
            printed = run(Path(name), step)
            sys.stdout.write(f"$ {step.command}\n{printed}\n")
    sys.stdout.write("every command did as the page says\n")


if __name__ == "__main__":
    main()
