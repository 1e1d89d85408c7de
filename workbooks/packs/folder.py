"""The folder that packs are written to, and what stands in it already.

Owns: the names of the files, and that nobody's answers are written over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from workbooks.package.save import write_new
from workbooks.packs.read import OPEN, read_returned

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def pack_files(folder: Path, sites: Iterable[str]) -> dict[str, Path]:
    """Return the file of each site; names that a file system takes for one are counted."""
    found: dict[str, Path] = {}
    taken: set[str] = set()
    for site in sites:
        plain = _UNSAFE.sub("-", site).rstrip(". ") or "-"
        name, count = plain, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain} ({count})"
        taken.add(name.casefold())
        found[site] = folder / f"{name}.xlsx"
    return found


def in_the_way(folder: Path, sites: Iterable[str], *, replace: bool) -> tuple[Issue, ...]:
    """Return what keeps packs from being written to a folder, before anything is.

    Parameters
    ----------
    replace : files that are there may be written over, but for answers
    """
    there = [path for path in pack_files(folder, sites).values() if path.exists()]
    if not replace:
        return tuple(issue("TC656", NOWHERE, str(path)) for path in there)
    return tuple(issue("TC997", NOWHERE, str(path)) for path in there if _is_answered(path))


def _is_answered(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False  # it is written over or not: that is said then
    answers = read_returned(path, data).answers
    return any(each.answer != OPEN or each.value is not None or each.reason or each.by for each in answers)


def write_packs(folder: Path, packs: Mapping[str, bytes], *, replace: bool) -> Iterator[tuple[Path, tuple[Issue, ...]]]:
    """Write packs to a folder, which is made; yields each file, and what kept it from being written."""
    folder.mkdir(parents=True, exist_ok=True)
    for site, path in pack_files(folder, packs).items():
        yield path, write_new(path, packs[site], replace=replace)
