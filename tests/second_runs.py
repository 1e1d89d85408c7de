"""Everything that is said of second runs, typed into the workbook and run: ``python -m tests.second_runs 200``.

For random plans that miss something or contradict themselves: every mend does what it says, the worth of an hour and
of a person is the difference of two full runs, what a limit costs is what a run without it brings, and no contradiction
holds a line that could be spared. ``python -m tests.second_runs 200 mixed``: the same of plans that mix everything
(rates, backlogs, groups, Each, crews). ``--jobs 2``: two processes side by side.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import partial
from itertools import count as numbers
from multiprocessing import Pool

import numpy as np

from engine.outcome import Outcome
from engine.whatif.advice import Advice, Conflict
from engine.whatif.asking import Asking
from engine.whatif.compare import effect_words, items_less_missed, total_miss
from engine.whatif.conflict_lines import READABLE
from tests.plan_inputs import Tables, book_of, tables_of, typed
from tests.referee.case import varied_parts
from tests.referee.real.rates import real_book
from workbooks.run import RunOptions, cascade

_MOST_NUMBERS = 100_000

MISSES, ROWS = 2, 2
"""Misses and rows of Capacity that are tried per plan."""


@dataclass
class Found:
    """What was tried, and what did not come true."""

    plans: int = 0
    mends: int = 0
    rate_mends: int = 0
    worths: int = 0
    costs: int = 0
    conflicts: int = 0
    long_conflicts: int = 0
    wrong: list[str] = field(default_factory=list)

    def with_those(self, other: Found) -> Found:
        """Return what was tried in both."""
        return Found(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def __str__(self) -> str:
        return (
            f"{self.plans} plans: {self.mends} mends ({self.rate_mends} of rates), {self.worths} worths, "
            f"{self.costs} costs of limits, {self.conflicts} contradictions "
            f"({self.long_conflicts} of more than {READABLE} lines); {len(self.wrong)} not as said"
        )


def run(tables: Tables, asking: Asking = Asking.NONE) -> Outcome | None:
    """Return what a workbook comes to by the whole command; None where its plan is refused."""
    return cascade(book_of(tables), RunOptions(asking=asking)).outcome


def try_plan(seed: int, found: Found) -> bool:
    """Try what is said of one random plan; False where nothing is missed or contradicts itself."""
    parts = varied_parts(seed)
    return try_tables(tables_of(parts, "0" if seed % 2 else "none", as_people=seed % 4 < 2), seed, found)


def try_mixed(seed: int, found: Found) -> bool:
    """Try what is said of one random plan that mixes everything; False where there is nothing to say."""
    tables = {name: [list(row) for row in rows] for name, rows in real_book(seed).tables.items()}
    return try_tables(tables, seed, found)


def try_tables(tables: Tables, seed: int, found: Found) -> bool:
    """Try what is said of one plan; False where nothing is missed or contradicts itself, or it is refused."""
    outcome = run(tables, Asking.USUAL)
    if outcome is None or (outcome.targets.met.all() and not (outcome.limits.breach > 0).any()):
        return False
    assert outcome.advice is not None
    found.plans += 1
    said = [
        *_mends(tables, outcome, outcome.advice, found),
        *_worths(tables, outcome, outcome.advice, found),
        *_costs(tables, outcome, outcome.advice, found),
        *_conflicts(tables, outcome, outcome.advice, found),
    ]
    found.wrong += [f"plan {seed}: {each}" for each in said]
    return True


def _mends(tables: Tables, outcome: Outcome, advice: Advice, found: Found) -> Iterator[str]:
    for row in sorted({mend.target for mend in advice.mends})[:MISSES]:
        for mend in (each for one in advice.mends_of(row) for each in (one, *one.alternatives)):
            found.mends += 1
            found.rate_mends += bool(outcome.plan.metrics.is_kind(outcome.plan.targets.scope.metric, "rate")[row])
            now = run(typed(tables, mend.edits))
            if now is None or not now.targets.met[row]:
                yield f"target {row} is not met by: {mend.words}"
            elif effect_words(outcome, now, frozenset({row})) != mend.others:
                yield f"others do not change as said: {mend.others}"


def _worths(tables: Tables, outcome: Outcome, advice: Advice, found: Found) -> Iterator[str]:
    for row in np.flatnonzero(np.isfinite(advice.worth_hour))[:ROWS].tolist():
        place, people = outcome.plan.capacity.place[row], np.isfinite(advice.worth_fte[row])
        changed = typed(tables, ())
        cells = changed[place.table][place.row - 1]
        before = cells[place.column - 1]
        if sum(each == place for each in outcome.plan.capacity.place) > 1:
            continue  # the cell counts in several periods, and one of them was asked about
        assert isinstance(before, float | int)
        cells[place.column - 1] = before + 1
        now = run(changed)
        assert now is not None
        found.worths += 1
        worth = advice.worth_fte[row] if people else advice.worth_hour[row]
        if abs(total_miss(outcome) - total_miss(now) - worth) > 1e-6 * max(1.0, total_miss(outcome)):
            brought = total_miss(outcome) - total_miss(now)
            yield f"one more {'FTE' if people else 'hour'} in row {row}: {brought}, {worth} said"


def _costs(tables: Tables, outcome: Outcome, advice: Advice, found: Found) -> Iterator[str]:
    for cost in advice.costs[:ROWS]:
        place = outcome.plan.limits.place[cost.limits[0]]
        changed = typed(tables, ())
        if len(changed["Limits"]) == 2:
            del changed["Limits"]
        else:
            del changed["Limits"][place.row - 1]
        now = run(changed)
        assert now is not None
        found.costs += 1
        brought = items_less_missed(outcome, now)
        if abs(brought - cost.items) > 1e-6 * max(1.0, total_miss(outcome)):
            yield f"without the limit in row {place.row}: {brought} less missed, {cost.items} said"
        plainly = total_miss(outcome) - total_miss(now)  # with what whole units do: up to two of each target
        if abs(plainly - cost.items) > 2.0 * len(outcome.targets.met):
            yield f"without the limit in row {place.row}: {plainly} less missed in whole units, {cost.items} said"


def _conflicts(tables: Tables, outcome: Outcome, advice: Advice, found: Found) -> Iterator[str]:
    if (outcome.limits.breach > 0).any() and not advice.conflicts:
        yield "limits are broken, and no contradiction is named"
    for conflict in advice.conflicts:
        found.conflicts += 1
        found.long_conflicts += len(conflict.lines) > READABLE
        if not _contradicts(tables, conflict, None):
            yield f"no contradiction: {[line.words for line in conflict.lines]}"
        for at in range(len(conflict.lines)):
            if _contradicts(tables, conflict, at):
                yield f"line {at} can be spared: {[line.words for line in conflict.lines]}"


def _contradicts(tables: Tables, conflict: Conflict, without: int | None) -> bool:
    """Whether the lines of a conflict, one left out, contradict each other in a workbook that holds nothing else.

    Rows of Skills say who can do what as well: of those, shares alone are emptied.
    """
    kept = {
        (place.table, place.row) for at, line in enumerate(conflict.lines) if at != without for place in line.places
    }
    shares = {place.row for line in conflict.lines for place in line.places if place.table == "Skills"}
    alone = typed(tables, ())
    for name in ("Capacity", "Limits"):
        rows = alone.get(name, [])
        is_cut = name == "Limits" or not shares  # a share is one of hours that somebody gave
        alone[name] = rows[:1] + [row for at, row in enumerate(rows[1:], start=2) if (name, at) in kept or not is_cut]
    for at, row in enumerate(alone.get("Skills", [])[1:], start=2):
        if ("Skills", at) not in kept:
            named = zip(alone["Skills"][0], row, strict=False)
            row[:] = [None if str(name).startswith("Max share") else value for name, value in named]
    header, nothing = alone["Targets"][0], {"Metric": "Reviews", "Sense": "at least", "Value": 0, "Priority": 1}
    alone["Targets"] = [header, [nothing.get(str(name)) for name in header]]
    if len(alone["Limits"]) == 1:
        return False
    outcome = run({name: rows for name, rows in alone.items() if len(rows) > 1})
    assert outcome is not None, "a plan of nothing but a contradiction is refused"
    return bool((outcome.limits.breach > 0).any())


def try_plans(count: int, first: int = 0, one: Callable[[int, Found], bool] = try_plan, jobs: int = 1) -> Found:
    """Try as many random plans as asked, of those that miss something or contradict themselves.

    jobs : processes side by side; plans are counted in the order of their numbers all the same
    """
    if jobs == 1:
        return _counted(map(partial(_found, one), numbers(first)), count)
    with Pool(jobs) as pool:
        return _counted(pool.imap(partial(_found, one), range(first, first + _MOST_NUMBERS)), count)


def _found(one: Callable[[int, Found], bool], seed: int) -> tuple[int, Found]:
    found = Found()
    one(seed, found)
    return seed, found


def _counted(each: Iterable[tuple[int, Found]], count: int) -> Found:
    found = Found()
    for seed, own in each:
        found = found.with_those(own)
        if own.plans and found.plans % 5 == 0:
            print(f"up to plan {seed}: {found}", file=sys.stderr, flush=True)  # noqa: T201
        if found.plans >= count:
            break
    return found


def main() -> None:
    """Try what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("first", nargs="?", type=int, default=0)
    parser.add_argument("kind", nargs="?", choices=["plain", "mixed"], default="plain")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    chosen = try_mixed if asked.kind == "mixed" else try_plan
    done = try_plans(asked.count, asked.first, chosen, asked.jobs)
    print(done, *done.wrong, sep="\n")  # noqa: T201
    sys.exit(1 if done.wrong else 0)


if __name__ == "__main__":
    main()
