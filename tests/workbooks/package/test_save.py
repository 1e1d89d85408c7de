"""Files are old or new, never between; who holds a book is honoured; what cannot be written ends in one line."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import targets
from tests.workbooks.books import small_book
from workbooks.package.exchange import exchange_file, held_back, sweep
from workbooks.package.proof import package_fault
from workbooks.package.save import load, save
from workbooks.run import cascade


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(small_book())
    return path


def run(path: Path) -> subprocess.CompletedProcess[str]:
    return targets("cascade", str(path), "--quiet")


def only(book: Path) -> bool:
    return [each.name for each in book.parent.iterdir()] == [book.name]


def test_a_symbolic_link_stays_one_and_its_file_is_written(book: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    before = book.read_bytes()
    assert run(link).returncode in (0, 3)
    assert link.is_symlink()
    assert book.read_bytes() != before


def test_mode_owner_and_attributes_stay(book: Path) -> None:
    book.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(book, 12345, 23456)
    kept = True
    try:
        os.setxattr(book, "user.note", b"kept")
    except OSError:
        kept = False  # this file system has none
    before = book.stat()
    assert save(load(book), cascade(small_book()).data or b"") == ()
    after = book.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert not kept or os.getxattr(book, "user.note") == b"kept"
    assert only(book)


def test_a_read_only_book_ends_with_status_5(book: Path) -> None:
    book.chmod(0o444)
    before = book.read_bytes()
    done = run(book)
    assert done.returncode == 5
    assert "read-only" in done.stderr
    assert book.read_bytes() == before


def test_a_folder_that_vanished_meanwhile_is_said(book: Path) -> None:
    opened = load(book)
    shutil.rmtree(book.parent)
    assert [issue.code for issue in save(opened, cascade(small_book()).data or b"")] == ["TC655"]


@pytest.mark.parametrize(
    ("name", "text"), [("~$plan.xlsx", b"\x05Aoife" + b" " * 49), (".~lock.plan.xlsx#", b"Aoife,a,b,c;")]
)
def test_a_book_that_is_open_elsewhere_is_left_alone_and_who_holds_it_is_named(
    book: Path, name: str, text: bytes
) -> None:
    book.with_name(name).write_bytes(text)
    done = run(book)
    assert done.returncode == 5
    assert "Aoife" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_ends_soon(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "plan.xlsx"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    assert [issue.code for issue in load(path).issues] == ["TC651"]


def test_files_that_dead_runs_left_are_swept_and_those_of_living_ones_are_not(tmp_path: Path) -> None:
    exchange_file(tmp_path / "x", b"1")
    machine = sorted(tmp_path.iterdir())
    assert [each.name for each in machine] == ["x"]
    from workbooks.package.exchange import _machine

    ended = subprocess.run(["true"], check=True)
    assert ended.returncode == 0
    dead = tmp_path / f".target-cascade-{_machine()}-{2**22 + 5}-a.tmp"
    alive = tmp_path / f".target-cascade-{_machine()}-{os.getpid()}-b.tmp"
    elsewhere = tmp_path / ".target-cascade-0123abcd-17-c.tmp"
    old = tmp_path / ".target-cascade-0123abcd-18-d.tmp"
    for each in (dead, alive, elsewhere, old):
        each.touch()
    os.utime(old, (time.time() - 3 * 86400,) * 2)
    sweep(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"x", alive.name, elsewhere.name}


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Let SIGINT interrupt, also where whoever started the tests has it ignored, as shells do in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_waits_for_what_must_be_done_whole_and_then_comes() -> None:
    done = []

    def interrupted() -> None:
        with held_back():
            signal.raise_signal(signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == ["whole"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_package_that_lost_a_part_or_is_broken_is_never_put_in_place() -> None:
    from tests.workbooks.books import changed

    before = small_book()
    assert package_fault(before, before) == ""
    assert "is lost" in package_fault(before, changed(before, {"xl/styles.xml": None}))
    assert "workbook.xml" in package_fault(before, changed(before, {"xl/workbook.xml": b"<workbook>"}))
    assert package_fault(before, before[:-40])


def test_a_new_file_gets_the_mode_that_the_user_gives_new_files(tmp_path: Path) -> None:
    exchange_file(tmp_path / "new.xlsx", b"x")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.xlsx").stat().st_mode) == 0o666 & ~mask
