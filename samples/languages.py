"""The EU languages plan: measures by people in 27 member states, and moderators by language.

Owns: what the director asks for in it, and what is assumed. Figures stand in ``samples.languages_figures``.
"""

from __future__ import annotations

import datetime

from samples.languages_figures import (
    ANY_LANGUAGE,
    AREAS,
    HISTORY,
    NAMES,
    PLANNED,
    SECOND_LANGUAGES,
    moderators,
    published,
    states,
)
from samples.plan_tables import rounded
from workbooks.template.contents import Assumption, BookOptions, FilledTable, Formula, Grid, Page, Value, by_rows
from workbooks.template.write import new_workbook

HUMAN, ALL, PRECISION, RECALL = "Human measures", "All measures", "Precision", "Recall"
ENGLISH = "English"
MINUTES = 9.0
ASKED_PRECISION, ASKED_RECALL = 0.978, 0.944
_LEAST = 0.8  # of last half-year's measures, in every state


def languages_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    tables = {
        "Settings": FilledTable(
            by_rows(
                ("Setting", "Value"),
                (("Plan name", "EU languages 2026 H1"), ("Cycle", "2026 H1"), ("Version", "Sample")),
            )
        ),
        "Metrics": _metrics(),
        "Org": _org(),
        "Queues": _queues(),
        "Periods": FilledTable(
            by_rows(
                ("Period", "Level", "Start", "End", "Like"),
                ((PLANNED, "Half-year", datetime.date(2026, 1, 1), datetime.date(2026, 6, 30), HISTORY),),
            )
        ),
        "Capacity": _capacity(),
        "Skills": _skills(),
        "Baseline": _baseline(),
        "Targets": _targets(),
    }
    return new_workbook(tables, _options())


def area(language: str) -> str:
    """Return the node of the states of a language."""
    return f"{language} area"


def _metrics() -> FilledTable:
    rows: tuple[tuple[Value, ...], ...] = (
        (HUMAN, "volume", "measures", "higher", None, "yes", None),
        (ALL, "volume", "measures", "higher", None, "no", None),
        (PRECISION, "rate", "%", "higher", ALL, None, 1.0),
        (RECALL, "rate", "%", "higher", ALL, None, 1.0),
    )
    return FilledTable(by_rows(("Metric", "Kind", "Unit", "Better", "Weight", "Uses capacity", "Ceiling"), rows))


def _org() -> FilledTable:
    pools = ("Language teams", "Overflow")
    teams = [language for language in sorted(moderators(PLANNED)) if language not in (ENGLISH, ANY_LANGUAGE)]
    rows: list[tuple[Value, ...]] = [(pools[0], None, "Pool")]
    rows += [(team, pools[0], "Team") for team in teams]
    rows += [(pools[1], None, "Pool"), (ENGLISH, pools[1], "Team"), (ANY_LANGUAGE, pools[1], "Team")]
    notes = {"Parent": "That English and non-language staff take what other teams cannot is our reading."}
    return FilledTable(by_rows(("Node", "Parent", "Level"), rows), notes)


def _queues() -> FilledTable:
    seconds = Formula("Minutes_per_measure*60", MINUTES * 60)
    rows: list[tuple[Value, ...]] = []
    for language, codes in AREAS.items():
        rows.append((area(language), None, "Language area", None, seconds))
        rows += [(NAMES[code], area(language), "Member state", code, None) for code in codes]
    notes = {"Parent": "The language that most of a state's content is in: the mapping is ours."}
    columns = by_rows(("Node", "Parent", "Level", "Alias", "Handle time"), rows)
    return FilledTable(columns, notes, frozenset({"Handle time"}))


def _capacity() -> FilledTable:
    cells = (
        Formula("Hours_per_day", 8.0),
        Formula("Shrinkage_assumed", 0.3),
        Formula("Occupancy_assumed", 0.85),
    )
    rows = [(team, people, *cells) for team, people in sorted(moderators(PLANNED).items())]
    return FilledTable(
        by_rows(("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy"), rows),
        {"FTE": "Moderators in the report for 2026 H1; a person with several languages counts in each."},
        frozenset({"Hours per day", "Shrinkage", "Occupancy"}),
    )


def _skills() -> FilledTable:
    """Return who works on what: a language on its states; English and non-language staff on all, measures only."""
    rows: list[tuple[Value, ...]] = [(language, area(language), None) for language in AREAS]
    rows += [(language, NAMES[code], HUMAN) for language, codes in SECOND_LANGUAGES.items() for code in codes]
    others = [language for language in AREAS if language != ENGLISH]
    rows += [(ENGLISH, area(language), HUMAN) for language in others]
    rows += [(ANY_LANGUAGE, area(language), HUMAN) for language in AREAS]
    return FilledTable(by_rows(("Org", "Queue", "Metric"), rows))


def _baseline() -> FilledTable:
    rows: list[tuple[Value, ...]] = []
    for language, codes in AREAS.items():
        for code in codes:
            found = states(HISTORY)[code]
            rows += [(HUMAN, team, NAMES[code], HISTORY, value) for team, value in _who_did(language, found.human)]
            rows += [
                (metric, language, NAMES[code], HISTORY, value)
                for metric, value in ((ALL, found.measures), (PRECISION, found.precision), (RECALL, found.recall))
            ]
    notes = {"Org": "The state's own language; who really did the work is not published, so overflow starts at 0."}
    return FilledTable(by_rows(("Metric", "Org", "Queue", "Period", "Value"), rows), notes, frozenset({"Org"}))


def _who_did(language: str, value: float) -> list[tuple[str, float]]:
    """Return who is taken to have done the work of a state: its language; in English those of no language as well."""
    if language != ENGLISH:
        return [(language, value)]
    people = moderators(HISTORY)
    both = people[ENGLISH] + people[ANY_LANGUAGE]
    english = float(round(value * people[ENGLISH] / both))
    return [(ENGLISH, english), (ANY_LANGUAGE, value - english)]


def _targets() -> FilledTable:
    asked = published(PLANNED)
    rows: list[tuple[Value, ...]] = [
        (HUMAN, None, "exactly", rounded(asked.human, 10_000), None, 1),
        (ALL, None, "exactly", rounded(asked.measures, 10_000), None, 1),
        (HUMAN, "Member state", "at least", _LEAST, "% of baseline", 2),
        (PRECISION, None, "at least", ASKED_PRECISION, None, 1),
        (RECALL, None, "at least", ASKED_RECALL, None, 1),
    ]
    notes = {"Value": "Measures: the totals that came about, rounded. Precision and recall: what is asked is made up."}
    return FilledTable(by_rows(("Metric", "Each", "Sense", "Value", "Basis", "Priority"), rows), notes)


def _options() -> BookOptions:
    people, before = moderators(PLANNED), moderators(HISTORY)
    load = [
        (language, before.get(language, 0.0), people.get(language, 0.0), _load(language)) for language in AREAS
        if before.get(language, 0.0) > 0
    ]  # fmt: skip
    load.sort(key=lambda row: -row[3])
    return BookOptions(
        title="EU languages 2026 H1",
        purpose="Measures by people in 27 member states, from those of 2025 H2, with the moderators of 2026 H1.",
        status="Measures, precision, recall and moderators are published figures. Minutes, hours and time lost are "
        "ASSUMPTIONS.",
        assumptions=(
            Assumption("Minutes_per_measure", "One measure by a person takes, with all reviews that end without one",
                       MINUTES, "minutes",
                       "Nobody publishes it. With it the 3,738 moderators can do 2 % more than was done in 2025 H2."),
            Assumption("Hours_per_day", "Paid hours per moderator and working day", 8.0, "h/FTE/day",
                       "A common contract. Press reports name longer shifts."),
            Assumption("Shrinkage_assumed", "Shrinkage: leave, training, breaks, wellness, meetings", 0.3,
                       "% of paid hours", "Planners often see 25 % to 35 %.", "0.0%"),
            Assumption("Occupancy_assumed", "Occupancy: share of queue time spent handling", 0.85, "% of queue time",
                       "A common range is 75 % to 88 %.", "0.0%"),
        ),
        pages=(
            Page(
                "Notes",
                "Where the figures come from",
                "Sources, what was computed, and what was left out",
                (
                    "Source: TikTok's transparency reports under the Digital Services Act for 2025 H2 and 2026 H1, "
                    "tables 6, 8 and 9 (statutory public disclosures; see samples/data/SOURCES.md).",
                    "Precision and recall are those of automated means, weighted by all measures: so weighted, they "
                    "come to the figures published for the EU (97.6 % and 93.8 % in 2025 H2).",
                    "Published totals for 2025 H2 miss the sum of the states by 117,796 human measures; the states "
                    "are taken. Irish and Maltese moderators: none, so Ireland and Malta are served in English.",
                    "Measures by people per moderator of the state's language differ more than 15-fold. No language "
                    "team can do that alone: English and non-language staff must take what is over, as in Skills.",
                    Grid(("Language", "Moderators 2025 H2", "Moderators 2026 H1", "Measures each, 2025 H2"), load),
                ),
            ),
        ),
    )  # fmt: skip


def _load(language: str) -> float:
    """Return last half-year's measures by people per moderator of a language."""
    return sum(states(HISTORY)[code].human for code in AREAS[language]) / moderators(HISTORY)[language]
