"""The log of batches, a line of JSON per event, and what it says is done already.

Owns: the form of the lines, and when a workbook need not be run again.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from engine.outcome import ExitStatus
from workbooks.batch.messages import Said
from workbooks.version import __version__

_DONE = frozenset({ExitStatus.DONE, ExitStatus.TARGET_MISSED, ExitStatus.LIMITS_BROKEN})


class BookResult(BaseModel):
    """What a batch comes to for one workbook."""

    book: str
    said: Said
    written: bool = False
    attempts: int = 0
    fingerprint: str = Field(default="", description="SHA-256 of the workbook as the run left it")
    from_earlier: bool = Field(default=False, description="done by an earlier batch, unchanged since")

    @property
    def status(self) -> ExitStatus:
        """The exit status of the run."""
        return ExitStatus(self.said.status)

    @property
    def is_done(self) -> bool:
        """Whether running it again would change nothing."""
        complete = self.said.result is None or self.said.result.is_complete
        return self.status in _DONE and complete and self.said.version == __version__


class Journal:
    """A log that is added to, line by line: what it holds stands even if the machine goes down."""

    def __init__(self, path: Path | None) -> None:
        """Open a log. path : None keeps none."""
        self._path = path
        self._done = _done_before(path) if path is not None else {}
        self._file = path.open("a", encoding="utf-8") if path is not None else None

    def knows(self, path: Path) -> bool:
        """Whether an earlier batch has done a workbook."""
        return str(path.resolve()) in self._done

    def done_before(self, path: Path, fingerprint: str) -> BookResult | None:
        """Return what an earlier batch came to for a workbook that nobody has changed since."""
        found = self._done.get(str(path.resolve()))
        return found if found is not None and found.fingerprint == fingerprint else None

    def note(self, event: str, **facts: Any) -> None:
        """Add a line."""
        if self._file is None:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._file.write(json.dumps({"event": event, "at": at, **facts}, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the log."""
        if self._file is not None:
            self._file.close()


def _done_before(path: Path) -> dict[str, BookResult]:
    """Return the last word of a log about each workbook, where that is done; lines that cannot be read say nothing."""
    found: dict[str, BookResult] = {}
    if not path.exists():
        return found
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if '"event": "book"' not in line:
                continue
            try:
                held = json.loads(line)
                result = BookResult.model_validate(held["result"])
            except (ValueError, KeyError, ValidationError):
                continue
            if result.is_done:
                found[held["path"]] = result
            else:
                found.pop(held["path"], None)
    return found
