"""A real LibreOffice that listens: documents stay open in it, macros run, sheets are read while they are open."""

from __future__ import annotations

import builtins
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.office import SOFFICE

_DEBIAN = "/usr/lib/python3/dist-packages"
ALL_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
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

    def open(self, path: Path) -> object:
        """Open a workbook, its macros allowed."""
        return self.desktop.loadComponentFromURL(
            path.as_uri(), "_blank", 0, properties(Hidden=True, MacroExecutionMode=ALL_MACROS)
        )


@contextlib.contextmanager
def running_calc(folder: Path, **environment: str) -> Iterator[Calc]:
    """Start LibreOffice with a profile of its own, and end it."""
    pipe = f"target-cascade-{os.getpid()}"
    process = subprocess.Popen(
        [
            str(SOFFICE), "--headless", "--norestore", "--nologo", "--nodefault",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}", f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment},
    )  # fmt: skip
    try:
        desktop = _connected(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        yield Calc(desktop)
        with contextlib.suppress(Exception):  # it ends while it answers
            desktop.terminate()
        process.wait(timeout=20)
    finally:
        process.kill()


def _connected(address: str) -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    ends = time.monotonic() + 90
    while True:
        try:
            context = resolver.resolve(address)
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def installed_command(folder: Path) -> Path:
    """Return an executable as an installation would have it, that runs the code under test."""
    script = folder / "targets"
    call = "from workbooks.command.main import main; main()"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "{call}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return script
