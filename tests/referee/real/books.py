"""Random plans of a quarter as input tables, mixing everything a real one holds; rates have a module of their own.

Several volumes, plain stocks, backlogs with inflow and turnaround, groups, Each, Basis, Until, From and To, handle
times of any level, shares, crews in people or hours, hours and people asked and limited, whole units and decimals.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace

import numpy as np

from engine.tables import Earlier, Inputs
from tests.builders import Rows, book

MONTHS = 3
LIMITS = ("Metric", "Org", "Queue", "Period", "Each", "Min", "Max", "Hold", "Basis", "Until")
_PAID = 150.0


@dataclass
class RealBook:
    """The tables of a plan, and what was put into them, by ids.

    org, queues : leaf → the nodes above it, itself included; groups : group → leaves
    inflow : (queue, month) → what comes in less exits; opening : queue → items
    earlier : what an earlier run left in the workbook
    """

    seed: int
    teams: dict[str, tuple[str, ...]]
    queues: dict[str, tuple[str, ...]]
    months: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inflow: dict[tuple[str, str], float] = field(default_factory=dict)
    opening: dict[str, float] = field(default_factory=dict)
    decimals: dict[str, int | None] = field(default_factory=dict)
    tables: dict[str, Rows] = field(default_factory=dict)
    earlier: Earlier | None = None

    @property
    def inputs(self) -> Inputs:
        """The input tables."""
        return replace(book(**self.tables), earlier=self.earlier)


def amounts_book(seed: int) -> tuple[RealBook, dict[tuple[str, str, str, str], float]]:
    """Return a random plan without rates, and the history of its volumes by metric, team, queue and month."""
    rng = np.random.default_rng(seed)
    made = RealBook(seed, _tree(rng, "Region", "Team"), _tree(rng, "Area", "Queue"), _months())
    _add_structure(rng, made)
    size = _add_baseline(rng, made)
    _add_groups(rng, made, size)
    _add_flow(rng, made, size)
    _add_crews(rng, made, size)
    _add_asked(rng, made, size)
    _add_limits(rng, made, size)
    _add_ended(np.random.default_rng([seed, 2]), made, size)
    return made, size


def _tree(rng: np.random.Generator, upper: str, leaf: str) -> dict[str, tuple[str, ...]]:
    """Return two to three upper nodes with one to three leaves each."""
    found = {}
    for at in range(int(rng.integers(1, 4))):
        for each in range(int(rng.integers(1, 4))):
            name = f"{leaf} {at + 1}{each + 1}"
            found[name] = (f"{upper} {at + 1}", name)
    return found


def _months() -> dict[str, tuple[str, ...]]:
    return {f"2026-{month:02}": ("2026H1", f"2026-{month:02}") for month in range(1, MONTHS + 1)}


def _add_structure(rng: np.random.Generator, made: RealBook) -> None:
    several = rng.random() < 0.4
    decimals = {"Reviews": rng.choice(["", "1", "none"], p=[0.7, 0.15, 0.15])}
    metrics = [("Reviews", "volume", "higher", "yes", None, decimals["Reviews"] or None)]
    if several:
        metrics.append(("Appeals", "volume", "higher", rng.choice(["yes", "no"]), None, None))
    if rng.random() < 0.3:
        metrics.append(("Cases", "stock", "lower", None, None, None))
    metrics.append(("Backlog", "stock", "lower", None, "Reviews", None))
    made.decimals = {name: _decimals(text) for name, *_, text in metrics}
    late = str(rng.choice(list(made.teams))) if rng.random() < 0.2 else ""
    made.tables["Metrics"] = [("Metric", "Kind", "Better", "Uses capacity", "Balance of", "Decimals"), *metrics]
    org = [("Node", "Parent", "Level", "From"), *((node, None, "Region", None) for node in _upper(made.teams))]
    org += [(leaf, above, "Team", "2026-02" if leaf == late else None) for leaf, (above, _) in made.teams.items()]
    made.tables["Org"] = org
    seconds = {leaf: float(np.round(np.exp(rng.normal(5, 0.7)))) for leaf in made.queues}
    due = {leaf: float(rng.choice([24, 72, 200])) for leaf in made.queues if rng.random() < 0.15}
    queues = [("Node", "Parent", "Level", "Handle time", "Turnaround", "May lose")]
    queues += [(node, None, "Area", None, None, None) for node in _upper(made.queues)]
    queues += [
        (leaf, above, "Queue", seconds[leaf], due.get(leaf), 0.0 if rng.random() < 0.1 else None)
        for leaf, (above, _) in made.queues.items()
    ]
    made.tables["Queues"] = queues
    periods = [("Period", "Parent", "Level", "Start", "End", "Working days"), ("2026H1", None, "Half-year")]
    ends = (31, 28, 31, 30, 31, 30)
    periods += [
        (name, "2026H1", "Month", day(at + 1, 1), day(at + 1, ends[at]), 20 + at % 3)
        for at, name in enumerate(made.months)
    ]
    made.tables["Periods"] = periods
    if rng.random() < 0.4:
        leaf, month = str(rng.choice(list(made.queues))), str(rng.choice(list(made.months)))
        longer = round(seconds[leaf] * 1.2, 1)
        made.tables["HandleTimes"] = [("Metric", "Org", "Queue", "Period", "Seconds"),
                                      ("Reviews", None, leaf, month, longer)]  # fmt: skip


def _decimals(text: str | None) -> int | None:
    return None if text == "none" else int(text or 0)


def _upper(leaves: dict[str, tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(above for above, _ in leaves.values()))


def day(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day)


def _add_baseline(rng: np.random.Generator, made: RealBook) -> dict[tuple[str, str, str, str], float]:
    """Add history of pairs, month by month; return what it comes to."""
    kinds = {row[0]: row[1] for row in made.tables["Metrics"][1:]}
    pairs = [(team, queue) for team in made.teams for queue in made.queues if rng.random() < 0.7]
    pairs = pairs or [(next(iter(made.teams)), next(iter(made.queues)))]
    size = {}
    for metric in (name for name in kinds if name != "Backlog"):
        scale = {"Reviews": 6.0, "Appeals": 4.0, "Cases": 3.5}[metric]
        for team, queue in pairs:
            level = float(np.exp(rng.normal(scale, 0.8)))
            for month in made.months:
                size[metric, team, queue, month] = float(round(level * rng.uniform(0.7, 1.3)))
    made.tables["Baseline"] = [
        ("Metric", "Org", "Queue", "Period", "Value"),
        *((*key[:3], key[3].replace("2026", "2025"), value) for key, value in size.items()),
    ]
    return size


def _add_groups(rng: np.random.Generator, made: RealBook, size: dict[tuple[str, str, str, str], float]) -> None:
    """Add a group of teams and one of queues, of those that have work."""
    groups = []
    for name, kind, at in (("Vendor", "Org", 1), ("Severe", "Queue", 2)):
        leaves = sorted({key[at] for key in size})
        chosen = [leaf for leaf in leaves if rng.random() < 0.5] or leaves[:1]
        made.groups[name] = tuple(chosen)
        groups += [(name, kind, leaf) for leaf in chosen]
    made.tables["Groups"] = [("Group", "Of", "Node"), *groups]


def _add_flow(rng: np.random.Generator, made: RealBook, size: dict[tuple[str, str, str, str], float]) -> None:
    rows, opening = [], []
    share = rng.choice([0.8, 1.0, 1.1])
    for queue in sorted({key[2] for key in size}):
        if rng.random() < 0.25:
            continue
        level = sum(value for (metric, _, of, _), value in size.items() if metric == "Reviews" and of == queue) / MONTHS
        start = round(level * rng.uniform(0, 0.8))
        if rng.random() < 0.8:
            opening.append(("Backlog", queue, start))
            made.opening[queue] = start
        for month in made.months:
            come = round(level * share * rng.uniform(0.8, 1.2), int(rng.choice([0, 0, 1])))
            leave = round(come * 0.05) if rng.random() < 0.3 else None
            rows.append(("Reviews", queue, month, come, leave))
            made.inflow[queue, month] = come - (leave or 0)
    if rows:
        made.tables["Inflow"] = [("Metric", "Queue", "Period", "Value", "Exits"), *rows]
    else:
        made.tables["Metrics"] = [row for row in made.tables["Metrics"] if row[0] != "Backlog"]
    if opening:
        made.tables["Opening"] = [("Metric", "Queue", "Value"), *opening]


def _add_crews(rng: np.random.Generator, made: RealBook, size: dict[tuple[str, str, str, str], float]) -> None:
    seconds = {row[0]: row[3] for row in made.tables["Queues"][1:] if row[3]}
    uses = {row[0] for row in made.tables["Metrics"][1:] if row[3] == "yes"}
    tight = rng.choice([0.85, 1.0, 1.15, 1.6])
    in_people = rng.random() < 0.6
    rows = []
    for team in made.teams:
        need = sum(
            value * seconds[queue] / 3600
            for (metric, of, queue, _), value in size.items()
            if of == team and metric in uses
        ) / MONTHS  # fmt: skip
        hours = max(need, 5.0) * tight * rng.uniform(0.9, 1.2)
        if in_people:
            rows.append((team, None, None, round(hours / (_PAID * 0.7), 2), _PAID, 0.3, None))
        else:
            rows += [(team, month, round(hours, 1), None, None, None, None) for month in made.months]
    made.tables["Capacity"] = [("Org", "Period", "Hours", "FTE", "Paid hours", "Shrinkage", "Occupancy"), *rows]
    if rng.random() < 0.25:
        named = [("Org", "Queue", "To", "Max share", "Max share of queue")]
        named += [(team, queue, None, None, None) for team in made.teams for queue in made.queues]
        at = int(rng.integers(1, len(named)))
        share = (0.4, None) if rng.random() < 0.5 else (None, 0.6)
        named[at] = (*named[at][:2], str(rng.choice([*made.months, None][-2:])) if rng.random() < 0.3 else None, *share)
        made.tables["Skills"] = [row if row[2] != "None" else (*row[:2], None, *row[3:]) for row in named]


def _total(size: dict[tuple[str, str, str, str], float], metric: str, *allowed: set[str] | None) -> float:
    return sum(
        value
        for (name, *where), value in size.items()
        if name == metric and all(each is None or part in each for part, each in zip(where, allowed, strict=True))
    )


def _add_asked(rng: np.random.Generator, made: RealBook, size: dict[tuple[str, str, str, str], float]) -> None:
    growth = rng.uniform(0.9, 1.15)
    rows: list[tuple[object, ...]] = [
        ("Reviews", None, None, None, None, rng.choice(["exactly", "at least", None]),
         round(_total(size, "Reviews", None, None, None) * growth), None, 1)
    ]  # fmt: skip
    names = {row[0] for row in made.tables["Metrics"][1:]}
    severe, vendor = set(made.groups["Severe"]), set(made.groups["Vendor"])
    first = next(iter(size))[1]
    monthly = _total(size, "Reviews", None, None, {"2026-02"}) / max(len(made.teams), 1)
    wide: list[tuple[float, tuple[object, ...]]] = [
        (0.4, ("Reviews", None, None, None, "Month", "at least", round(monthly * len(made.teams) * 0.9), None, 2)),
        (0.3, ("Reviews", None, None, None, "Team, Month", "at least", 0.9, "% of baseline", 2)),
        (0.3, ("Reviews", None, "Severe", None, None, "exactly",
               round(_total(size, "Reviews", None, severe, None) * growth), None, 2)),
        (0.3, ("Reviews", "Vendor", None, "2026-02", None, "exactly",
               round(_total(size, "Reviews", vendor, None, {"2026-02"}) * growth, 1), None, 3)),
        (0.2, ("Reviews", None, None, None, "Queue", "at least", 1, "per working day", 3)),
        (0.3, ("Hours", None, "Severe", None, "Month", "at most",
               round(_total(size, "Reviews", None, severe, {"2026-01"}) * 150 / 3600 + 5, 1), None, 2)),
        (0.2, ("FTE", first, None, None, None, "at least", 0.05, None, 3)),
        (0.2, ("Reviews", first, None, None, None, "at most",
               round(_total(size, "Reviews", {first}, None, None) * 0.9), None, 2)),
    ]  # fmt: skip
    if "Appeals" in names:
        rows.append(("Appeals", None, None, None, None, "exactly",
                     round(_total(size, "Appeals", None, None, None) * growth), None, 2))  # fmt: skip
    if "Cases" in names:
        rows.append(("Cases", None, None, None, None, "at most",
                     round(_total(size, "Cases", None, None, {f"2026-{MONTHS:02}"}) * 0.8), None, 2))  # fmt: skip
    if "Backlog" in names:
        left = sum(made.inflow.values()) + sum(made.opening.values())
        wide.append((0.4, ("Backlog", None, None, None, None, "at most", round(0.2 * left), None, 1)))
        wide.append((0.3, ("Backlog", None, None, None, "Area, Month", "at most", round(0.4 * left), None, 2)))
    rows += [row for chance, row in wide if rng.random() < chance]
    made.tables["Targets"] = [
        ("Metric", "Org", "Queue", "Period", "Each", "Sense", "Value", "Basis", "Priority"), *rows
    ]  # fmt: skip


def _add_limits(rng: np.random.Generator, made: RealBook, size: dict[tuple[str, str, str, str], float]) -> None:
    pairs = sorted({(team, queue) for _, team, queue, _ in size})
    team, queue = pairs[int(rng.integers(len(pairs)))]
    of_team = _total(size, "Reviews", {team}, None, {"2026-01"})
    of_queue = _total(size, "Reviews", None, {queue}, {"2026-01"})
    severe = set(made.groups["Severe"])
    wellness = round(_total(size, "Reviews", None, severe, {"2026-01"}) * 140 / 3600 + 3, 1)
    wide: list[tuple[float, tuple[object, ...]]] = [
        (0.3, ("Hours", None, "Severe", None, "Month", None, wellness, None, None, None)),
        (0.2, ("FTE", team, None, None, "Month", 0.02, None, None, None, None)),
        (0.3, ("Reviews", team, None, "2026-03", None, round(of_team * 0.8), None, None, None, None)),
        (0.2, ("Reviews", None, queue, "2026-02", None, None, round(of_queue * 0.8, 1), None, None, None)),
        (0.2, ("Reviews", None, queue, "2026-03", None, None, None, round(of_queue * 0.9, 1), None, None)),
        (0.2, ("Reviews", team, None, None, None, None, round(of_team * 1.5), None, None, day(2, 15))),
        (0.2, ("Reviews", None, None, None, "Team", 0.5, None, None, "% of baseline", None)),
    ]
    rows = [row for chance, row in wide if rng.random() < chance]
    if rows:
        made.tables["Limits"] = [LIMITS, *rows]


def _add_ended(rng: np.random.Generator, made: RealBook, size: dict[tuple[str, str, str, str], float]) -> None:
    """Add limits of a backlog and of people that end before the plan does."""
    team, queue = (sorted({key[at] for key in size})[0] for at in (1, 2))
    rows: list[tuple[object, ...]] = []
    if made.inflow and rng.random() < 0.5:
        left = sum(made.inflow.values()) + sum(made.opening.values())
        where = queue if rng.random() < 0.5 and (queue, "2026-01") in made.inflow else None
        rows.append(("Backlog", None, where, None, None, None, round(0.3 * left), None, None, day(2, 15)))
    if rng.random() < 0.2:
        rows.append(("FTE", team, None, None, None, 0.01, None, None, None, day(2, 15)))
    if rows:
        made.tables["Limits"] = [*made.tables.get("Limits", [LIMITS]), *rows]
