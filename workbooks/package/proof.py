"""The new package looked over before it takes the place of the old one, by code that shares nothing with the writer.

Owns: what makes a package one that opens, and that parts which are not ours are the bytes they were.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from workbooks.package.proof_of_rows import LARGE, prove_large

_CHUNK = 2**20
_MAY_GO = "calcchain.xml"


def package_fault(old: bytes | None, new: bytes) -> str:
    """Return what is wrong with a new package, "" where nothing is.

    Parameters
    ----------
    old : the package that it replaces, None where there is none
    """
    try:
        with zipfile.ZipFile(io.BytesIO(new)) as archive:
            before = _listed(old)
            now = {info.filename: info for info in archive.infolist()}
            changed = [info for info in now.values() if not _is_same(before.get(info.filename), info)]
            return next(
                (fault for fault in (*_lost(before, now), *_of_names(archive), *_broken(archive, changed)) if fault), ""
            )
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as damaged:
        return str(damaged)


def _listed(package: bytes | None) -> dict[str, zipfile.ZipInfo]:
    if package is None or not zipfile.is_zipfile(io.BytesIO(package)):
        return {}
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {info.filename: info for info in archive.infolist()}


def _is_same(before: zipfile.ZipInfo | None, now: zipfile.ZipInfo) -> bool:
    """Whether an entry holds what it held, by its length and sum, packed and unpacked."""
    return before is not None and (before.CRC, before.file_size, before.compress_size) == (
        now.CRC,
        now.file_size,
        now.compress_size,
    )


def _lost(before: dict[str, zipfile.ZipInfo], now: dict[str, zipfile.ZipInfo]) -> Iterator[str]:
    for name in before:
        if name not in now and not name.casefold().rsplit("/", 1)[-1].startswith(_MAY_GO):
            yield f"{name} is lost"


def _of_names(archive: zipfile.ZipFile) -> Iterator[str]:
    names = [name.casefold() for name in archive.namelist()]
    if len(set(names)) != len(names):
        yield "two parts have one name"
    if "[content_types].xml" not in names:
        yield "no list of content types"


def _broken(archive: zipfile.ZipFile, changed: list[zipfile.ZipInfo]) -> Iterator[str]:
    """Yield what is wrong with parts that were written: their bytes, or their XML."""
    for info in changed:
        is_xml = info.filename.casefold().endswith((".xml", ".rels", ".vml"))
        try:
            with archive.open(info) as part:
                if is_xml and info.file_size > LARGE:
                    prove_large(part)
                    continue
                parser = expat.ParserCreate() if is_xml else None
                while piece := part.read(_CHUNK):
                    if parser is not None:
                        parser.Parse(piece, False)
                if parser is not None:
                    parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, EOFError, ValueError) as broken:
            yield f"{info.filename}: {broken}"
