"""A new plan workbook out of exports: bytes in, a workbook, its guesses and its findings out.

Owns: the order in which an export is understood, and what the new book holds.
Knows nothing of: files and terminals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from engine.building.texts import text_of
from engine.issues import Issue, Place
from solver.frozen import frozen
from workbooks.importing.calendar import plan_calendar
from workbooks.importing.columns import recognise
from workbooks.importing.csv_text import read_csv
from workbooks.importing.export import Export, find_table
from workbooks.importing.facts import collect
from workbooks.importing.guesses import Guess, Told
from workbooks.importing.history import add_up
from workbooks.importing.joining import Part, all_measures, joined, on_the_periods_of, under_known_names
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


@frozen
class ImportOptions:
    """How an export is read.

    sheet : of a workbook; None = the one with the most records
    roles : header in lower case → what a person says it is
    periods : how many the plan covers; None = as usual for their length
    """

    sheet: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    periods: int | None = None


@frozen
class ImportResult:
    """What an import comes to.

    data : the new workbook; None where an issue stops it
    headers : of the export
    """

    data: bytes | None
    guesses: tuple[Guess, ...]
    issues: tuple[Issue, ...]
    headers: tuple[str, ...] = ()


def import_book(
    name: str, data: bytes, options: ImportOptions | None = None, more: Sequence[tuple[str, bytes]] = ()
) -> ImportResult:
    """Return a new plan workbook out of an export, or several that are joined.

    Parameters
    ----------
    name : of the file, for the places of findings
    data : bytes of a CSV file or a workbook
    more : name and bytes of further exports, headcount beside volumes: the first decides names and periods
    """
    options = options or ImportOptions()
    told = Told()
    exports = [_read(name, data, options, told)]
    exports += [_read(other, its_data, replace(options, sheet=None), told) for other, its_data in more]
    there = [export for export in exports if export is not None]
    made = _understood(there, options, told) if len(there) == len(exports) else None
    book = None if made is None else plan_book(made, told)
    guesses = tuple(sorted(told.guesses, key=lambda guess: guess.is_sure))
    headers = tuple(text_of(header) for export in there for header in export.headers if header)
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


def _understood(exports: Sequence[Export], options: ImportOptions, told: Told) -> Imported | None:
    parts: list[Part] = []
    for export in exports:
        columns = recognise(export, options.roles, told)
        first = sum(len(part.measured.measures) for part in parts)
        parts.append(Part(export, columns, measure(export, columns, told), first))
    measures = all_measures(parts)
    metrics = choose_metrics(measures, told)
    if metrics is None:
        headers = ", ".join(text_of(header) for export in exports for header in export.headers if header)
        told.add("TC263", exports[0].header_place(0), headers)
        return None
    if not all(_collected(part, parts[0], told) for part in parts):
        return None
    main = parts[0]
    timeline = find_timeline(main.export, main.columns, main.facts, told)
    if timeline is None:
        told.add("TC276", main.export.header_place(0), "no record has a period that can be read")
        return None
    main.facts = fit(main.export, main.facts, timeline, told)
    facts = list(main.facts)
    for part in parts[1:]:
        under_known_names(part, main.facts, told)
        on_the_periods_of(part, main.facts, timeline, told)
        part.facts = fit(part.export, part.facts, timeline, told)
        facts = joined(facts, part, measures)
    history = add_up(facts, measures, metrics.weights, timeline.plan_span)
    calendar = plan_calendar(history.spans(), timeline.grain, timeline.naming, options.periods, told)
    found = [part.found for part in parts if part.found is not None]
    org = grow_tree((fact.org for fact in facts), _levels([each.org_levels for each in found]), ALL_TEAMS)
    queues = grow_tree((fact.queue for fact in facts), _levels([each.queue_levels for each in found]), ALL_WORK)
    for tree, alone, word in ((org, ALL_TEAMS, "teams or sites"), (queues, ALL_WORK, "queues")):
        if not tree.levels:
            told.guess("trees", f"no column of {word}", f"one node, {alone}", "Nothing in the export tells them apart",
                       is_sure=False)  # fmt: skip
    streams = choose_streams(main.export, measures, metrics, told)
    name = ", ".join(part.export.name for part in parts)
    aliases = {name: codes for each in reversed(found) for name, codes in each.aliases.items()}
    return Imported(name, measures, metrics, history, calendar, org, queues, aliases, streams)


def _collected(part: Part, main: Part, told: Told) -> bool:
    """Take the facts of an export; False where no period can be told, which is named."""
    part.is_undated = part is not main and part.is_a_list_of_persons
    spans = None if part.is_undated else record_spans(part.export, part.columns, told)
    if spans is None and any(reading.span is None for reading in part.measured.readings):
        if part is main or not part.tells_people_only:
            told.add("TC276", part.export.header_place(0), "no column holds dates or periods")
            return False
        # people without a date: they stand in all periods, see joining
        part.is_undated = True
        spans = [*(fact.span for fact in main.facts[:1])] * len(part.export.records)
    part.found = collect(part.export, part.columns, part.measured, spans, told)
    part.facts = [fact for fact in without_totals(part.export, part.found, told) if fact.values]
    return True


def _levels(told_by: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the level names of the first export that has any."""
    return next((levels for levels in told_by if levels), ())
