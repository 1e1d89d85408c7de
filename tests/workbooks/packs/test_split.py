"""What leaves the workbook: one site's own numbers, and nothing of anybody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command import targets
from tests.workbooks.books import book, opened
from tests.workbooks.packs.plans import OPTIONS, PLAN, TEAMS, accepted, parts_of, proposed, was_split
from workbooks.package.edit_table import change_cells
from workbooks.packs.folder import pack_files
from workbooks.packs.registry import sent_packs
from workbooks.run import cascade, read_plan
from workbooks.split_run import split


def _numbers_of(site: str) -> set[str]:
    """Return the numbers that belong to one site alone: history, hours, limits, targets, as they could be written."""
    teams = {site, *TEAMS[site]}
    numbers = {row[4] for row in PLAN["Baseline"][1:] if row[1] in teams}
    numbers |= {row[1] for row in PLAN["Capacity"][1:] if row[0] in teams}
    numbers |= {row[3] for row in PLAN["Limits"][1:] if row[1] in teams}
    numbers |= set(proposed(site).values())
    numbers |= {
        row[4] for row in opened(was_split().packs[site])["Your targets"].iter_rows(min_row=6, values_only=True)
    }
    return {f"{number:.15g}" for number in numbers}


@pytest.mark.parametrize("site", TEAMS)
def test_no_part_of_a_pack_holds_a_foreign_name_or_number(site: str) -> None:
    (other,) = set(TEAMS) - {site}
    names = [other, *TEAMS[other], "Aoife", "Byrne", "because", "Cost", "77777"]
    foreign = _numbers_of(other) - _numbers_of(site)
    assert len(foreign) > 30
    for part, data in parts_of(was_split().packs[site]).items():
        text = data.decode("utf-8", "replace")
        assert not [name for name in names if name.casefold() in text.casefold()], part
        assert not foreign & set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", text)), part


def test_a_pack_holds_the_sites_own_subtree() -> None:
    pack, asked = opened(was_split().packs["Dublin"]), proposed("Dublin")
    assert {org for org, _ in asked} == {"Dublin", "Clontarf", "Drimnagh"}
    assert {period for _, period in asked} == {"Q1", "Q2"}
    targets = list(pack["Your targets"].iter_rows(min_row=6, values_only=True))
    assert len(targets) == 2 * 2 * 4
    for quarter in ("Q1", "Q2"):
        assert asked["Dublin", quarter] == sum(asked[team, quarter] for team in TEAMS["Dublin"])
    assert sum(row[4] for row in targets) == asked["Dublin", "Q1"] + asked["Dublin", "Q2"]
    assert next(pack["Your hours"].iter_rows(min_row=6, values_only=True))[0] == "Dublin"


def test_what_is_sent_is_remembered_and_the_plan_stays_as_it_is() -> None:
    done = was_split()
    assert done.data is not None
    assert [pack.site for pack in sent_packs(done.data)] == list(TEAMS)
    assert {pack.due for pack in sent_packs(done.data)} == {"2026-02-15"}
    assert read_plan(done.data).plan is not None


def test_the_same_proposal_gives_the_same_packs() -> None:
    again = split(was_split().data or b"", "Site", "2026-02-15")
    assert dict(again.packs) == dict(was_split().packs)
    assert again.data == was_split().data


def test_targets_that_are_not_those_of_the_inputs_are_not_sent() -> None:
    assert split(book(PLAN), "Site").issues[0].code == "TC808"
    changed = change_cells(was_split().data or b"", {"Targets": {(2, 5): 100_000.0}})
    assert split(changed, "Site").issues[0].code == "TC808"


def test_a_level_that_is_not_there_is_named() -> None:
    run = cascade(book(PLAN), OPTIONS)
    done = split(run.data or b"", "Galaxy")
    assert done.issues[0].code == "TC946"
    assert "Site" in done.issues[0].found


def test_names_of_plan_and_version_tell_a_site_of_no_other() -> None:
    named = {**PLAN, "Settings": [("Setting", "Value"), ("Plan name", "Dublin & Lisbon, 2026"), ("Version", "2")]}
    done = split(cascade(book(named), OPTIONS).data or b"", "Site", version="after Drimnagh's question")
    assert [(each.code, each.found) for each in done.issues] == [
        ("TC995", "“Dublin & Lisbon, 2026”: not told to Lisbon, Dublin"),
        ("TC995", "“after Drimnagh's question”: not told to Lisbon"),
    ]
    for site, foreign in (("Lisbon", ("Dublin", "Drimnagh")), ("Dublin", ("Lisbon",))):
        text = b"".join(parts_of(done.packs[site]).values()).decode("utf-8", "replace")
        assert not [name for name in foreign if name in text]
    assert "Drimnagh's question" in str(opened(done.packs["Dublin"])["Start"]["B2"].value)


def test_packs_that_cannot_be_written_are_not_remembered_as_sent(tmp_path: Path) -> None:
    plan, folder = tmp_path / "plan.xlsx", tmp_path / "packs"
    plan.write_bytes(cascade(book(PLAN), OPTIONS).data or b"")
    command = ("split", str(plan), "--level", "Site", "-o", str(folder))
    assert targets(*command, "--due", "2026-02-15").returncode == 0
    before = plan.read_bytes(), {path.name: path.read_bytes() for path in folder.iterdir()}
    refused = targets(*command, "--due", "2026-03-15")
    assert (refused.returncode, "TC656" in refused.stderr) == (5, True)
    assert (plan.read_bytes(), {path.name: path.read_bytes() for path in folder.iterdir()}) == before
    assert targets(*command, "--due", "2026-03-15", "--replace").returncode == 0


def test_nobodys_answers_are_written_over(tmp_path: Path) -> None:
    plan, folder = tmp_path / "plan.xlsx", tmp_path / "packs"
    plan.write_bytes(was_split().data or b"")
    folder.mkdir()
    given = accepted("Dublin")
    (folder / "Dublin.xlsx").write_bytes(given)
    (folder / "Lisbon.xlsx").write_bytes(was_split().packs["Lisbon"])
    before = plan.read_bytes()
    done = targets("split", str(plan), "--level", "Site", "-o", str(folder), "--replace")
    assert (done.returncode, done.stderr.count("Dublin.xlsx"), "Lisbon.xlsx" in done.stderr) == (5, 1, False)
    assert (folder / "Dublin.xlsx").read_bytes() == given
    assert plan.read_bytes() == before


def test_sites_of_one_name_for_the_file_system_get_a_file_each(tmp_path: Path) -> None:
    files = pack_files(tmp_path, ["A/B", "a:b", "A-B.", "C"])
    assert [path.name for path in files.values()] == ["A-B.xlsx", "a-b (2).xlsx", "A-B (3).xlsx", "C.xlsx"]
