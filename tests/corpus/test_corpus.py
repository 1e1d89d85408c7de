"""Every feature of our own corpus comes through a cascade; what cannot is refused by name; the checker sees harm."""

from __future__ import annotations

from functools import cache

import pytest

from tests.corpus.checker import compare
from tests.corpus.made import kept, refused
from tests.corpus.packing import parts_of, zipped
from tests.corpus.put_in import with_inputs
from tests.corpus.trial import shown_the_same, trial
from tests.office import needs_office
from workbooks.run import read_plan

BOOKS = (
    "charts", "pictures", "buttons", "threaded", "rich_data", "signed_macros", "external", "pivot", "strict",
    "prefixed", "utf16", "elsewhere", "bare", "chained", "modern", "data descriptors", "zip64", "folders and extras",
)  # fmt: skip
"""A sample; ``python -m tests.safety --part corpus`` tries them all."""


@cache
def made() -> dict[str, bytes]:
    return kept()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", BOOKS)
def test_every_feature_comes_through_two_runs(name: str) -> None:
    found = trial(made()[name])
    assert (found.verdict, found.told) == ("pass", [])
    assert found.parts >= 5


@pytest.mark.parametrize("name", ["package signature", "shared in the old way", "xlsb", "password", "xls"])
def test_what_cannot_be_kept_is_refused_by_name(name: str) -> None:
    data, code = refused()[name]
    found = trial(data)
    assert found.verdict == "refused"
    assert found.told[0].startswith(code)
    if code in ("TC602", "TC603"):
        assert code in [issue.code for issue in read_plan(with_inputs(data)).issues]  # check says so, too


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"<v>2</v>", b"<v>3</v>"),
        ("xl/styles.xml", b"Calibri", b"Courier"),
        ("xl/workbook.xml", b'name="Other"', b'name="Another"'),
        ("xl/_rels/workbook.xml.rels", b"theme/theme1.xml", b"theme/theme2.xml"),
        ("[Content_Types].xml", b"/xl/theme/theme1.xml", b"/xl/theme/theme9.xml"),
    ],
)
def test_the_checker_sees_a_change(part: str, old: bytes, new: bytes) -> None:
    before = made()["data descriptors"]
    parts = parts_of(before)
    assert old in parts[part]
    harmed = zipped({**parts, part: parts[part].replace(old, new, 1)})
    assert any(part in fault or "cells" in fault for fault in compare(zipped(parts), harmed).faults)


@needs_office
@pytest.mark.office
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_libreoffice_opens_outputs_and_shows_the_untouched_sheets_the_same() -> None:
    pairs = {name: (made()[name], trial(made()[name]).after) for name in ("charts", "strict", "pivot")}
    assert shown_the_same(pairs) == {}
