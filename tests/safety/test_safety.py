"""Samples of the counts that ``python -m tests.safety`` runs in full."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from tests.safety.alone import alone
from tests.safety.attacks import attacks
from tests.safety.books import six_books
from tests.safety.faults import points_of, recorded
from tests.safety.injection import LEADS, OUTPUTS, PLACES, cases_of
from tests.safety.interrupts import interrupted_at_calls, interrupted_at_times
from tests.safety.large import command_on, large_books
from tests.safety.mutants import mutants
from tests.safety.power import replay
from tests.safety.rounds import rounds
from tests.workbooks.read.test_hostile import HOSTILE
from workbooks.package.save import load
from workbooks.run import cascade

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


def test_a_fault_leaves_the_old_book_or_the_new_one() -> None:
    found = points_of("small", six_books()["small"], every=23)
    assert found.count >= 5
    assert found.faults == []
    assert set(found.by_state) <= {"old", "new"}


def test_an_interrupt_at_a_call_leaves_nothing_and_says_what_stands() -> None:
    found = interrupted_at_calls("small", six_books()["small"], every=7)
    assert found.count >= 5
    assert found.faults == []


def test_an_interrupt_at_any_time_leaves_nothing_and_says_what_stands() -> None:
    found = interrupted_at_times("small", six_books()["small"], 3)
    assert found.count == 3
    assert found.faults == []


def test_without_strace_a_shim_brings_the_faults_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.safety.faults.STRACE", None)
    found = points_of("small", six_books()["small"], ("KILL", "EIO"), every=5)
    assert found.count >= 5
    assert found.faults == []


def test_of_runs_at_once_one_wins_and_the_others_say_so() -> None:
    found = rounds(six_books()["small"], 2)
    assert found.faults == []
    assert set(found.statuses) <= {0, 3, 5}


def test_a_power_cut_leaves_the_old_book_or_the_new_one(tmp_path: object) -> None:
    book = tmp_path / "plan.xlsx"
    book.write_bytes(six_books()["small"])
    found = replay(recorded(book, tmp_path / "log"), str(book))
    assert found.states > 50
    assert found.faults == []


def test_the_replay_sees_a_rename_before_the_bytes_stand() -> None:
    lines = [
        'openat(AT_FDCWD, "/d/t", O_RDWR|O_CREAT|O_EXCL, 0600) = 3',
        'write(3, ""..., 9) = 9',
        'rename("/d/t", "/d/book") = 0',
    ]
    assert replay(lines, "/d/book").faults
    assert not replay([*lines[:2], "fsync(3) = 0", lines[2]], "/d/book").faults


@pytest.mark.parametrize("name", ["small", "strict", "second run"])
def test_mutants_do_no_harm(name: str) -> None:
    for what, data in mutants(six_books()[name], 8, seed=99):
        taken = alone(lambda data=data: cascade(data))
        assert not taken.fault, (what, taken)


def test_built_attacks_do_no_harm() -> None:
    for what, data in list(attacks())[::24]:
        taken = alone(lambda data=data: cascade(data))
        assert not taken.fault, (what, taken)


@pytest.mark.parametrize(
    ("name", "limit", "most", "found"),
    [
        ("many cells in an input sheet", "package.archive.MOST_PACKED_TO_READ", 2**16, "as it is packed"),
        ("few long texts in a result sheet", "package.archive.MOST_PACKED_TO_READ", 2**16, "as it is packed"),
        ("other elements in a result sheet", "package.stream.MOST_TAGS_OF_A_TREE", 10_000, "outside its rows"),
        ("a long comment in an input sheet", "package.archive.MOST_OF_A_TEXT", 2**18, "one text of"),
        ("a long comment in a result sheet", "package.archive.MOST_OF_A_TEXT", 2**18, "one text of"),
        ("many cells in a result sheet", "package.replacement.MOST_AROUND", 1_000, "over 1,000 cells of somebody's"),
        ("few long texts in a result sheet", "package.replacement.MOST_TEXT_AROUND", 2**18, "of somebody's texts"),
        ("many strings", "read.door.MOST_OF_STRINGS", 2**17, "xl/sharedStrings.xml: "),
        ("many strings", "package.values.MOST_TAGS_OF_STRINGS", 10_000, "xl/sharedStrings.xml: over 10,000 tags"),
        ("many formats", "read.door.MOST_OF_A_TREE", 2**15, "xl/styles.xml: "),
        ("many formats", "package.styles.MOST_TAGS_OF_STYLES", 10_000, "tags and attributes"),
        ("a comment in the book", "read.door.MOST_OF_A_TREE", 2**15, "xl/workbook.xml: "),
        ("a comment in the book", "package.archive.MOST_OF_A_TEXT", 2**18, "one text of"),
    ],
)
def test_more_than_can_be_held_is_refused_in_one_line(
    name: str, limit: str, most: int, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _is_taken(name), "it is the limit that refuses it"
    monkeypatch.setattr(f"workbooks.{limit}", most)
    made = bytes(bytearray(_small_of_large()[name]))  # not the bytes that were opened last
    stopping = [issue for issue in cascade(made).issues if issue.severity == "stop"]
    assert [issue.code for issue in stopping] == ["TC102"]
    assert found in stopping[0].found


def test_a_file_too_large_to_hold_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "plan.xlsx"
    book.write_bytes(six_books()["small"])
    assert load(book).data is not None
    monkeypatch.setattr("workbooks.package.save.MOST_OF_A_FILE", book.stat().st_size - 1)
    assert [issue.code for issue in load(book).issues] == ["TC102"]


@cache
def _small_of_large() -> dict[str, bytes]:
    """Return the large books, each with less than a megabyte of what they are large with."""
    return {each.name.partition(",")[0]: each.make() for each in large_books(0.001)}


@cache
def _is_taken(name: str) -> bool:
    return cascade(_small_of_large()[name]).data is not None


@pytest.mark.parametrize("name", [each.name.partition(",")[0] for each in large_books(0)][::5])
def test_the_command_takes_little_time_and_memory_for_large_parts(name: str) -> None:
    taken = command_on(_small_of_large()[name])
    assert not taken.fault, taken


def test_a_command_that_takes_too_much_is_seen() -> None:
    data = six_books()["small"]
    assert "took" in command_on(data, most_s=0.01).fault
    assert "MiB" in command_on(data, most_bytes=2**20).fault
    assert "refused by ['TC101']" in command_on(HOSTILE["an archive"]).fault


def test_harm_is_seen() -> None:
    assert "raised" in alone(lambda: 1 / 0).fault
    assert "said" in alone(lambda: os.write(2, b"thread panicked")).fault


@pytest.mark.parametrize("place", PLACES)
def test_text_stays_text(place: str) -> None:
    found = [case for lead in ("=", '"') for case in cases_of(lead, place)]
    assert len(found) == 2 * len(OUTPUTS)
    assert [case for case in found if case.fault] == []
    assert len(LEADS) * len(PLACES) * len(OUTPUTS) == 360
