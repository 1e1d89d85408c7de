"""A real LibreOffice for tests: opens, recalculates and saves workbooks."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def resaved(data: bytes, folder: Path) -> bytes:
    """Return a workbook as LibreOffice saves it after calculating every formula anew."""
    source, profile, out = folder / "book.xlsx", folder / "profile", folder / "out"
    source.write_bytes(data)
    (profile / "user").mkdir(parents=True, exist_ok=True)
    # LibreOffice trusts the values in other programs' files unless it is told otherwise
    (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATE, encoding="utf-8")
    subprocess.run(
        [
            str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
            "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(source),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (out / "book.xlsx").read_bytes()
