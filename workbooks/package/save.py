"""Workbook files: read once, written old or new but never between.

Owns: locks, the check that nobody changed the file meanwhile, the temporary file, and its atomic exchange.
"""

from __future__ import annotations

import io
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from engine.codes import issue
from engine.issues import NOWHERE, Issue

NOT_WRITTEN = frozenset({"TC652", "TC653", "TC654", "TC655"})
"""Codes that end a command with status 5: the file could not be written, the original is intact."""

_TEMP_START = ".target-cascade-"
_LOCK_END = ".target-cascade.lock"


@dataclass(frozen=True, slots=True)
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
        data = target.read_bytes()
    except (OSError, RuntimeError) as failed:
        return Opened(path, None, "", (issue("TC651", NOWHERE, f"{path}: {_reason(failed)}"),))
    return Opened(target, data, sha256(data).hexdigest())


def save(opened: Opened, data: bytes) -> tuple[Issue, ...]:
    """Put new bytes in the place of a workbook that was read; equal bytes are not written.

    Returns
    -------
    tuple of Issue
        Empty when it is done. Otherwise the original is intact.
    """
    if opened.data == data:
        return ()
    try:
        with _locked(opened.path) as is_ours:
            if not is_ours:
                return (issue("TC653", NOWHERE, str(opened.path)),)
            if held := _held_by(opened.path):
                return (held,)
            return _exchange(opened, data)
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
            return opened.issues if opened.data is None else save(opened, data)
        _replace(target, data, mode=None)
    except OSError as failed:
        return (issue("TC655", NOWHERE, f"{path}: {_reason(failed)}"),)
    return ()


def _exchange(opened: Opened, data: bytes) -> tuple[Issue, ...]:
    path = opened.path
    if sha256(path.read_bytes()).hexdigest() != opened.fingerprint:
        return (issue("TC654", NOWHERE, str(path)),)
    mode = path.stat().st_mode
    if not mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        return (issue("TC655", NOWHERE, f"{path}: read-only"),)
    _sweep(path.parent)
    _replace(path, data, stat.S_IMODE(mode))
    return ()


def _replace(path: Path, data: bytes, mode: int | None) -> None:
    """Write beside the file, make sure that it stands on disk and is whole, then exchange the two in one step."""
    handle, name = tempfile.mkstemp(prefix=f"{_TEMP_START}{os.getpid()}-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _check(temporary, data)
        if mode is not None:
            temporary.chmod(mode)
        else:
            temporary.chmod(0o666 & ~_mask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _check(temporary: Path, data: bytes) -> None:
    """Read back what was written: a disk that lies is found before the exchange."""
    if temporary.read_bytes() != data:
        raise OSError("what was written does not read back")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.testzip() is not None:
                raise OSError("the new package is damaged")
    except zipfile.BadZipFile as damaged:
        raise OSError("the new package is damaged") from damaged


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there; the exchange itself is durable
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove temporary files of runs that died."""
    for left in folder.glob(f"{_TEMP_START}*.tmp"):
        process = left.name[len(_TEMP_START) :].partition("-")[0]
        if process.isdigit() and not _is_alive(int(process)):
            with suppress(OSError):
                left.unlink()


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # asking would end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold the lock beside a workbook; yields False where another run holds it."""
    from filelock import FileLock, Timeout

    lock_path = path.with_name(f".{path.name}{_LOCK_END}")
    lock = FileLock(lock_path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        with suppress(OSError):
            lock_path.unlink(missing_ok=True)
        lock.release()


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
