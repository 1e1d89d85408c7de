"""Samples of the counts that ``python -m tests.safety`` runs in full."""

from __future__ import annotations

import os

import pytest

from tests.safety.alone import alone
from tests.safety.attacks import attacks
from tests.safety.books import six_books
from tests.safety.faults import points_of, recorded
from tests.safety.injection import LEADS, OUTPUTS, PLACES, cases_of
from tests.safety.large import large_books
from tests.safety.mutants import mutants
from tests.safety.power import replay
from tests.safety.rounds import rounds
from workbooks.run import cascade

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


def test_a_fault_leaves_the_old_book_or_the_new_one() -> None:
    found = points_of("small", six_books()["small"], every=23)
    assert found.count >= 5
    assert found.faults == []
    assert set(found.by_state) <= {"old", "new"}


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


@pytest.mark.parametrize(("name", "most"), [("many cells in a result sheet", "MOST_AROUND"), ("many formats", "")])
def test_more_than_can_be_held_is_refused_in_one_line(name: str, most: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if most:
        monkeypatch.setattr(f"workbooks.package.replacement.{most}", 1000)
    made = dict(large_books(2**20 if most else 28 * 2**20))[name]()
    stopping = [issue for issue in cascade(made).issues if issue.severity == "stop"]
    assert [issue.code for issue in stopping] == ["TC102"]


@pytest.mark.parametrize("name", [name for name, _ in large_books(0)])
def test_large_parts_do_no_harm(name: str) -> None:
    data = dict(large_books(2**20))[name]()
    taken = alone(lambda: cascade(data))
    assert not taken.fault, taken


def test_harm_is_seen() -> None:
    assert "raised" in alone(lambda: 1 / 0).fault
    assert "said" in alone(lambda: os.write(2, b"thread panicked")).fault


@pytest.mark.parametrize("place", PLACES)
def test_text_stays_text(place: str) -> None:
    found = [case for lead in ("=", '"') for case in cases_of(lead, place)]
    assert len(found) == 2 * len(OUTPUTS)
    assert [case for case in found if case.fault] == []
    assert len(LEADS) * len(PLACES) * len(OUTPUTS) == 360
