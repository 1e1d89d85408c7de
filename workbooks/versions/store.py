"""Where versions lie: a very hidden sheet of the workbook, a row each. It survives a save by Excel and LibreOffice.

Owns: that sheet.
"""

from __future__ import annotations

from collections.abc import Sequence

from solver.frozen import frozen
from workbooks.package.hidden_sheet import read_hidden, with_hidden
from workbooks.versions.version import Outline, Version, outlined, packed, unpacked

SHEET = "_target_cascade_versions"
_WORDS = "target-cascade keeps versions of the plan here. Please leave it."


@frozen
class Kept:
    """The versions in a workbook, oldest first. damaged : names of those that somebody changed where they lie."""

    versions: tuple[Version, ...] = ()
    damaged: tuple[str, ...] = ()

    def named(self, name: str) -> Version | None:
        """Return the version of that name, the newest where there are several."""
        key = name.strip().casefold()
        return next((each for each in reversed(self.versions) if each.name.casefold() == key), None)

    @property
    def sealed(self) -> Version | None:
        """The version that was sealed last."""
        return next((each for each in reversed(self.versions) if each.status == "sealed"), None)


def read_versions(data: bytes) -> Kept:
    """Return the versions that a workbook keeps."""
    versions, damaged = [], []
    for name, text in read_hidden(data, SHEET):
        version = unpacked(text)
        if version is None:
            damaged.append(name)
        else:
            versions.append(version)
    return Kept(tuple(versions), tuple(damaged))


def read_outlines(data: bytes) -> list[Outline]:
    """Return what the versions that a workbook keeps are known by, oldest first; damaged ones are left out."""
    return [found for _, text in read_hidden(data, SHEET) if (found := outlined(text)) is not None]


def with_versions(data: bytes, versions: Sequence[Version]) -> bytes:
    """Return a workbook that keeps these versions, and no others."""
    return with_hidden(data, SHEET, _WORDS, [(each.name, packed(each)) for each in versions])
