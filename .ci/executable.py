"""Build ``targets`` as one file that runs without Python, start it, and cascade a plan with it.

    python -m pip install '.[excel,watch]' 'pyinstaller>=6.10'
    python .ci/executable.py dist

Works on Linux, Windows and macOS; each builds for itself alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ENTRY = """import sys
if sys.argv[1:3] == ["-m", "workbooks.batch.lane"]:  # a batch starts processes of its own, as it would start Python
    del sys.argv[1:3]
    from workbooks.batch.lane import main
else:
    from workbooks.command.main import main
main()
"""
ROOMS = ("engine", "solver", "workbooks", "samples")
LEFT_OUT = (
    "tkinter",
    "matplotlib",
    "IPython",
    "pytest",
    "hypothesis",
    "dask",
    "distributed",
    "mypy",
    "PIL",
    "pyarrow",
    "pylmcf",
)


def build(folder: Path, work: Path) -> Path:
    """Return the executable."""
    entry = work / "targets_entry.py"
    entry.write_text(ENTRY, encoding="utf-8")
    options = ["--copy-metadata", "target-cascade", "--collect-binaries", "highspy"]
    for room in ROOMS:
        options += ["--collect-submodules", room, "--collect-data", room]
    for name in LEFT_OUT:
        options += ["--exclude-module", name]
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--onefile", "--noconfirm", "--clean", "--log-level", "ERROR",
            "--name", "targets", "--distpath", str(folder), "--workpath", str(work / "work"),
            "--specpath", str(work), *options, str(entry),
        ],
        check=True,
    )  # fmt: skip
    return folder / ("targets.exe" if sys.platform == "win32" else "targets")


def try_out(executable: Path, work: Path) -> None:
    """Make a plan with the executable and cascade it; any fault ends the script."""
    book = work / "plan.xlsm"
    for arguments in (["--version"], ["init", str(book), "--sample", "enforcement"], ["check", str(book), "--quiet"],
                      ["cascade", str(book)], ["batch", str(book), "--report", str(work / "report.json")],
                      ["macros", "export", str(work / "buttons")]):  # fmt: skip
        done = subprocess.run([str(executable), *arguments], check=False, capture_output=True, text=True)
        said = (done.stdout.strip() or done.stderr.strip()).splitlines()
        print(f"targets {arguments[0]}: status {done.returncode}: {said[-1] if said else ''}")
        if done.returncode:
            sys.exit(f"{executable} does not work: {done.stderr}")


def main() -> None:
    """Build into the folder named on the command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "dist").absolute()
    with tempfile.TemporaryDirectory() as name:
        executable = build(folder, Path(name))
        try_out(executable, Path(name))
    print(f"{executable}: {executable.stat().st_size / 2**20:.0f} MB")


if __name__ == "__main__":
    main()
