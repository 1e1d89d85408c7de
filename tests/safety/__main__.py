"""All the counts by which the safety of an analyst's workbook is shown: ``python -m tests.safety``.

The everyday suite runs samples of them. ``--part`` runs some alone; ``--share 0.1`` a tenth of each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.corpus.made import kept, refused
from tests.corpus.trial import shown_the_same, trial
from tests.office import SOFFICE
from tests.safety.alone import alone
from tests.safety.attacks import attacks
from tests.safety.books import six_books
from tests.safety.faults import FAULTS, STRACE, points_of, recorded
from tests.safety.injection import cases
from tests.safety.interrupts import interrupted_at_calls, interrupted_at_times
from tests.safety.large import command_on, large_books
from tests.safety.mutants import mutants
from tests.safety.power import replay
from tests.safety.rounds import rounds
from tests.undoing import undoing_in
from workbooks.run import cascade

Row = tuple[str, str, list[str]]


def corpus(share: float) -> Row:
    """The corpus of our own making: everything passes, or is refused by its code."""
    faults = []
    found = {name: trial(data) for name, data in kept().items()}
    faults += [f"{name}: {each.verdict} {each.told[:2]}" for name, each in found.items() if each.verdict != "pass"]
    for name, (data, code) in refused().items():
        each = trial(data)
        if each.verdict != "refused" or not any(told.startswith(code) for told in each.told):
            faults.append(f"{name}: {each.verdict} {each.told[:2]}")
    parts, cells = (sum(getattr(each, what) for each in found.values()) for what in ("parts", "cells"))
    return "corpus", f"{len(found)} kept ({parts} parts, {cells:,} cells), {len(refused())} refused by name", faults


def office(share: float) -> Row:
    """LibreOffice opens every output, and shows the untouched sheets the same."""
    if SOFFICE is None:
        return "LibreOffice", "is not installed", ["not run"]
    books = kept()
    pairs = {name: (data, trial(data).after) for name, data in books.items()}
    faults = [f"{name}: {told}" for name, told in shown_the_same(pairs).items()]
    return "LibreOffice opens and shows the same", f"{len(pairs)} books", faults


def fault_points(share: float) -> Row:
    """A fault at every file-changing call of a run."""
    every = max(1, round(1 / share))
    points = [points_of(name, data, FAULTS, every) for name, data in six_books().items()]
    states: Counter = Counter()
    for each in points:
        states.update(each.by_state)
    count = sum(each.count for each in points)
    told = f"{count:,} points over {len(points)} books with {'strace' if STRACE else 'a shim'}"
    return "faults", f"{told}: {dict(states)}", [fault for each in points for fault in each.faults]


def interrupts(share: float) -> Row:
    """Ctrl-C at every file-changing call of the command, and at instants spread over it."""
    every = max(1, round(1 / share))
    found = [interrupted_at_times(name, data, max(2, round(50 * share))) for name, data in six_books().items()]
    if STRACE is not None:
        found += [interrupted_at_calls(name, data, every) for name, data in six_books().items()]
    ends: Counter = Counter()
    for each in found:
        ends.update(each.by_end)
    told = f"{ends.total():,} over {len(six_books())} books: {dict(ends)}"
    return "interrupts", told, [fault for each in found for fault in each.faults]


def concurrent(share: float) -> Row:
    """Runs on one book at once."""
    found = rounds(six_books()["charts"], max(1, round(600 * share)))
    return (
        "rounds",
        f"{found.count} rounds of 2–8, {found.runs:,} runs, ended with {dict(found.statuses)}",
        found.faults,
    )


def power(share: float) -> Row:
    """The power cut at any instant of the recorded order of writes."""
    if STRACE is None:
        return "power cuts", "strace is not installed", ["not run"]
    states, faults = 0, []
    for data in six_books().values():
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "plan.xlsx"
            book.write_bytes(data)
            with undoing_in(Path(folder) / "states"):
                lines = recorded(book, Path(folder) / "log")
            found = replay(lines, str(book))
        states += found.states
        faults += found.faults
    return "power cuts", f"{states:,} states of the disk over {len(six_books())} books", faults


def fuzz(share: float) -> Row:
    """Mutants: no exception, no hang, no memory."""
    each = max(1, round(3000 * share / len(six_books())) + 1)
    return _harmless("mutants", [(f"{name}: {what}", data) for at, (name, book) in enumerate(six_books().items())
                                 for what, data in mutants(book, each, at)])  # fmt: skip


def built(share: float) -> Row:
    """Attacks built by hand."""
    return _harmless("attacks", list(attacks())[:: max(1, round(1 / share))])


def _harmless(word: str, hostile: list[tuple[str, bytes]]) -> Row:
    faults, slowest, largest = [], 0.0, 0
    for name, data in hostile:
        taken = alone(lambda data=data: cascade(data))
        slowest, largest = max(slowest, taken.seconds), max(largest, taken.bytes)
        if taken.fault:
            faults.append(f"{name}: {taken.fault}")
    return word, f"{len(hostile):,}; slowest {slowest:.1f} s, largest {largest / 2**20:,.0f} MiB", faults


def large(share: float) -> Row:
    """Books as large as they may be, and larger, given to the command."""
    faults, slowest, largest, count = [], 0.0, 0, 0
    for each in large_books(share):
        taken = command_on(each.make())
        slowest, largest = max(slowest, taken.seconds), max(largest, taken.bytes)
        count += 1
        print(f"    {each.name:<46} {taken.seconds:>5.1f} s {taken.bytes / 2**20:>6,.0f} MiB", flush=True)
        if taken.fault:
            faults.append(f"{each.name}: {taken.fault}")
    return "large books", f"{count}; slowest {slowest:.0f} s, largest {largest / 2**20:,.0f} MiB", faults


def injected(share: float) -> Row:
    """Texts that mean something elsewhere."""
    found = list(cases())
    return (
        "injection",
        f"{len(found)} cases",
        [f"{each.lead!r} in {each.place}, {each.output}: {each.fault}" for each in found if each.fault],
    )


PARTS: dict[str, Callable[[float], Row]] = {
    "corpus": corpus, "office": office, "faults": fault_points, "interrupts": interrupts, "rounds": concurrent,
    "power": power, "fuzz": fuzz, "attacks": built, "injection": injected, "large": large,
}  # fmt: skip


def main() -> int:
    """Run the counts and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", nargs="*", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--share", type=float, default=1.0)
    asked = parser.parse_args()
    failed = False
    print(f"{'what':<38} {'faults':>6}  {'seconds':>7}  counted")
    for name in asked.part:
        started = time.monotonic()
        what, counted, faults = PARTS[name](asked.share)
        print(f"{what:<38} {len(faults):>6}  {time.monotonic() - started:>7.0f}  {counted}", flush=True)
        for fault in faults[:20]:
            print(f"    {fault}", flush=True)
        failed |= bool(faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
