"""The metrics of a plan out of the measures of an export.

Owns: which volume is worked on, what weighs a rate, and which direction is good.
"""

from __future__ import annotations

from collections.abc import Mapping

from solver.frozen import frozen
from workbooks.importing import vocabulary as words
from workbooks.importing.guesses import Told
from workbooks.importing.measures import Measure
from workbooks.importing.vocabulary import Role

_STEM = 6  # letters that two words must share to speak of the same


@frozen
class PlanMetrics:
    """What is planned.

    volumes, rates : positions of measures; main : the volume that people work on
    names : position → id of the metric
    weights : rate or handle time → the volume that weighs it
    """

    volumes: tuple[int, ...]
    rates: tuple[int, ...]
    main: int
    names: Mapping[int, str]
    weights: Mapping[int, int]
    lower_is_better: frozenset[int]


def choose_metrics(measures: tuple[Measure, ...], told: Told) -> PlanMetrics | None:
    """Return the metrics of a plan; None where nothing adds up."""
    volumes = [at for at, measure in enumerate(measures) if measure.role is Role.VOLUME]
    arriving = [at for at, measure in enumerate(measures) if measure.role is Role.INFLOW]
    if not volumes and arriving:
        volumes = arriving[:1]
        told.guess(f"column {measures[volumes[0]].header}", "items that arrive", "the volume to be planned",
                   "No other column counts items", is_sure=False)  # fmt: skip
    if not volumes:
        return None
    main = _main(measures, volumes)
    if len(volumes) > 1:
        others = ", ".join(measures[at].name for at in volumes if at != main)
        told.guess("metrics", f"{len(volumes)} volumes", f"people work on {measures[main].name}",
                   f"Its name says so most; {others}: Uses capacity no", is_sure=False)  # fmt: skip
    weighted = [at for at, measure in enumerate(measures) if measure.role in (Role.RATE, Role.HANDLE_TIME)]
    weights = {at: _weight(measures, at, volumes, main) for at in weighted}
    rates = tuple(at for at in weighted if measures[at].role is Role.RATE)
    lower = frozenset(at for at in rates if any(word in measures[at].name.casefold() for word in words.LOWER_IS_BETTER))
    for at in rates:
        direction = "lower is better" if at in lower else "higher is better"
        told.guess(f"rate {measures[at].name}", measures[at].header,
                   f"weighted by {measures[weights[at]].name}; {direction}",
                   "The volume whose name is nearest, else the one people work on", is_sure=False)  # fmt: skip
    names = _unique({at: pretty(measures[at].name) for at in (*volumes, *rates)})
    return PlanMetrics(tuple(volumes), rates, main, names, weights, lower)


def _unique(names: dict[int, str]) -> dict[int, str]:
    """Return names with a number where a header stands in several columns."""
    taken: set[str] = set()
    found = {}
    for at, name in names.items():
        number, chosen = 1, name
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{name} {number}"
        taken.add(chosen.casefold())
        found[at] = chosen
    return found


def pretty(name: str) -> str:
    """Return a column's name as people would write it: “measures_not_automated” → “Measures not automated”."""
    spaced = " ".join(name.replace("_", " ").split())
    return spaced[:1].upper() + spaced[1:] if spaced == spaced.casefold() else spaced


def _main(measures: tuple[Measure, ...], volumes: list[int]) -> int:
    for word in words.MAIN_VOLUMES:
        for at in volumes:
            if words.has_any(words.words_of(measures[at].name), (word,)):
                return at
    return volumes[0]


def _weight(measures: tuple[Measure, ...], rate: int, volumes: list[int], main: int) -> int:
    """Return the volume that shares a word stem with a rate, else the one people work on."""
    stems = {word[:_STEM] for word in words.words_of(measures[rate].name).split() if len(word) >= _STEM}
    for at in volumes:
        said = words.words_of(measures[at].name).split()
        if "not" not in said and any(word[:_STEM] in stems for word in said if len(word) >= _STEM):
            return at
    return main
