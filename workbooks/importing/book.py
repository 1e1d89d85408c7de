"""A new plan workbook out of an export: bytes in, a workbook, its guesses and its findings out.

Owns: the order in which an export is understood, and what the new book holds.
Knows nothing of: files and terminals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.building.texts import text_of
from engine.issues import Issue, Place
from workbooks.importing.calendar import plan_calendar
from workbooks.importing.columns import recognise
from workbooks.importing.csv_text import read_csv
from workbooks.importing.export import Export, find_table
from workbooks.importing.facts import collect
from workbooks.importing.guesses import Guess, Told
from workbooks.importing.history import add_up
from workbooks.importing.measures import measure
from workbooks.importing.metrics import choose_metrics
from workbooks.importing.plan_book import Imported, plan_book
from workbooks.importing.sheet_text import read_sheet
from workbooks.importing.spans import record_spans
from workbooks.importing.streams import choose_streams
from workbooks.importing.timeline import find_timeline, fit
from workbooks.importing.totals import without_totals
from workbooks.importing.trees import grow_tree
from workbooks.importing.vocabulary import Role

ALL_TEAMS, ALL_WORK = "All teams", "All work"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an export is read.

    sheet : of a workbook; None = the one with the most records
    roles : header in lower case → what a person says it is
    periods : how many the plan covers; None = as usual for their length
    """

    sheet: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    periods: int | None = None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import comes to.

    data : the new workbook; None where an issue stops it
    headers : of the export
    """

    data: bytes | None
    guesses: tuple[Guess, ...]
    issues: tuple[Issue, ...]
    headers: tuple[str, ...] = ()


def import_book(name: str, data: bytes, options: ImportOptions | None = None) -> ImportResult:
    """Return a new plan workbook out of an export.

    Parameters
    ----------
    name : of the file, for the places of findings
    data : bytes of a CSV file or a workbook
    """
    options = options or ImportOptions()
    told = Told()
    export = _read(name, data, options, told)
    made = None if export is None else _understood(export, options, told)
    book = None if made is None else plan_book(made, told)
    guesses = tuple(sorted(told.guesses, key=lambda guess: guess.is_sure))
    headers = () if export is None else tuple(text_of(header) for header in export.headers if header)
    return ImportResult(book, guesses, told.close(), headers)


def _read(name: str, data: bytes, options: ImportOptions, told: Told) -> Export | None:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        export = read_sheet(name, data, options.sheet, told)
    else:
        grid = read_csv(data, told)
        export = None if grid is None else find_table(name, grid, told)
    if export is None and not told.issues:
        told.add("TC262", Place("", name), f"{name}: no row of headers with values below it")
    return export


def _understood(export: Export, options: ImportOptions, told: Told) -> Imported | None:
    columns = recognise(export, options.roles, told)
    measured = measure(export, columns, told)
    metrics = choose_metrics(measured.measures, told)
    if metrics is None:
        headers = ", ".join(text_of(header) for header in export.headers if header)
        told.add("TC263", export.header_place(0), headers)
        return None
    spans = record_spans(export, columns, told)
    if spans is None and any(reading.span is None for reading in measured.readings):
        told.add("TC276", export.header_place(0), "no column holds dates or periods")
        return None
    found = collect(export, columns, measured, spans, told)
    facts = [fact for fact in without_totals(export, found, told) if fact.values]
    timeline = find_timeline(export, columns, facts, told)
    if timeline is None:
        told.add("TC276", export.header_place(0), "no record has a period that can be read")
        return None
    facts = fit(export, facts, timeline, told)
    history = add_up(facts, found.measures, metrics.weights, timeline.plan_span)
    calendar = plan_calendar(history.spans(), timeline.grain, timeline.naming, options.periods, told)
    org = grow_tree((fact.org for fact in facts), found.org_levels, ALL_TEAMS)
    queues = grow_tree((fact.queue for fact in facts), found.queue_levels, ALL_WORK)
    for tree, alone, word in ((org, ALL_TEAMS, "teams or sites"), (queues, ALL_WORK, "queues")):
        if not tree.levels:
            told.guess("trees", f"no column of {word}", f"one node, {alone}", "Nothing in the export tells them apart",
                       is_sure=False)  # fmt: skip
    streams = choose_streams(export, found.measures, metrics, told)
    return Imported(export.name, found.measures, metrics, history, calendar, org, queues, found.aliases, streams)
