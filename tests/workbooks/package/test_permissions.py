"""Who may read and change a workbook stays as it was: mode, owner, attributes and POSIX access lists."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import subprocess
from pathlib import Path

import pytest

from tests.workbooks.books import small_book
from workbooks.package.save import load, save
from workbooks.run import cascade
from workbooks.run_file import change_file

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
_OWNER, _USER, _GROUP, _MASK, _OTHERS = 1, 2, 4, 16, 32  # linux/posix_acl.h
_NOBODY = 0xFFFFFFFF
COLLEAGUE = 12345
READ, WRITE = 4, 2


def access_list(*, colleague: int, others: int = 0) -> bytes:
    """Return an access list as Linux keeps it: the owner may all, a colleague what is given."""
    entries = [
        (_OWNER, READ | WRITE, _NOBODY), (_USER, colleague, COLLEAGUE), (_GROUP, READ, _NOBODY),
        (_MASK, READ | WRITE, _NOBODY), (_OTHERS, others, _NOBODY),
    ]  # fmt: skip
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(small_book())
    return path


def set_list(path: Path, name: str, held: bytes) -> None:
    if not hasattr(os, "setxattr"):
        pytest.skip("this system has no POSIX access lists")
    try:
        os.setxattr(path, name, held)
    except OSError:
        pytest.skip("this file system has no POSIX access lists")


def rewrite(path: Path) -> None:
    assert save(load(path), cascade(path.read_bytes()).data or b"") == ()


def test_an_access_list_stays_to_the_last_entry(book: Path) -> None:
    set_list(book, ACCESS, access_list(colleague=READ | WRITE))
    before, mode = os.getxattr(book, ACCESS), book.stat().st_mode
    for _ in range(2):
        rewrite(book)
        assert os.getxattr(book, ACCESS) == before
        assert book.stat().st_mode == mode


def test_a_default_of_the_folder_lets_nobody_in_whom_the_book_kept_out(book: Path) -> None:
    book.chmod(0o600)
    set_list(book.parent, DEFAULT, access_list(colleague=READ | WRITE, others=READ))
    rewrite(book)
    assert ACCESS not in os.listxattr(book)
    assert book.stat().st_mode & 0o777 == 0o600


def test_a_book_with_its_own_list_keeps_it_beside_another_default(book: Path) -> None:
    set_list(book, ACCESS, access_list(colleague=READ))
    set_list(book.parent, DEFAULT, access_list(colleague=READ | WRITE, others=READ))
    before = os.getxattr(book, ACCESS)
    rewrite(book)
    assert os.getxattr(book, ACCESS) == before


@pytest.mark.skipif(shutil.which("setfacl") is None, reason="setfacl is not installed")
def test_setfacl_and_getfacl_see_the_same(book: Path) -> None:
    subprocess.run(["setfacl", "-m", f"u:{COLLEAGUE}:rw", str(book)], check=True)

    def shown() -> str:
        listed = ["getfacl", "--absolute-names", "--numeric", str(book)]
        return subprocess.run(listed, check=True, capture_output=True, text=True).stdout

    before = shown()
    assert f"user:{COLLEAGUE}:rw-" in before
    rewrite(book)
    assert shown() == before


def test_two_names_of_one_file_become_two_files_and_the_other_one_keeps_the_old_state(book: Path) -> None:
    other = book.with_name("other name.xlsx")
    other.hardlink_to(book)
    before = other.read_bytes()
    rewrite(book)
    assert other.read_bytes() == before
    assert book.read_bytes() != before


def test_a_change_that_the_disk_does_not_confirm_is_said_to_be_written(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")

    before = book.read_bytes()
    monkeypatch.setattr(os, "fsync", sync)
    done = change_file(book, cascade)
    assert done.is_written
    assert int(done.status) == 0
    assert "TC664" in {each.code for each in done.issues}
    assert book.read_bytes() != before
