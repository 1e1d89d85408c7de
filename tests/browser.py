"""A real headless Chromium for tests: loads a page, runs a script in it, and returns what became of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def _run(folder: Path, *options: str) -> str:
    done = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}", *options,
        ],
        check=True, capture_output=True, timeout=120, text=True,
    )  # fmt: skip
    return done.stdout


def loaded(page: str, folder: Path, script: str = "") -> str:
    """Return a page as it stands after its scripts, and one of the test's own, have run."""
    file = folder / "page.html"
    file.write_text(page.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    return _run(folder, "--dump-dom", file.as_uri())


def printed(page: str, folder: Path) -> bytes:
    """Return a page as Chromium prints it: a PDF."""
    file, out = folder / "page.html", folder / "page.pdf"
    file.write_text(page, encoding="utf-8")
    _run(folder, f"--print-to-pdf={out}", file.as_uri())
    return out.read_bytes()
