"""One file exchanged for another in one step: whoever looks sees the old one or the new one, never anything between.

Owns: the temporary file beside it, what it takes over from the old one, that it stands on disk before the exchange,
and the sweeping up after runs that died.
"""

from __future__ import annotations

import os
import signal
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

_TEMP_START = ".target-cascade-"
_TEMP_END = ".tmp"
_ACCESS_LIST = "system.posix_acl_access"
_CHUNK = 2**20
_STALE_S = 24 * 3600
"""Age from which a temporary file of another machine counts as left behind."""


def exchange_file(path: Path, data: bytes, on_exchanged: Callable[[], None] = lambda: None) -> bool:
    """Put new bytes in the place of a file, or make it.

    Parameters
    ----------
    on_exchanged : called as soon as they stand there

    Returns
    -------
    bool
        False where the file is exchanged, but the folder could not be written through to the disk.

    Raises
    ------
    OSError
        The old file stands as it was, and nothing is left beside it.
    """
    temporary: Path | None = None
    try:
        start = f"{_TEMP_START}{_machine()}-{os.getpid()}-"
        with held_back():  # an interrupt in between would leave a file that nobody knows of
            handle, name = tempfile.mkstemp(prefix=start, suffix=_TEMP_END, dir=path.parent)
            temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            _take_over(path, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        if not _reads_back(temporary, data):  # a disk that lies is found before the exchange
            raise OSError("what was written does not read back")
        with _uninterrupted():
            temporary.replace(path)
            on_exchanged()
            return _sync_folder(path.parent)
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _reads_back(file: Path, data: bytes) -> bool:
    with file.open("rb") as written:
        return all(written.read(_CHUNK) == data[at : at + _CHUNK] for at in range(0, len(data) + 1, _CHUNK))


def sweep(folder: Path) -> None:
    """Remove temporary files of runs that died."""
    with suppress(OSError):
        for left in folder.glob(f"{_TEMP_START}*{_TEMP_END}"):
            machine, _, rest = left.name.removeprefix(_TEMP_START).partition("-")
            process = rest.partition("-")[0]
            with suppress(OSError):
                if machine == _machine() and process.isdecimal():
                    is_left = not _is_alive(int(process))
                else:
                    is_left = time.time() - left.stat().st_mtime > _STALE_S
                if is_left:
                    left.unlink()


def _machine() -> str:
    """Return a word for this machine: the number of a process says nothing on another one."""
    return sha256(socket.gethostname().encode()).hexdigest()[:8]


def _take_over(path: Path, handle: int) -> None:
    """Give the new file the mode, the owner and the access list of the old one, as far as we may."""
    if os.name == "nt":
        return
    try:
        old = path.stat()
    except FileNotFoundError:
        os.fchmod(handle, 0o666 & ~_mask())
        return
    own = os.fstat(handle)
    if (old.st_uid, old.st_gid) != (own.st_uid, own.st_gid):
        for uid, gid in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
            with suppress(PermissionError):
                os.fchown(handle, uid, gid)
                break
    os.fchmod(handle, stat.S_IMODE(old.st_mode))
    if hasattr(os, "listxattr"):
        with suppress(OSError):  # not every file system has them
            _take_over_attributes(path, handle)


def _take_over_attributes(path: Path, handle: int) -> None:
    """Give the new file the attributes of the old one, its access list among them, and no other access list."""
    kept = os.listxattr(path)
    for name in kept:
        with suppress(OSError):
            os.setxattr(handle, name, os.getxattr(path, name))
    if _ACCESS_LIST not in kept and _ACCESS_LIST in os.listxattr(handle):
        os.removexattr(handle, _ACCESS_LIST)  # the folder's default: it would let in whom the old file kept out


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> bool:
    """Write a folder through to the disk; False where that fails."""
    if os.name == "nt":
        return True  # a folder cannot be opened there; the exchange itself is durable
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        return False
    return True


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for what takes an instant: it must not be said that nothing was written when it was.

    An interrupt that comes meanwhile is too late, and is let go.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def held_back() -> Iterator[None]:
    """Let Ctrl-C wait for what takes an instant and must be done whole; it comes afterwards."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            raise KeyboardInterrupt


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # asking would end it there
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
