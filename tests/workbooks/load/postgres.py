"""A real PostgreSQL for tests: a server of our own, in a folder of its own, on a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
    Path(path) for path in [shutil.which("initdb")] if path
]
BIN = _FOUND[-1].parent if _FOUND else None
PASSWORD = "s3cret-of-the-test"


@contextmanager
def server() -> Iterator[str]:
    """Run a server; yields the address of a database on it, with its password.

    Notes
    -----
    Its folder is none of pytest's: every run of pytest closes the folder above those to other users again.
    """
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        _running(Path(folder)) as address,
    ):
        yield address


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    assert BIN is not None
    as_other = _other_user(folder)
    data, secret = folder / "data", folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    if as_other:
        shutil.chown(folder, "postgres")
        shutil.chown(secret, "postgres")
    _run(as_other, BIN / "initdb", "-D", data, "-U", "planner", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8",
         "--no-sync")  # fmt: skip
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    control = (BIN / "pg_ctl", "-D", data, "-w")
    _run(as_other, *control, "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://planner:{PASSWORD}@/postgres?host={folder}"
    finally:
        _run(as_other, *control, "-m", "immediate", "stop")


def _other_user(folder: Path) -> bool:
    """Whether the server must run as somebody else: it refuses to be root's."""
    if os.getuid() != 0:
        return False
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == 0 and parent != Path("/tmp") and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o711)
    return pwd.getpwnam("postgres") is not None


def _run(as_other: bool, *command: object) -> None:
    words = [str(each) for each in command]
    if as_other:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")
