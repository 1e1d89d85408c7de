"""Try any folder of workbooks: ``python -m tests.corpus FOLDER``.

Into a copy of each, the inputs of a small plan are put; a cascade runs on it; a checker that shares no code with the
writer compares the result with the original part by part. Every workbook must pass, or be refused with a code.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections import Counter
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

from tests.corpus.trial import Trial, shown_the_same, trial

ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xlsb", ".xls")
LONGEST_S = 120


def tried_alone(data: bytes) -> Trial:
    """Return what comes of a workbook, tried in a process of its own."""
    here, there = Pipe(duplex=False)
    process = Process(target=_try, args=(data, there))
    process.start()
    there.close()
    found = here.recv() if here.poll(LONGEST_S) else None
    if found is None:
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return found if found is not None else Trial("failed", [f"did not end within {LONGEST_S} s"])


def _try(data: bytes, there: Connection) -> None:
    try:
        there.send(trial(data))
    except BaseException:
        there.send(Trial("failed", [traceback.format_exc().splitlines()[-1]]))


def main() -> int:
    """Try all, print a line for each and the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--office", action="store_true", help="let LibreOffice open them, too")
    asked = parser.parse_args()
    files = sorted(file for file in asked.folder.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file())
    found: dict[str, Trial] = {}
    pairs = {}
    for file in files:
        name = str(file.relative_to(asked.folder))
        data = file.read_bytes()
        found[name] = tried_alone(data)
        if found[name].after:
            pairs[name] = (data, found[name].after)
    if asked.office:
        for name, told in shown_the_same(pairs).items():
            found[name].verdict = "failed"
            found[name].told += told
    for name, each in found.items():
        print(f"{each.verdict:<8} {each.parts:>5} parts {each.cells:>8,} cells  {name}  {'; '.join(each.told[:4])}")
    counts = Counter(each.verdict for each in found.values())
    parts, cells, names = (sum(getattr(each, what) for each in found.values()) for what in ("parts", "cells", "names"))
    print(f"\n{len(files)} workbooks: {counts['pass']} pass, {counts['refused']} refused, {counts['failed']} failed")
    print(f"{parts:,} parts, {cells:,} cells and {names:,} names compared")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
