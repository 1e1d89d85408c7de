"""Which open workbook is meant, and what Excel says when it cannot."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from tests.triggers.macros import com_error
from workbooks.live.attach import find_book, is_same
from workbooks.live.click import why_refused
from workbooks.live.synchronised import Mount

ONE_DRIVE = Mount(r"C:\Users\me\OneDrive - Firm", host="-my.sharepoint.com")
AT_HOME = Mount(r"C:\Users\me\OneDrive", host="d.docs.live.net")
LIBRARY = Mount(r"C:\Users\me\Firm\Ops - Documents", "https://firm.sharepoint.com/sites/Ops/Shared Documents/")
PERSONAL = "https://firm-my.sharepoint.com/personal/me_firm_com/Documents"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (r"C:\Users\me\OneDrive - Firm\plan.xlsx", f"{PERSONAL}/plan.xlsx"),
        (r"C:\Users\me\OneDrive - Firm\Pläne\a plan.xlsx", f"{PERSONAL}/Pl%C3%A4ne/a%20plan.xlsx"),
        (r"C:\Users\me\onedrive\Plan.xlsx", "https://d.docs.live.net/0123456789abcdef/plan.xlsx"),
        (r"C:\Users\me\Firm\Ops - Documents\2026\plan.xlsx", f"{LIBRARY.address}2026/plan.xlsx"),
    ],
)
def test_a_path_in_a_synchronised_folder_is_the_workbook_of_its_address(path: str, address: str) -> None:
    assert is_same(path, address, [LIBRARY, ONE_DRIVE, AT_HOME])
    assert is_same(address, path, [LIBRARY, ONE_DRIVE, AT_HOME])


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (r"C:\Users\me\Plans\plan.xlsx", "https://firm.sharepoint.com/sites/Other/Plans/plan.xlsx"),
        (r"C:\Users\me\OneDrive - Firm\Plans\plan.xlsx", f"{PERSONAL}/Old/Plans/plan.xlsx"),
        (r"C:\Users\me\OneDrive\plan.xlsx", f"{PERSONAL}/plan.xlsx"),
        (r"C:\Users\me\Firm\Ops - Documents\plan.xlsx", "https://firm.sharepoint.com/sites/Ops/Other/plan.xlsx"),
    ],
)
def test_a_workbook_of_the_same_name_elsewhere_is_another(path: str, address: str) -> None:
    assert not is_same(path, address, [LIBRARY, ONE_DRIVE, AT_HOME])


def test_a_cell_in_edit_mode_is_told_though_excel_says_it_last() -> None:
    editing = (0, None, None, None, 0, -2146777998)
    busy = why_refused(com_error(-2147352567, "Exception occurred.", editing, None))
    locked = (0, "Microsoft Excel", "The cell is locked.", "xlmain11.chm", 0, -2146827284)
    refused = why_refused(com_error(-2147352567, "Exception occurred.", locked, None))
    assert busy is not None
    assert busy.code == "TC856"
    assert refused is not None
    assert (refused.code, refused.found) == ("TC857", "The cell is locked.")


def test_a_busy_excel_is_given_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = ModuleType("xlwings._xlwindows")
    monkeypatch.setitem(sys.modules, "xlwings", SimpleNamespace(apps=()))
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    find_book("/plan.xlsx")
    attempts, allowed = 1, windows.N_COM_ATTEMPTS
    while not allowed or attempts < allowed:  # as xlwings asks
        attempts += 1
    assert sum(pauses) == 10
