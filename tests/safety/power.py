"""The power cut at any instant: the recorded order of a run's writes replayed as a disk may have kept them.

The model is a hard one: of a file that was not written through, nothing, half or all may stand; names change in their
order, but none need have changed since the folder was last written through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE = re.compile(r"^(\w+)\((.*)\)\s+=\s+(-?\d+)")
_PATH = re.compile(r'"([^"]*)"')


@dataclass
class Replayed:
    """What a replay came to. states : how many states of the disk were looked at."""

    states: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class _Disk:
    names: dict[str, int]
    written: dict[int, int] = field(default_factory=dict)
    through: dict[int, int] = field(default_factory=dict)
    history: list[dict[str, int]] = field(default_factory=list)
    kept: int = 0  # the history before this cannot come back


def replay(lines: list[str], book: str) -> Replayed:
    """Return what a power cut after each of these calls leaves of a book.

    Parameters
    ----------
    lines : as strace writes them, of one run; book : its path
    """
    disk = _Disk({book: 0})
    disk.written[0] = disk.through[0] = 1
    disk.history.append(dict(disk.names))
    handles: dict[str, int | str] = {}
    found = Replayed()
    for line in lines:
        match = _LINE.match(line)
        if match is None or int(match[3]) < 0:
            continue
        _step(disk, handles, match[1], match[2], match[3])
        _look(disk, book, line, found)
    return found


def _step(disk: _Disk, handles: dict[str, int | str], call: str, told: str, result: str) -> None:
    paths = _PATH.findall(told)
    if call == "openat":
        _open(disk, handles, paths[0], told, result)
    elif call in ("write", "pwrite64"):
        file = handles.get(told.partition(",")[0])
        if isinstance(file, int):
            disk.written[file] = disk.written.get(file, 0) + 1
    elif call in ("fsync", "fdatasync"):
        file = handles.get(told.partition(",")[0].partition(")")[0])
        if isinstance(file, int):
            disk.through[file] = disk.written.get(file, 0)
        else:
            disk.kept = len(disk.history) - 1
    elif call.startswith("rename"):
        disk.names[paths[-1]] = disk.names.pop(paths[0])
        disk.history.append(dict(disk.names))
    elif call.startswith("unlink"):
        disk.names.pop(paths[0], None)
        disk.history.append(dict(disk.names))


def _open(disk: _Disk, handles: dict[str, int | str], path: str, told: str, handle: str) -> None:
    if "O_DIRECTORY" in told or ("O_CREAT" not in told and path not in disk.names):
        handles[handle] = path
        return
    if path not in disk.names:
        disk.names[path] = max(disk.written, default=0) + 1
        disk.written[disk.names[path]] = 0
        disk.history.append(dict(disk.names))
    handles[handle] = disk.names[path]


def _look(disk: _Disk, book: str, line: str, found: Replayed) -> None:
    for names in disk.history[disk.kept :]:
        found.states += 3  # nothing, half or all of what was not written through
        file = names.get(book)
        if file is None:
            found.faults.append(f"the book is gone after {line[:80]}")
        elif file and disk.through.get(file, 0) < disk.written[file]:
            found.faults.append(f"the book may be cut off after {line[:80]}")
