"""Workbook files: read once, written old or new but never between.

Owns: locks, who holds a book, and the check that nobody changed the file meanwhile.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from solver.frozen import frozen
from workbooks.package.exchange import exchange_file, held_back, sweep
from workbooks.package.limits import MOST_OF_A_FILE
from workbooks.package.proof import package_fault

NOT_WRITTEN = frozenset({"TC652", "TC653", "TC654", "TC655"})
"""Codes that end a command with status 5: the file could not be written, the original is intact."""

WRITTEN: list[Path] = []
"""Workbooks that this process has written: whoever is interrupted afterwards must not hear that nothing was."""

_LOCK_END = ".target-cascade.lock"


@frozen
class Opened:
    """A workbook file as it was read.

    path : with symbolic links followed; data : None where it could not be read; fingerprint : SHA-256 of the data
    """

    path: Path
    data: bytes | None
    fingerprint: str
    issues: tuple[Issue, ...] = ()


def load(path: Path) -> Opened:
    """Return a workbook file, read once; an issue where it is missing, unreadable or open elsewhere."""
    try:
        target = path.resolve()
        if not target.exists():
            return Opened(path, None, "", (issue("TC650", NOWHERE, str(path)),))
        if held := _held_by(target):
            return Opened(target, None, "", (held,))
        status = target.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe or a device would never end
            return Opened(target, None, "", (issue("TC651", NOWHERE, f"{path}: no file"),))
        if status.st_size > MOST_OF_A_FILE:
            return Opened(target, None, "", (issue("TC102", NOWHERE, f"a file of {status.st_size / 2**30:,.1f} GiB"),))
        data = target.read_bytes()
    except (OSError, RuntimeError) as failed:
        return Opened(path, None, "", (issue("TC651", NOWHERE, f"{path}: {_reason(failed)}"),))
    return Opened(target, data, sha256(data).hexdigest())


def save(
    opened: Opened,
    data: bytes,
    *,
    may_lose_parts: bool = False,
    is_proven: bool = False,
    before_exchange: Callable[[bytes], None] = lambda before: None,
) -> tuple[Issue, ...]:
    """Put new bytes in the place of a workbook that was read; equal bytes are not written.

    Parameters
    ----------
    may_lose_parts : whether it is an earlier state of the file, or another workbook in its place
    is_proven : whether the new package has been looked over by whoever made it
    before_exchange : told the bytes that stand there, when nothing but the disk can stop the exchange any more

    Returns
    -------
    tuple of Issue
        Where one stops the run, the original is intact; otherwise it is done.
    """
    if opened.data == data:
        return ()
    try:
        with _locked(opened.path) as is_ours:
            if not is_ours:
                return (issue("TC653", NOWHERE, str(opened.path)),)
            if held := _held_by(opened.path):
                return (held,)
            now = _as_it_stands(opened)
            is_new = now != data
            fault = package_fault(None if may_lose_parts else now, data) if is_new and not is_proven else ""
            if told := _hindrance(opened, now) or (damaged(opened.path, fault) if fault else None):
                return (told,)
            if is_new:
                before_exchange(now)
            return _replace(opened.path, data) if is_new else ()
    except OSError as failed:
        return (issue("TC655", NOWHERE, f"{opened.path}: {_reason(failed)}"),)


def write_new(path: Path, data: bytes, *, replace: bool = False) -> tuple[Issue, ...]:
    """Write a new workbook file; an existing one only with ``replace``."""
    try:
        target = path.resolve()
        if target.exists():
            if not replace:
                return (issue("TC656", NOWHERE, str(path)),)
            opened = load(path)
            return opened.issues if opened.data is None else save(opened, data, may_lose_parts=True)
        return _replace(target, data)
    except OSError as failed:
        return (issue("TC655", NOWHERE, f"{path}: {_reason(failed)}"),)


def _as_it_stands(opened: Opened) -> bytes:
    """Return a file's bytes as they stand now: those that were read, where they are the same, and no copy of them."""
    if opened.data is not None:
        with opened.path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() == opened.fingerprint:
                return opened.data
    return opened.path.read_bytes()


def _hindrance(opened: Opened, now: bytes) -> Issue | None:
    """Return why a file as it stands now must not be exchanged."""
    path = opened.path
    if now is not opened.data and sha256(now).hexdigest() != opened.fingerprint:
        return issue("TC654", NOWHERE, str(path))
    if not path.stat().st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        return issue("TC655", NOWHERE, f"{path}: read-only")
    return None


def damaged(path: Path, fault: str) -> Issue:
    """Return the issue of a new package that would not open.

    Parameters
    ----------
    fault : what is wrong with it
    """
    return issue("TC655", NOWHERE, f"{path}: the new package is damaged: {fault}")


def tidy_after(path: Path) -> None:
    """Remove what a run that was ended in the middle of its save left beside a workbook."""
    with suppress(OSError):
        target = path.resolve()
        sweep(target.parent)
        if _lock_of(target).exists():
            with _locked(target):
                pass


def _replace(path: Path, data: bytes) -> tuple[Issue, ...]:
    """Put new bytes in the place of a file; a note where they stand there but the disk does not confirm it."""
    sweep(path.parent)
    is_through = exchange_file(path, data, lambda: WRITTEN.append(path))
    return () if is_through else (issue("TC664", NOWHERE, str(path)),)


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold the lock beside a workbook; yields False where another run holds it."""
    from filelock import FileLock, Timeout

    lock_path = _lock_of(path)
    lock = FileLock(lock_path, timeout=0)
    is_ours = False
    try:
        with held_back(), suppress(Timeout):  # an interrupt in between would leave a lock that nobody knows of
            lock.acquire()
            is_ours = True
        yield is_ours
    finally:
        # what goes wrong here comes after the exchange: it must not be said that the original is intact
        if is_ours:
            with suppress(OSError):
                lock_path.unlink(missing_ok=True)
            with suppress(OSError):
                lock.release()


def _lock_of(path: Path) -> Path:
    return path.with_name(f".{path.name}{_LOCK_END}")


def _held_by(path: Path) -> Issue | None:
    """Return an issue where Excel or LibreOffice says that it has the workbook open."""
    for name in (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#"):
        beside = path.with_name(name)
        if beside.exists():
            return issue("TC652", NOWHERE, f"{path.name}: {beside.name} stands beside it{_owner(beside)}")
    return None


def _owner(beside: Path) -> str:
    """Return who holds a workbook, as far as the file beside it says."""
    try:
        data = beside.read_bytes()[:512]
    except OSError:
        return ""
    if beside.name.startswith(".~lock."):
        names = [part for part in data.decode("utf-8", "replace").split(",")[:2] if part.strip()]
        return f" (opened by {names[0].strip()})" if names else ""
    name = data[1 : 1 + data[0]].decode("latin-1", "replace").strip() if data else ""
    return f" (opened by {name})" if name.isprintable() and name else ""


def _reason(failed: Exception) -> str:
    return getattr(failed, "strerror", None) or str(failed)
