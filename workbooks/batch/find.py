"""Which workbooks a batch is about: files, folders, patterns, lists.

Owns: their order, and what in a folder is no workbook.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

_ENDINGS = frozenset({".xlsx", ".xlsm"})
_NOT_OURS = ("~$", ".")
"""How names begin that stand beside a workbook: owner files of Excel and LibreOffice, our own locks and drafts."""


def find_books(asked: Iterable[str], lists: Iterable[str] = ()) -> list[Path]:
    """Return the workbooks that were asked for, each once, in the order asked; those of a folder by name.

    Parameters
    ----------
    asked : paths of workbooks, folders with workbooks at any depth, patterns such as ``plans/*.xlsx``
    lists : lines of a list, each like one of ``asked``; blank lines and those that begin with # say nothing;
        Windows copies paths between quotation marks

    A path that leads nowhere is kept: the batch reports it.
    """
    said = (line.strip().strip('"') for line in lists)
    found: dict[Path, Path] = {}
    for text in [*asked, *(line for line in said if line and not line.startswith("#"))]:
        for path in _meant(text):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _meant(text: str) -> Iterator[Path]:
    path = Path(text)
    if path.is_dir():
        yield from sorted(each for each in path.rglob("*") if _is_book(each) and not _is_hidden(each, path))
    elif not path.exists() and glob.has_magic(text):
        yield from sorted(each for name in glob.glob(text, recursive=True) if _is_book(each := Path(name)))  # noqa: PTH207  # absolute patterns, too
    else:
        yield path


def _is_book(path: Path) -> bool:
    return path.suffix.casefold() in _ENDINGS and not path.name.startswith(_NOT_OURS) and path.is_file()


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
