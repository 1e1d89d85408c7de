"""Comparing scenarios: the plan solved as it is and under each, written side by side.

Owns: which scenarios are solved. The plan itself stays as it is.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.building import build_plan
from engine.codes import issue
from engine.issues import NOWHERE, Issue, stops
from engine.outcome import ExitStatus
from engine.plan import Plan
from engine.recompute import recompute
from engine.whatif.edits import Edit, WordEdit, edited
from engine.whatif.scenarios import scenario_edits, scenario_rows
from solver.frozen import frozen
from workbooks.package.compose import ComposeOptions, compose
from workbooks.package.ownership import read_own_table
from workbooks.run import RunOptions, facts_of, read_to_write
from workbooks.tabs.names import RUN_LOG, SCENARIO_COMPARE
from workbooks.tabs.run_log import RunResult, logged
from workbooks.tabs.scenario_compare import Scenario, scenario_sheet, scenario_words
from workbooks.versions.start import start_of


@frozen
class CompareRun:
    """What comparing comes to. words : a sentence per scenario."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    words: tuple[str, ...] = ()


def compare_scenarios(data: bytes, names: Sequence[str], options: RunOptions | None = None) -> CompareRun:
    """Return a workbook with scenarios side by side in the sheet Scenario Compare.

    Parameters
    ----------
    names : of scenarios; none = all
    """
    options = options or RunOptions()
    started = options.seconds()
    read = read_to_write(data, (SCENARIO_COMPARE, RUN_LOG))
    if read.plan is None:
        return CompareRun(ExitStatus.INPUT_WRONG, read.issues)
    rows = scenario_rows(read.inputs)
    known: dict[str, str] = {}
    for row in rows:
        known.setdefault(row.scenario.casefold(), row.scenario)
    wanted = list(names) or list(dict.fromkeys(row.scenario for row in rows))
    unknown = [name for name in wanted if name.casefold() not in known]
    if unknown or not wanted:
        words = f"{unknown[0] if unknown else 'any scenario'}; there are: {', '.join(known.values()) or 'none'}"
        return CompareRun(ExitStatus.INPUT_WRONG, (issue("TC924", NOWHERE, words),))
    plans: list[tuple[str, int, Plan]] = []
    issues: list[Issue] = []
    for name in wanted:
        mine = [row for row in rows if row.scenario.casefold() == name.casefold()]
        edits, found = scenario_edits(read.inputs, mine)
        issues += found
        inputs = edited(read.inputs, edits)
        plan, wrong = build_plan(replace(inputs, start=start_of(data, inputs)))
        if plan is not None:
            plans.append((known[name.casefold()], len(edits), plan))
        elif not found:
            issues.append(issue("TC926", mine[0].place, f"{known[name.casefold()]}: {_unsound(edits, wrong)}"))
    if stops(issues):
        return CompareRun(ExitStatus.INPUT_WRONG, tuple(issues))  # before anything is solved, which takes a while
    options.on_step("the plan as it is")
    now, solved = recompute(read.plan), []
    for name, changes, plan in plans:
        options.on_step(f"scenario {name}")
        solved.append(Scenario(name, changes, recompute(plan)))
    log = read_own_table(data, read.own, RUN_LOG).rows
    facts = facts_of(read, options, (len(log), ExitStatus.DONE, options.seconds() - started))
    how = f"compared {', '.join(each.name for each in solved)}"
    sheets = (scenario_sheet(now, solved), logged(RunResult(how=how), facts, log))
    composed = compose(data, sheets, ComposeOptions(read.plan.settings.output_prefix, options.typed_over))
    status = ExitStatus.INPUT_WRONG if composed.data is None else ExitStatus.DONE
    told = tuple(scenario_words(each, now) for each in solved)
    return CompareRun(status, composed.issues, composed.data, told)


def _unsound(edits: Sequence[Edit | WordEdit], wrong: Sequence[Issue]) -> str:
    """Return what a scenario makes unsound: one of its cells where the plan's builder names it, else what that says."""
    cells = {edit.place: edit for edit in edits}
    for each in wrong:
        edit = cells.get(each.place)
        if edit is not None:
            now = edit.now if isinstance(edit, WordEdit) else f"{edit.now:,.10g}".replace("-", "−")
            return f"{edit.place.field} of {edit.place.table} row {edit.place.row} would be {now}"
    first = next((each for each in wrong if stops([each])), None)
    return first.found if first is not None else "it cannot be read"
