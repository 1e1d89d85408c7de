"""A large plan edited in one place and run again, against the same plan from nothing: ``python -m tests.bench.again``.

The solve part is everything between the plan as rows and the plan in whole units: misses, fairness, mix guard, whole
units; reasons and certificate are found anew each time. Answers are kept on the disk, as a run on a workbook
keeps them. Each ratio is of runs in the same process, one after the other: of processor seconds on one thread, and of
seconds waited for with pieces on all cores, as commands have them. The latter say something on an idle machine only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.formulation.problem import formulate
from engine.plan import Plan, Scopes, Sense, Targets
from engine.workers import ALONE, Workers
from solver.flows import is_installed
from solver.memory import FORGETFUL, Memory
from tests.bench.books import SIZES, plan_book
from tests.engine.decision.edits import Found, apart, found_of
from workbooks.command.main import ONE_THREAD
from workbooks.recall import Recall
from workbooks.run import read_plan
from workbooks.workers import CORES, usable_cores

_PLANS = {"even": "100k", "uneven": "100k uneven", "short": "100k short", "5k short": "5k short"}


def with_month_targets(plan: Plan) -> Plan:
    """Return the plan with a target for every policy in its seventh month, below what it comes to."""
    policies = np.unique(plan.queues.parent[plan.queues.leaves])
    month = int(plan.periods.leaves[6])
    in_month = plan.cells.period == 6
    above = plan.queues.parent[plan.queues.leaves[plan.cells.queue]]
    value = [float(plan.cells.baseline[in_month & (above == policy)].sum()) for policy in policies.tolist()]
    old, more = plan.targets, len(policies)
    scope = Scopes(
        np.append(old.scope.metric, np.zeros(more, np.int64)),
        np.append(old.scope.org, np.zeros(more, np.int64)),
        np.append(old.scope.queue, policies),
        np.append(old.scope.period, np.full(more, month)),
    )
    targets = Targets(
        scope,
        np.append(old.sense, np.full(more, int(Sense.AT_LEAST))),
        np.append(old.value, np.round(value)),
        np.append(old.priority, np.full(more, 3.0)),
        np.append(old.stated, np.ones(more, dtype=bool)),
        (*old.place, *old.place[:1] * more),
        (*old.basis, *("",) * more) if old.basis else (),
    )
    return replace(plan, targets=targets)


def _target(at: int, factor: float) -> Callable[[Plan], Plan]:
    def edit(plan: Plan) -> Plan:
        value = plan.targets.value.copy()
        value[at] = round(value[at] * factor)
        return replace(plan, targets=replace(plan.targets, value=value))

    return edit


def _hours(plan: Plan) -> Plan:
    hours = plan.capacity.hours.copy()
    hours[len(hours) // 2] *= 0.99
    return replace(plan, capacity=replace(plan.capacity, hours=hours))


EDITS: dict[str, Callable[[Plan], Plan]] = {
    "nothing": lambda plan: plan,
    "a team's hours of one month": _hours,
    "a target of one month": _target(-1, 0.99),
    "the target of the year": _target(0, 1.01),
}


@dataclass(frozen=True)
class _Took:
    """Seconds of the processor, and seconds waited for."""

    processor: float
    waited: float


def _timed(plan: Plan, memory: Memory, workers: Workers = ALONE) -> tuple[Found, _Took]:
    problem = formulate(plan)
    processor, waited = time.process_time(), time.perf_counter()
    found = found_of(problem, memory, workers)
    return found, _Took(time.process_time() - processor, time.perf_counter() - waited)


def compare(name: str, edits: list[str], runs: int) -> None:
    """Print how long each edit of a plan takes, as a part of the same from nothing: the least of some runs of each."""
    read = read_plan(plan_book(SIZES[_PLANS[name]]))
    if read.plan is None:
        raise SystemExit("\n".join(issue.found for issue in read.issues))
    plan = with_month_targets(read.plan)
    _timed(plan, FORGETFUL)  # imports and first touches
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        _timed(plan, Recall(before))
        for edit in edits:
            _compare_edit(name, edit, EDITS[edit](plan), runs, before)


def _compare_edit(name: str, edit: str, edited: Plan, runs: int, before: Path) -> None:
    """Print the same of one edit. before : what was kept of the plan as it was"""
    took = []
    for at in range(runs):
        alone, shared = (shutil.copytree(before, before.parent / f"{edit} {at} {way}") for way in ("alone", "shared"))
        (warm, warm_s), (cold, cold_s) = _timed(edited, Recall(alone)), _timed(edited, FORGETFUL)
        filling = _timed(edited, Recall(before.parent / f"{edit} {at} anew"))[1]
        (other, warm_shared), (_, cold_shared) = _timed(edited, Recall(shared), CORES), _timed(edited, FORGETFUL, CORES)
        times = (warm_s.processor, cold_s.processor, filling.processor, warm_shared.waited, cold_shared.waited)
        took.append(times)
    warm_s, cold_s, filling_s, warm_w, cold_w = np.min(took, axis=0).tolist()
    held = sum(each.stat().st_size for each in alone.iterdir()) / 2**20
    off = apart(warm, cold)
    print(  # noqa: T201
        f"{name:<9}{edit:<28} {warm_s:6.2f} s / {cold_s:6.2f} s = {warm_s / cold_s:5.2f}; waited on {usable_cores()} "
        f"cores {warm_w:6.2f} s / {cold_w:6.2f} s = {warm_w / cold_w:5.2f}  (first run {filling_s / cold_s:4.2f}; "
        f"{held:.0f} MB kept); apart {off.cells:.0e}, misses {off.miss:.0e}, {off.whole} cells of whole units differ, "
        f"{apart(other, warm).whole} on all cores",
        flush=True,
    )


def main() -> None:
    """Compare the plans and edits that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", nargs="*", default=["even", "uneven", "short"], choices=list(_PLANS))
    parser.add_argument("--edits", nargs="*", default=list(EDITS), choices=list(EDITS))
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    if not os.environ.get(ONE_THREAD[0]):  # as commands have it: threads that wait for each other cost processor time
        os.execve(sys.executable, [sys.executable, "-m", __spec__.name, *sys.argv[1:]], _one_thread())
    print(f"flows by {'the library for them' if is_installed() else 'HiGHS'}")  # noqa: T201
    for name in asked.plans:
        compare(name, asked.edits, 1 if "short" in name else asked.runs)


def _one_thread() -> dict[str, str]:
    return {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}


if __name__ == "__main__":
    main()
