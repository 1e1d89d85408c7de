"""The workbook that an import makes: input tables, example targets, and the sheet of guesses.

Owns: which tables are filled from what, and what is marked for a person to look at.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.codes import CODES
from solver.frozen import frozen
from workbooks.addresses import reference
from workbooks.importing.calendar import PlanCalendar, periods_table
from workbooks.importing.guesses import Guess, Told
from workbooks.importing.history import History
from workbooks.importing.measures import Measure
from workbooks.importing.metrics import PlanMetrics
from workbooks.importing.streams import Streams, stream_tables
from workbooks.importing.trees import GuessedTree, tree_table
from workbooks.importing.vocabulary import Role
from workbooks.importing.work_tables import (
    CREW_ASSUMPTIONS,
    crews_table,
    handle_times,
    hours_table,
    seconds_factor,
    skills_table,
)
from workbooks.template.contents import BookOptions, FilledTable, Grid, Page, Value, by_rows
from workbooks.template.write import new_workbook

GUESSES = "Guesses"


@frozen
class Imported:
    """All that was understood of an export."""

    name: str
    measures: tuple[Measure, ...]
    metrics: PlanMetrics
    history: History
    calendar: PlanCalendar
    org: GuessedTree
    queues: GuessedTree
    aliases: Mapping[str, tuple[str, ...]]
    streams: Streams | None = None

    def first(self, role: Role) -> int | None:
        """Return the first measure of a role."""
        return next((at for at, each in enumerate(self.measures) if each.role is role and self.history.keys(at)), None)


def plan_book(made: Imported, told: Told) -> bytes:
    """Return the workbook of an import."""
    tables: dict[str, FilledTable] = {
        "Settings": FilledTable(by_rows(("Setting", "Value"), (("Plan name", f"Plan from {made.name}"),))),
        "Metrics": _metrics_table(made),
        "Org": tree_table(made.org, made.aliases),
        "Periods": periods_table(made.calendar),
        "Baseline": _baseline_table(made),
        "Targets": _targets_table(made),
    }
    seconds = _add_handle_times(made, tables, told)
    tables["Queues"] = tree_table(made.queues, made.aliases, seconds)
    skills = skills_table(made.history, made.metrics.main, made.org, made.queues)
    if skills is not None:
        tables["Skills"] = skills
    if made.streams is not None:
        volume = made.metrics.names[made.metrics.main]
        tables |= stream_tables(made.history, made.streams, made.calendar, made.queues, volume)
        told.guess("Inflow", made.measures[made.streams.inflow].header, "as much arrives again, in orange",
                   "No export tells what will come: put your forecast over it", is_sure=False)  # fmt: skip
    with_crews = _add_capacity(made, tables, told)
    told.guess("Targets", "none in an export", "as much as in the history, in orange",
               "An example that cascades: put what is asked for over it", is_sure=False)  # fmt: skip
    options = BookOptions(
        title=f"Plan from {made.name}",
        purpose=f"Trees, periods, history and handle times as they were read out of {made.name}.",
        status="Confirm the sheet Guesses. Targets are EXAMPLES, in orange: put what is asked for over them.",
        assumptions=CREW_ASSUMPTIONS if with_crews else (),
        pages=(_guesses_page(made.name, told),),
    )
    return new_workbook(tables, options)


def _metrics_table(made: Imported) -> FilledTable:
    metrics = made.metrics
    rows: list[dict[str, Value]] = []
    for at in metrics.volumes:
        uses = "yes" if at == metrics.main else "no"
        row: dict[str, Value] = {"Metric": metrics.names[at], "Kind": "volume", "Unit": "items", "Better": "higher"}
        rows.append(row | ({"Uses capacity": uses} if len(metrics.volumes) > 1 else {}))
    for at in metrics.rates:
        is_share = max(made.history.keys(at).values(), default=0.0) <= 1
        better, weight = "lower" if at in metrics.lower_is_better else "higher", metrics.names[metrics.weights[at]]
        row = {"Metric": metrics.names[at], "Kind": "rate", "Unit": "%" if is_share else None, "Better": better}
        rows.append(row | {"Weight": weight})
    if made.streams is not None:
        row = {"Metric": made.streams.name, "Kind": "stock", "Unit": "items", "Better": "lower"}
        rows.append(row | {"Balance of": metrics.names[metrics.main]})
    names = dict.fromkeys(name for row in rows for name in row)
    return FilledTable({name: [row.get(name) for row in rows] for name in names})


def _baseline_table(made: Imported) -> FilledTable:
    rows: list[tuple[Value, ...]] = []
    sample = made.first(Role.SAMPLE)
    for at in (*made.metrics.volumes, *made.metrics.rates):
        name = made.metrics.names[at]
        counts = made.history.keys(sample) if sample is not None and at in made.metrics.rates else {}
        for key, value in sorted(made.history.keys(at).items(), key=lambda each: (each[0][0], each[0][1], each[0][2])):
            org, queue = made.org.id_of(key[0]), made.queues.id_of(key[1])
            shown = round(value, 6) if at in made.metrics.rates else value
            rows.append((name, org, queue, made.calendar.history[key[2]], shown, counts.get(key)))
    names = ("Metric", "Org", "Queue", "Period", "Value", "Count")
    width = len(names) if any(row[-1] is not None for row in rows) else len(names) - 1
    return FilledTable(by_rows(names[:width], [row[:width] for row in rows]))


def _targets_table(made: Imported) -> FilledTable:
    """Return example targets: for each volume that people work on, and each rate, what the history came to."""
    like = made.calendar.like
    names = [made.calendar.naming.name(span) for span in made.calendar.planned]
    period = names[0] if len(names) == 1 else None
    main = made.metrics.main
    values = made.history.keys(main)
    total = sum(value for span in like for key, value in values.items() if key[2] == span)
    rows: list[tuple[Value, ...]] = [(made.metrics.names[main], period, None, float(round(total)), 1)]
    for at in made.metrics.rates:
        weight, wanted = made.history.weight[at], set(like)
        keys = [key for key in made.history.keys(at) if key[2] in wanted]
        heavy = sum(weight[key] for key in keys)
        if heavy > 0:
            mean = sum(made.history.keys(at)[key] * weight[key] for key in keys) / heavy
            sense = "at most" if at in made.metrics.lower_is_better else "at least"
            rows.append((made.metrics.names[at], period, sense, round(mean, 3), 2))
    return FilledTable(
        by_rows(("Metric", "Period", "Sense", "Value", "Priority"), rows),
        {"Value": "An EXAMPLE: as much as in the history that the plan takes. Put what is asked for over it."},
        frozenset({"Value"}),
    )


def _add_handle_times(made: Imported, tables: dict[str, FilledTable], told: Told) -> dict[str, float] | None:
    at = made.first(Role.HANDLE_TIME)
    if at is None:
        return None
    factor = seconds_factor(made.measures[at], list(made.history.keys(at).values()), told)
    seconds, rows = handle_times(made.history, at, factor, made.org, made.queues)
    if rows:
        columns = by_rows(("Org", "Queue", "Seconds"), rows)
        tables["HandleTimes"] = FilledTable(columns, {"Seconds": "Teams that differ from the queue's average."})
    return seconds


def _add_capacity(made: Imported, tables: dict[str, FilledTable], told: Told) -> bool:
    """Add crews or hours where the export has them; return whether assumptions stand behind them."""
    people, hours = made.first(Role.FTE), made.first(Role.HOURS)
    if people is not None:
        crews = crews_table(made.history, people, made.calendar, made.org)
        if crews is not None:
            tables["Capacity"] = crews
            told.guess("Capacity", made.measures[people].header, "crews; their hours are ASSUMED",
                       "Only people are told: see the sheet Assumptions", is_sure=False)  # fmt: skip
            return True
    if hours is not None:
        tables["Capacity"] = hours_table(made.history, hours, made.calendar, made.org)
        told.guess("Capacity", made.measures[hours].header, "hours that are there again",
                   "Hours worked before are taken for hours to come", is_sure=False)  # fmt: skip
    return False


def _guesses_page(name: str, told: Told) -> Page:
    guesses = sorted(told.guesses, key=lambda guess: guess.is_sure)
    blocks: list[str | Grid] = [
        f"How {name} was read. What stands first is the least certain. Change the input tables where a guess is wrong, "
        "or make the book anew with --column HEADER=ROLE; then this sheet may be deleted.",
        Grid(
            ("Look at it?", "About", "In the export", "Read as", "Why", "Cell of the export"),
            [_guess_row(guess) for guess in guesses],
            is_wrapped=True,
        ),
    ]
    issues = told.close()
    if issues:
        blocks += [
            "Cells that were mended, left out or do not add up. Nothing else of the export is missing here.",
            Grid(
                ("Code", "What it is", "Found", "What was done or can be done", "Cell of the export"),
                [(each.code, CODES[each.code].title, each.found, each.mend, reference(each.place)) for each in issues],
                is_wrapped=True,
            ),
        ]
    return Page(GUESSES, "What was guessed", f"How every column of {name} was read, for you to confirm", blocks)


def _guess_row(guess: Guess) -> tuple[str, ...]:
    look = "" if guess.is_sure else "yes"
    return (look, guess.about, guess.found, guess.taken, guess.why, reference(guess.place))
