"""Rates of a random real plan: history with gaps, benchmarks by node, targets and limits of every kind.

Histories are fine, with a coarse row over what is left, or missing; less or more is better; shares, seconds, scores.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from engine.tables import Earlier
from tests.referee.real.books import LIMITS, RealBook, amounts_book, day

Row = tuple[object, ...]


@dataclass(frozen=True)
class _Kind:
    """unit, better : of Metrics; usual : about where values lie; spread : how far apart; most : the end of the scale"""

    unit: str | None
    better: str
    usual: float
    spread: float
    most: float
    role: str | None = None

    def rounded(self, value: float) -> float:
        """Return a value that the rate can have, as people write it."""
        return float(round(min(max(value, 0.0), self.most), 4 if self.most == 1 else 2))

    def better_by(self, part: float) -> float:
        """Return what is better by some spreads (worse below 0)."""
        return self.usual + (1 if self.better == "higher" else -1) * part * self.spread


_KINDS = {
    "Accuracy": _Kind("%", "higher", 0.92, 0.03, 1.0),
    "Overturn": _Kind("%", "lower", 0.12, 0.04, 1.0),
    "Seconds": _Kind("s", "lower", 160.0, 40.0, np.inf, "handle time"),
    "In time": _Kind("%", "higher", 0.8, 0.08, 1.0, "SLA"),
    "Score": _Kind(None, "higher", 3.6, 0.4, np.inf),
}


def real_book(seed: int) -> RealBook:
    """Return a random plan of everything, in two of three of which rates are asked as well."""
    made, size = amounts_book(seed)
    return made if seed % 3 == 0 else with_rates(made, size)


def with_rates(made: RealBook, size: dict[tuple[str, str, str, str], float]) -> RealBook:
    """Add some rates to a plan's tables.

    Parameters
    ----------
    size : history of volumes by metric, team, queue and month
    """
    rng = np.random.default_rng([made.seed, 1])
    volumes = [row[0] for row in made.tables["Metrics"][1:] if row[1] == "volume"]
    names = [str(name) for name in rng.choice(list(_KINDS), int(rng.choice([1, 1, 2])), replace=False)]
    made.tables["Metrics"] = [(*made.tables["Metrics"][0], "Unit", "Weight", "Role", "Floor", "Ceiling", "Best"),
                              *made.tables["Metrics"][1:]]  # fmt: skip
    made.tables.setdefault("Limits", [LIMITS])
    benchmarks: list[Row] = []
    for name in names:
        kind, weight = _KINDS[name], str(rng.choice(volumes))
        row = (name, "rate", kind.better, None, None, None, kind.unit, weight, kind.role, *_bounds(rng, kind))
        made.tables["Metrics"] = [*made.tables["Metrics"], row]
        made.decimals[name] = None
        pairs = sorted({key[1:3] for key in size if key[0] == weight})
        history = _history(rng, kind, name, [key for key in size if key[0] == weight])
        made.tables["Baseline"] = [*made.tables["Baseline"], *history]
        benchmarks += _benchmarks(rng, kind, name, pairs)
        made.tables["Targets"] = [*made.tables["Targets"], *_targets(rng, kind, name, pairs, has_past=bool(history))]
        limits = _limits(rng, kind, name, pairs, has_past=bool(history))
        if any(row[7] == "now" for row in limits):
            _remember(rng, made, kind, name, pairs)
        made.tables["Limits"] = [*made.tables["Limits"], *limits]
    if benchmarks:
        made.tables["Benchmarks"] = [("Metric", "Org", "Queue", "Floor", "Ceiling", "Best"), *benchmarks]
    if len(made.tables["Limits"]) == 1:
        del made.tables["Limits"]
    return made


def _bounds(rng: np.random.Generator, kind: _Kind) -> tuple[float | None, float | None, float | None]:
    """Return Floor, Ceiling and Best of a metric: the good end is given in one way or the other."""
    bad, good = kind.rounded(kind.better_by(-4)), kind.rounded(kind.better_by(2.2))
    best = kind.rounded(kind.better_by(rng.uniform(1, 2))) if rng.random() < 0.75 else None
    bad_end = bad if rng.random() < 0.5 else None
    good_end = good if best is None or rng.random() < 0.5 else None
    return (bad_end, good_end, best) if kind.better == "higher" else (good_end, bad_end, best)


def _history(rng: np.random.Generator, kind: _Kind, name: str, keys: Iterable[tuple[str, str, str, str]]) -> list[Row]:
    """Return rows of cells with gaps, some filled by a row over a whole queue; now and then none at all."""
    if rng.random() < 0.1:
        return []
    level: dict[tuple[str, str], float] = {}
    fine: list[Row] = []
    for _, team, queue, month in keys:
        usual = level.setdefault((team, queue), kind.usual + kind.spread * rng.normal())
        if rng.random() < 0.85:
            value = kind.rounded(usual + 0.3 * kind.spread * rng.normal())
            fine.append((name, team, queue, month.replace("2026", "2025"), value))
    coarse = []
    for queue in sorted({queue for _, queue in level}):
        if rng.random() < 0.3:
            month = str(rng.choice(["2025-01", "2025-02", "2025-03"]))
            # by halves all is said of it, or nothing: what is left over follows
            if rng.random() < 0.5:
                fine = [row for row in fine if (row[2], row[3]) != (queue, month)]
            coarse.append((name, None, queue, month, kind.rounded(kind.usual + 0.5 * kind.spread * rng.normal())))
    return [*fine, *coarse]


def _benchmarks(rng: np.random.Generator, kind: _Kind, name: str, pairs: list[tuple[str, str]]) -> list[Row]:
    """Return rows by queue and by team and queue: the more specific wins, column by column."""
    team, queue = pairs[int(rng.integers(len(pairs)))]
    better, best = kind.rounded(kind.better_by(2.4)), kind.rounded(kind.better_by(1.5))
    wide: list[tuple[float, Row]] = [
        (0.25, (None, queue, None, best)),
        (0.25, (team, queue, better, kind.rounded(kind.better_by(1.8)))),
    ]
    rows = [row for chance, row in wide if rng.random() < chance]
    if kind.better == "higher":
        return [(name, org, of, None, good, best_of) for org, of, good, best_of in rows]
    return [(name, org, of, good, None, best_of) for org, of, good, best_of in rows]


def _targets(
    rng: np.random.Generator, kind: _Kind, name: str, pairs: list[tuple[str, str]], *, has_past: bool
) -> list[Row]:
    """Return one to several coupled targets; the one over everything comes first."""
    toward = "at least" if kind.better == "higher" else "at most"
    team, queue = pairs[int(rng.integers(len(pairs)))]

    def value(low: float, high: float) -> float:
        return kind.rounded(kind.better_by(rng.uniform(low, high)))

    points = round((1 if kind.better == "higher" else -1) * rng.uniform(-0.2, 0.8) * kind.spread, 4)
    basis = (
        str(rng.choice(["total", "% of baseline", "points on baseline"], p=[0.6, 0.2, 0.2])) if has_past else "total"
    )
    top = {"total": value(-0.4, 1.2), "% of baseline": 1.02 if kind.better == "higher" else 0.95,
           "points on baseline": points}[basis]  # fmt: skip
    wide: list[tuple[float, Row]] = [
        (0.85 if has_past else 1.0, (None, None, None, None, rng.choice([None, "exactly", toward]), top, basis, 1)),
        (0.3, (None, None, None, "Team", toward, value(-1, 0.5), None, 2)),
        (0.2, (None, None, None, "Area, Month", rng.choice([None, toward]), value(-0.5, 0.8), None, 3)),
        (0.3, (None, "Severe", None, None, rng.choice(["exactly", toward]), value(0, 1.5), None, 2)),
        (0.2, ("Vendor", None, "2026-02", None, rng.choice([None, "exactly"]), value(-0.5, 1), None, 1)),
        (0.3, (team, queue, None, None, rng.choice(["exactly", toward, None]), value(-0.5, 2.5), None, 3)),
        (0.15, (None, queue, "2026-03", None, "at least", value(-1, 1), None, 2)),
    ]
    return [(name, *row) for chance, row in wide if rng.random() < chance]


def _limits(
    rng: np.random.Generator, kind: _Kind, name: str, pairs: list[tuple[str, str]], *, has_past: bool
) -> list[Row]:
    """Return limits: of cells, parents and groups, each, ended early, on the baseline, and held as they stand."""
    team, queue = pairs[int(rng.integers(len(pairs)))]

    def sides(part: float) -> tuple[float | None, float | None]:
        bound = kind.rounded(kind.better_by(part))
        return (bound, None) if kind.better == "higher" else (None, bound)

    held = kind.rounded(kind.better_by(rng.uniform(-1, 1)))
    lower, upper = kind.rounded(kind.usual - 1.5 * kind.spread), kind.rounded(kind.usual + 2.5 * kind.spread)
    wide: list[tuple[float, Row]] = [
        (0.2, (team, queue, "2026-03", None, None, None, held, None, None)),
        (0.2, (None, None, None, "Team", *sides(-1.5), None, None, None)),
        (0.2, (None, "Severe", None, "Month", *sides(-0.5), None, None, None)),
        (0.15, ("Vendor", None, None, None, lower, upper, None, None, None)),
        (0.2, (team, None, None, None, *sides(rng.uniform(-0.5, 0.8)), None, None, day(2, 15))),
        (0.2, (None, queue, "2026-02", None, None, None, "now", None, None)),
        (0.15, (team, None, "2026-03", None, *sides(1.0), None, None, None)),
    ]
    if has_past:
        least = (-0.02, None) if kind.better == "higher" else (None, 0.05)
        wide.append((0.15, (None, None, None, "Queue", *least, None, "points on baseline", None)))
    return [(name, *row) for chance, row in wide if rng.random() < chance]


def _remember(
    rng: np.random.Generator, made: RealBook, kind: _Kind, name: str, pairs: list[tuple[str, str]]
) -> None:  # fmt: skip
    """Put into the book what an earlier run would have left: a rate and its weight, cell by cell."""
    cascade = dict(made.earlier.cascade) if made.earlier else {}
    for team, queue in pairs:
        for month in made.months:
            value = kind.rounded(kind.better_by(rng.uniform(-0.5, 1)))
            cascade[name.casefold(), team.casefold(), queue.casefold(), month] = (value, float(rng.integers(0, 900)))
    made.earlier = replace(made.earlier or Earlier({}, {}), cascade=cascade)
