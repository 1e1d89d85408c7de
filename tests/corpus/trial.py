"""One workbook tried: inputs put in, cascaded twice, compared with what it was."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.corpus.checker import Package, compare, only_log_differs
from tests.corpus.put_in import with_inputs
from tests.office import save_again
from workbooks.read.door import refuse
from workbooks.run import cascade


@dataclass
class Trial:
    """What came of a workbook. verdict : pass, refused or failed; told : the code of a refusal, or the faults."""

    verdict: str
    told: list[str] = field(default_factory=list)
    parts: int = 0
    cells: int = 0
    names: int = 0
    after: bytes = b""


def trial(data: bytes) -> Trial:
    """Return what comes of a workbook."""
    refused = refuse(data)
    if refused is not None:
        return Trial("refused", [f"{refused.code} {refused.found}"])
    first = cascade(with_inputs(data))
    if first.data is None:
        stopped = [f"{each.code} {each.found}" for each in first.issues if each.severity == "stop"]
        return Trial("refused" if stopped else "failed", stopped)
    verdict = compare(data, first.data)
    second = cascade(first.data)
    faults = verdict.faults + (["the second run was refused"] if second.data is None else [])
    if second.data is not None:
        faults += only_log_differs(first.data, second.data)
    word = "failed" if faults else "pass"
    return Trial(word, faults, verdict.parts, verdict.cells, verdict.names, first.data)


def shown_the_same(pairs: dict[str, tuple[bytes, bytes]], batch: int = 25) -> dict[str, list[str]]:
    """Return what LibreOffice shows otherwise after a run: name → sheets; every book that it does not open.

    Parameters
    ----------
    pairs : name → workbook before and after
    """
    faults: dict[str, list[str]] = {}
    names = list(pairs)
    for start in range(0, len(names), batch):
        with tempfile.TemporaryDirectory() as folder:
            asked = {}
            for at, name in enumerate(names[start : start + batch]):
                for word, data in zip(("before", "after"), pairs[name], strict=True):
                    suffix = ".xlsm" if b"vbaProject" in data else ".xlsx"
                    asked[name, word] = Path(folder) / f"{at}-{word}{suffix}"
                    asked[name, word].write_bytes(data)
            shown = _converted(list(asked.values()), Path(folder))
            for name in names[start : start + batch]:
                before, after = (shown.get(asked[name, word].stem) for word in ("before", "after"))
                if after is None:
                    faults[name] = ["LibreOffice opens it no more"] if before is not None else []
                elif before is not None:
                    sheets = [each for each, _, _ in Package(pairs[name][0]).sheets()]
                    faults[name] = [
                        f"{each} is shown otherwise" for each in sheets if before.get(each) != after.get(each)
                    ]
    return {name: told for name, told in faults.items() if told}


def _converted(files: list[Path], folder: Path) -> dict[str, dict[str, list[list[object]]]]:
    """Return the values of all sheets as LibreOffice shows them, by the stem of each file."""
    found = {}
    for made in save_again(files, folder / "out"):
        book = CalamineWorkbook.from_filelike(BytesIO(made.read_bytes()))
        found[made.stem] = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name, kind in zip(book.sheet_names, book.sheets_metadata, strict=True)
            if "Work" in str(kind.typ)
        }
    return found
