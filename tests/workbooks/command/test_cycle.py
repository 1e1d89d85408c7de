"""The commands of a planning cycle, as machines hear of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command import targets
from tests.workbooks.books import book
from tests.workbooks.packs.plans import PLAN, accepted, was_split
from tests.workbooks.signing import kept


def _details(*arguments: str, status: int = 0) -> dict[str, object]:
    done = targets(*arguments, "--json")
    assert done.returncode == status, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == status
    details: dict[str, object] = told["details"]
    return details


def test_versions_tell_machines_what_they_tell_people(tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(kept())
    saved = _details("version", "save", str(plan), "--name", "2", "--status", "proposed")
    assert (saved["version"], saved["status"], len(str(saved["inputs"]))) == ("2", "proposed", 16)
    assert _details("version", "sign", str(plan), "--node", "A", "--status", "agreed") == {
        "words": "Version 2 is proposed; 1 of 2 agreed, missing: B."
    }
    assert _details("version", "restore", str(plan), "1")["tables"] == []
    assert _details("seal", str(plan))["inputs"] == saved["inputs"]


def test_packs_tell_machines_which_files_there_are_and_who_has_answered(tmp_path: Path) -> None:
    plan, folder = tmp_path / "plan.xlsx", tmp_path / "packs"
    plan.write_bytes(was_split().data or b"")
    made = _details("split", str(plan), "--level", "Site", "-o", str(folder), "--due", "2026-02-15")
    assert made == {"files": [str(folder / "Lisbon.xlsx"), str(folder / "Dublin.xlsx")]}
    (folder / "Dublin.xlsx").write_bytes(accepted("Dublin"))
    told = _details("collect", str(plan), str(folder), "--no-reconcile")
    assert isinstance(told["sites"], dict)
    assert told["sites"]["Dublin"] == "answered"
    assert isinstance(told["numbers"], list)
    assert {row["node"] for row in told["numbers"]} >= {"All", "Dublin", "Lisbon"}


def test_a_spread_tells_machines_its_parts(tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(book(PLAN))
    told = _details("spread", str(plan), "--over", "Site", "--method", "equal", "--value", "1000", "--dry-run")
    assert isinstance(told["parts"], list)
    assert [(row["part"], row["after"]) for row in told["parts"]] == [("Lisbon", 500.0), ("Dublin", 500.0)]
