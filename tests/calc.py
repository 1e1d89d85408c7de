"""A real LibreOffice that listens: documents stay open in it, macros run, sheets are read while they are open."""

from __future__ import annotations

import atexit
import builtins
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SOFFICE = shutil.which("soffice")
_DEBIAN = "/usr/lib/python3/dist-packages"
_STARTS_S, _ENDS_S = 240, 60
"""How long a start and an end may take on a machine that is busy with other things: a hang ends, no clock is tested."""
NO_MACROS, ALL_MACROS = 0, 4  # com.sun.star.document.MacroExecMode
ROOT = Path(__file__).parents[1]


def _uno() -> ModuleType | None:
    """Return LibreOffice's own Python module, where it fits this Python; it must not change how others import."""
    ours = builtins.__import__
    sys.path.append(_DEBIAN)
    try:
        import uno
    except ImportError:
        return None
    finally:
        sys.path.remove(_DEBIAN)
        builtins.__import__ = ours
    return uno


uno = _uno()
needs_calc = pytest.mark.skipif(
    SOFFICE is None or uno is None, reason="LibreOffice with a python3-uno for this Python is not installed"
)


def struct(name: str, **values: object) -> object:
    """Return a UNO structure."""
    made = uno.createUnoStruct(name)
    for key, value in values.items():
        setattr(made, key, value)
    return made


def properties(**values: object) -> tuple[object, ...]:
    """Return named values as LibreOffice takes them."""
    return tuple(struct("com.sun.star.beans.PropertyValue", Name=key, Value=value) for key, value in values.items())


class Calc:
    """The program; documents are opened hidden."""

    def __init__(self, desktop: object) -> None:
        self.desktop = desktop

    def open(self, path: Path, *, runs_macros: bool = True) -> object:
        """Open a workbook, its macros allowed or not."""
        mode = ALL_MACROS if runs_macros else NO_MACROS
        return self.desktop.loadComponentFromURL(
            path.as_uri(), "_blank", 0, properties(Hidden=True, MacroExecutionMode=mode)
        )


@contextlib.contextmanager
def running_calc(folder: Path, **environment: str) -> Iterator[Calc]:
    """Start LibreOffice with a profile of its own, and end it, whatever happens."""
    pipe = f"target-cascade-{uuid.uuid4().hex[:12]}"
    process = subprocess.Popen(
        [
            str(SOFFICE), "--headless", "--norestore", "--nologo", "--nodefault",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}", f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment},
        start_new_session=True,  # the program is a child of what is started
    )  # fmt: skip
    desktop = None
    try:
        desktop = _connected(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext", process)
        yield Calc(desktop)
    finally:
        with contextlib.suppress(Exception):  # it ends while it answers
            if desktop is not None:
                desktop.terminate()
                process.wait(timeout=_ENDS_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class _Shared:
    """One LibreOffice for all tests of this process that only open and save, started when the first one asks."""

    def __init__(self) -> None:
        self.held = contextlib.ExitStack()
        self.calc: Calc | None = None

    def get(self) -> Calc:
        if self.calc is None:
            folder = self.held.enter_context(tempfile.TemporaryDirectory(prefix="calc-"))
            self.calc = self.held.enter_context(running_calc(Path(folder)))
            atexit.register(self.end)  # for scripts; in the suite a fixture ends it before
        return self.calc

    def end(self) -> None:
        self.calc = None
        self.held.close()


SHARED = _Shared()


def _connected(address: str, process: subprocess.Popen[bytes]) -> object:
    """Return the program's desktop, as soon as it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    ends = time.monotonic() + _STARTS_S
    while True:
        try:
            context = resolver.resolve(address)
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            if time.monotonic() > ends or process.poll() is not None:
                raise
            time.sleep(0.1)


def installed_command(folder: Path) -> Path:
    """Return an executable as an installation would have it, that runs the code under test."""
    script = folder / "targets"
    call = "from workbooks.command.main import main; main()"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "{call}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return script
