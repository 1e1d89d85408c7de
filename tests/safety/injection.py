"""Texts that mean something to a spreadsheet, a terminal or a parser, in every place that people fill.

12 beginnings × names, notes, sheet names × 10 outputs: text stays text.
"""

from __future__ import annotations

import json
import re
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import highspy

from engine.formulation.naming import named_program
from solver.lp_text import lp_text
from tests.corpus.checker import Package
from tests.workbooks.books import SMALL, book
from workbooks.command.machine import issue_reports
from workbooks.run import Run, RunOptions, cascade
from workbooks.tabs.names import OWN_SHEETS

LEADS = ("=", "+", "-", "@", "\t=", "\r=", "|", "%", "<", "&", '"', "{=")
PLACES = ("names", "notes", "sheet names")
MARK = "1+1 HARM"
OUTPUTS = (*OWN_SHEETS, "JSON", "LP")
SHOWN: dict[str, frozenset[str]] = {
    "names": frozenset(OUTPUTS),
    "notes": frozenset({"Summary", "Cascade", "Org Targets", "Queue Targets", "Run Log"}),
    "sheet names": frozenset({"Capacity Use", "Diagnostics", "JSON"}),
}
"""Place → the outputs that show the text: a case shows nothing where it is missing, and nowhere else may it stand."""


@dataclass
class Case:
    """One case. fault : "" where the text stayed text."""

    lead: str
    place: str
    output: str
    fault: str


def cases() -> Iterator[Case]:
    """Yield all cases."""
    for lead in LEADS:
        for place in PLACES:
            yield from cases_of(lead, place)


def cases_of(lead: str, place: str) -> Iterator[Case]:
    """Yield the cases of one beginning in one kind of place, one for each output."""
    text = f"{lead}{MARK}"
    # whoever runs it is a name, and what they typed is logged
    asked = {"names": {"by": text}, "notes": {"command": text}}.get(place, {})
    run = cascade(hostile_book(lead, place), RunOptions(**asked))
    for output in OUTPUTS:
        yield Case(lead, place, output, _fault(run, (lead, place, output)))


def hostile_book(lead: str, place: str) -> bytes:
    """Return a plan with a hostile text in one kind of place, that brings about findings, too."""
    text = f"{lead}{MARK}"
    tables = {name: [list(row) for row in rows] for name, rows in SMALL.items()}
    node, queue = (
        next(row[0] for row in tables[tree][1:] if row[0] not in {each[1] for each in tables[tree]})
        for tree in ("Org", "Queues")
    )
    if place == "names":
        for rows in tables.values():
            for row in rows[1:]:
                row[:] = [text if value in (node, queue) else value for value in row]
        node = text
        # a target of that team alone, which its hours cannot meet
        tables["Targets"] = [["Metric", "Org", "Value"], ["Reviews", None, 1000.0], ["Reviews", text, 900.0]]
    note = text if place == "notes" else "because"
    tables["Limits"] = [
        ["Metric", "Org", "Max", "Owner", "Reason"], ["Reviews", node, 1.0, note, note],
    ]  # fmt: skip
    tables["Capacity"] = [["Org", "Hours"], [node, 1.0]]
    tables["Settings"] = [["Setting", "Value"], ["Plan name", text if place == "notes" else "Plan"]]
    data = book(tables)
    return _with_sheet_name(data, text) if place == "sheet names" else data


def _with_sheet_name(data: bytes, text: str) -> bytes:
    from tests.workbooks.books import changed

    written = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\t", "&#9;")
    written = written.replace("\r", "&#13;")
    return changed(
        data, {"xl/workbook.xml": lambda part: part.replace(b'name="Capacity"', f'name="{written}"'.encode())}
    )


def _fault(run: Run, case: tuple[str, str, str]) -> str:
    _, place, output = case
    if run.data is None or run.outcome is None:
        return f"no run: {[(each.code, each.found) for each in run.issues if each.severity == 'stop'][:2]}"
    if output == "JSON":
        text = json.dumps([each.model_dump() for each in issue_reports(run.issues)])
        if "\r" in text or json.loads(text) is None:
            return "no JSON"
        return _presence(MARK in text, place, output)
    if output == "LP":
        return _lp_fault(run, place)
    return _sheet_fault(run.data, case)


def _presence(is_there: bool, place: str, output: str) -> str:
    if is_there == (output in SHOWN[place]):
        return ""
    return "the text stands there" if is_there else "the text is not there"


def _sheet_fault(data: bytes, case: tuple[str, str, str]) -> str:
    lead, place, sheet = case
    package = Package(data)
    part = next(part for name, part, _ in package.sheets() if name == sheet)
    shown = [
        "".join(element.itertext()) + element.get("location", "")
        for element in ET.fromstring(package.read(part)).iter()
        if element.tag.rsplit("}", 1)[-1] in ("c", "hyperlink")
    ]
    is_whole = any(f"{lead.strip()}{MARK}" in text for text in shown)
    if fault := _presence(is_whole, place, sheet):
        return fault
    for name in [part, *(target for kind, target, _ in package.relations(part) if target), package.workbook]:
        root = ET.fromstring(package.read(name))
        for element in root.iter():
            local = element.tag.rsplit("}", 1)[-1]
            if local in ("f", "formula", "definedName") and _speaks(element.text or ""):
                return f"{name}: {local} {element.text!r}"
            if _speaks(element.get("location", "")):
                return f"{name}: a link to {element.get('location')!r}"
            if local == "c" and element.get("t") not in ("inlineStr", "str") and MARK in "".join(element.itertext()):
                return f"{name}: cell {element.get('r')} is no text"
    return ""


def _speaks(formula: str) -> bool:
    """Whether a formula holds our text outside of quotes."""
    bare = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", "", formula)
    return "HARM" in bare


def _lp_fault(run: Run, place: str) -> str:
    assert run.outcome is not None
    named = named_program(run.outcome.plan)
    if fault := _presence(any("HARM" in name for names in named[1:] for name in names), place, "LP"):
        return fault
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.lp"
        file.write_text(lp_text(*named), encoding="utf-8")
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        if highs.readModel(str(file)) == highspy.HighsStatus.kError:
            return "the program cannot be read"
        columns = highs.getNumCol()
    expected = named[0].matrix.shape[1]
    return "" if columns == expected else f"{columns} columns instead of {expected}"
