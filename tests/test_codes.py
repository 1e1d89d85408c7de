"""Every code has a trigger and a line in the reference; nothing has one that is no code."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from engine.codes import CODES
from samples.reference import PAGE, reference_page

TRIGGERS = {
    code: trigger
    for file in sorted((Path(__file__).parent / "triggers").glob("*.py"))
    for code, trigger in import_module(f"tests.triggers.{file.stem}").TRIGGERS.items()
}
"""Every module of the folder brings the triggers of its subject."""


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_brought_about_and_says_where_what_and_how_to_mend_it(code: str) -> None:
    found = [issue for issue in TRIGGERS[code]() if issue.code == code]
    assert found
    assert all(issue.found and issue.expected and issue.mend for issue in found)


def test_no_trigger_is_without_its_code() -> None:
    assert set(TRIGGERS) == set(CODES)


def test_the_reference_lists_exactly_the_codes() -> None:
    listed = re.findall(r"^\| (TC\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(CODES)


def test_the_reference_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page(), "run python -m samples.reference"


def test_the_field_table_and_the_contract_words_reach_the_page() -> None:
    text = Path(PAGE).read_text(encoding="utf-8")
    assert "| Handle time | number above 0 (s) |" in text
    assert "`at least`" in text
