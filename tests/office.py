"""A real LibreOffice for tests: opens, recalculates and saves workbooks."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.calc import SHARED, SOFFICE, properties, uno

needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

_XLSX = "Calc MS Excel 2007 XML"
_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def resaved(data: bytes, folder: Path) -> bytes:
    """Return a workbook as LibreOffice saves it after calculating every formula anew."""
    source = folder / "book.xlsx"
    source.write_bytes(data)
    out = folder / "out"
    (saved,) = save_again([source], out)
    return saved.read_bytes()


def save_again(files: Sequence[Path], out: Path) -> list[Path]:
    """Let LibreOffice open workbooks, calculate every formula anew and save them as .xlsx; return those it could."""
    out.mkdir()
    if uno is None:
        _convert(files, out)
    else:
        for file in files:
            _save_in_shared(file, out / f"{file.stem}.xlsx")
    return sorted(out.glob("*.xlsx"))


def _save_in_shared(file: Path, target: Path) -> None:
    with contextlib.suppress(uno.getClass("com.sun.star.lang.IllegalArgumentException")):  # it does not open
        document = SHARED.get().open(file, runs_macros=False)
        if document is not None:
            document.calculateAll()  # it trusts the values in other programs' files unless it is told otherwise
            document.storeToURL(target.as_uri(), properties(FilterName=_XLSX))
            document.close(True)


def _convert(files: Sequence[Path], out: Path) -> None:
    """Do the same by the command, for a Python to which LibreOffice brings no module: it starts each time."""
    with _profile() as profile:
        command = [
            str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", f"xlsx:{_XLSX}",
            "--outdir", str(out), *map(str, files),
        ]  # fmt: skip
        subprocess.run(command, check=False, capture_output=True, timeout=600)


@contextlib.contextmanager
def _profile() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="calc-") as folder:
        user = Path(folder) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_RECALCULATE, encoding="utf-8")
        yield Path(folder)
