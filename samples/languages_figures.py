"""Half-year figures of the EU: measures per member state, and moderators per language.

Owns: reading the committed tables (see data/SOURCES.md), and which language a state's content is mostly in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from samples.records import records

HISTORY, PLANNED = "2025H2", "2026H1"
_TOTAL = "EU_TOTAL"

AREAS: Mapping[str, tuple[str, ...]] = {
    "Bulgarian": ("BG",),
    "Croatian": ("HR",),
    "Czech": ("CZ",),
    "Danish": ("DK",),
    "Dutch": ("BE", "NL"),
    "English": ("IE", "MT"),
    "Estonian": ("EE",),
    "Finnish": ("FI",),
    "French": ("FR", "LU"),
    "German": ("AT", "DE"),
    "Greek": ("CY", "GR"),
    "Hungarian": ("HU",),
    "Italian": ("IT",),
    "Latvian": ("LV",),
    "Lithuanian": ("LT",),
    "Polish": ("PL",),
    "Portuguese": ("PT",),
    "Romanian": ("RO",),
    "Slovak": ("SK",),
    "Slovenian": ("SI",),
    "Spanish": ("ES",),
    "Swedish": ("SE",),
}
"""Language → the states whose content is mostly in it. The report does not say: the mapping is ours."""

SECOND_LANGUAGES: Mapping[str, tuple[str, ...]] = {"French": ("BE",), "German": ("LU",), "Swedish": ("FI",)}
"""Languages that a state has besides; ours, too."""

NAMES: Mapping[str, str] = {
    "AT": "Austria", "BE": "Belgium", "BG": "Bulgaria", "CY": "Cyprus", "CZ": "Czechia", "DE": "Germany",
    "DK": "Denmark", "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France", "GR": "Greece", "HR": "Croatia",
    "HU": "Hungary", "IE": "Ireland", "IT": "Italy", "LT": "Lithuania", "LU": "Luxembourg", "LV": "Latvia",
    "MT": "Malta", "NL": "Netherlands", "PL": "Poland", "PT": "Portugal", "RO": "Romania", "SE": "Sweden",
    "SI": "Slovenia", "SK": "Slovakia",
}  # fmt: skip

ANY_LANGUAGE = "Any language"
_REST = "Other/non-language-specific (residual)"


@dataclass(frozen=True, slots=True)
class State:
    """One member state in one half-year. human, measures : by people, and in all; the rest are shares."""

    human: float
    measures: float
    accuracy: float
    precision: float
    recall: float


@cache
def states(period: str) -> dict[str, State]:
    """Return the figures of all states, by code."""
    return {code: state for code, state in _rows(period).items() if code != _TOTAL}


def published(period: str) -> State:
    """Return the figures published for the EU as a whole."""
    return _rows(period)[_TOTAL]


@cache
def _rows(period: str) -> dict[str, State]:
    return {
        row["member_state"]: State(
            float(row["measures_not_automated"]),
            float(row["measures_total"]),
            float(row["automation_accuracy"]),
            float(row["automation_precision"]),
            float(row["automation_recall"]),
        )
        for row in records("dsa_member_state_halfyear.csv")
        if row["period"] == period
    }


def moderators(period: str) -> dict[str, float]:
    """Return moderators by language; those of no language stand under ``ANY_LANGUAGE``. Languages with none are out."""
    people = {
        row["language"]: float(row["moderators"])
        for row in records("dsa_moderators_by_language.csv")
        if row["period"] == period and not row["language"].startswith("TOTAL")
    }
    people[ANY_LANGUAGE] = people.pop(_REST)
    return {language: count for language, count in people.items() if count > 0}
