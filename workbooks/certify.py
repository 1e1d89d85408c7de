"""A second opinion on a workbook: the certificate anew from what is written, and the plan through another solver.

Owns: reading a claim back from the result sheets, and holding three answers against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.certificate import GUARD, Claim, certify
from engine.certificate_rates import RateClaim, certify_rates
from engine.formulation.whole_units import units_of
from engine.outcome import Judged, Proof
from engine.plan import Plan
from engine.rates.rows import start_of
from engine.reasons.words import amount_words, points_words, target_words
from engine.recompute import judge
from solver.frozen import frozen
from solver.program import SolverFailedError
from solver.solvers import HIGHS, NAMES, why_not
from workbooks.addresses import reference
from workbooks.fingerprint import fingerprint_of
from workbooks.package.compose import typed_over
from workbooks.package.edits import Edit
from workbooks.package.ownership import OwnTable, read_own_table
from workbooks.result_rows import leaf_table, missing_leaf_rows
from workbooks.run import PlanRead
from workbooks.tabs.capacity_use import capacity_order
from workbooks.tabs.names import CAPACITY_USE, CASCADE, DIAGNOSTICS, TARGET_CHECK
from workbooks.tabs.run_log import RUN_LOG, cascaded_fingerprint

AGREED = 1e-6
"""Part of max(1, what is asked) by which two answers may differ."""

_BROKEN = frozenset({"TC702", "TC709"})

_KEYS = ("Metric", "Org", "Queue", "Period")


@frozen
class Opinion:
    """What came out.

    proofs : of what is written, from the plan alone
    differences : in words, where the workbook, the default solver and the second one do not agree; empty: all do
    compared : how many targets were compared; second : name of the second solver, or why it gave no answer
    edits : the engine's cells that somebody typed over since they were written
    were : what stood in each of them; None where the plan does not say
    """

    proofs: tuple[Proof, ...]
    differences: tuple[str, ...]
    compared: int
    second: str
    edits: tuple[Edit, ...] = ()
    were: tuple[float | None, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything written holds, and everybody agrees."""
        return all(proof.holds for proof in self.proofs) and not self.differences


class NothingWrittenError(ValueError):
    """The workbook holds no result of this plan."""


def second_opinion(data: bytes, read: PlanRead, second: str) -> Opinion:
    """Return the second opinion on a workbook.

    Parameters
    ----------
    second : name of the other solver, a key of ``solver.solvers.NAMES``

    Raises
    ------
    NothingWrittenError
        There are no result sheets, or they are of another plan: cascade first.
    """
    if read.plan is None:
        raise NothingWrittenError("the input is wrong: run targets check")
    plan = read.plan
    # of another plan's results nobody can say that they are wrong; without a log nobody knows whose they are
    cascaded = cascaded_fingerprint(read_own_table(data, read.own, RUN_LOG).rows)
    if cascaded and cascaded != fingerprint_of(read.inputs):
        raise NothingWrittenError("its inputs changed since the last cascade: run targets cascade first")
    tables = {name: read_own_table(data, read.own, name) for name in (TARGET_CHECK, CAPACITY_USE, DIAGNOSTICS)}
    if missing := missing_leaf_rows(data, read.own):
        raise NothingWrittenError(missing[0].found)
    tables[CASCADE] = leaf_table(data, read.own)
    claim = _claim(plan, tables)
    # the fair outcome that the mix guard is measured from is not written: nothing is claimed of it here
    of_rates = certify_rates(plan, _rates(plan, claim.value, tables[CASCADE]), claim.achieved, claim.breach)
    proofs = tuple(proof for proof in certify(plan, claim, of_rates).proofs if proof.what != GUARD)
    ours = judge(replace(plan, settings=replace(plan.settings, solver=HIGHS)))
    differences = _apart("the workbook", _numbers(tables[TARGET_CHECK], "Shortfall"), NAMES[HIGHS], ours)
    other, said = _other(plan, second)
    if other is not None:
        differences += _misses_apart(ours, other, NAMES[second])
    elif not why_not(second):
        differences.append(said)
    edits = typed_over(data)
    return Opinion(proofs, tuple(differences), len(plan.targets), said, edits, _were(ours, edits))


def _were(ours: Judged, edits: Sequence[Edit]) -> tuple[float | None, ...]:
    """Return what stood in cells of Cascade's Target before somebody typed over them: what the plan comes to."""
    if not any(_is_target(edit) for edit in edits):
        return (None,) * len(edits)
    plan = ours.plan
    known: dict[tuple[str, ...], float] = {}
    listed = [(plan.cells.metric, np.arange(len(plan.cells)), ours.value)]
    listed += [(np.full(len(each.value), each.rate.metric), each.rate.cells, each.value) for each in ours.rates]
    for metric, at, value in listed:
        known.update(zip((tuple(map(_text, key)) for key in _keys_at(plan, metric, at)), value.tolist(), strict=True))
    return tuple(
        known.get(tuple(_text(edit.key.get(name, "")) for name in _KEYS)) if _is_target(edit) else None
        for edit in edits
    )


def _is_target(edit: Edit) -> bool:
    return edit.sheet == CASCADE and edit.header == "Target"


def _other(plan: Plan, second: str) -> tuple[Judged | None, str]:
    missing = why_not(second)
    if missing:
        return None, f"{NAMES[second]} was not asked: {missing}"
    try:
        return judge(replace(plan, settings=replace(plan.settings, solver=second))), NAMES[second]
    except SolverFailedError as failed:
        return None, f"{NAMES[second]} gave no answer: {failed}"


def _claim(plan: Plan, tables: dict[str, OwnTable]) -> Claim:
    value = _written_cells(plan, tables[CASCADE])
    achieved, used = _numbers(tables[TARGET_CHECK], "Achieved"), _numbers(tables[CAPACITY_USE], "Used")
    if len(achieved) != len(plan.targets) or len(used) != len(plan.capacity):
        raise NothingWrittenError("Target Check or Capacity Use are of another plan: run targets cascade first")
    order = np.argsort(capacity_order(plan), kind="stable")
    nothing = np.zeros(0)
    guard = (np.zeros((0, 3), np.int64), nothing, nothing, nothing)
    return Claim(value, achieved, _breach(plan, tables[DIAGNOSTICS]), used[order], guard, units_of(plan))


def _written_cells(plan: Plan, table: OwnTable) -> np.ndarray:
    """Return the written target of every cell: float64, shape (cells,)."""
    if not {*_KEYS, "Target"} <= set(table.headers):
        raise NothingWrittenError("there is no Cascade sheet of ours: run targets cascade first")
    found = _at_cells(plan, plan.cells.metric, np.arange(len(plan.cells)), _by_key(table))
    if np.isnan(found).any():
        raise NothingWrittenError(f"{int(np.isnan(found).sum()):,} cells of the plan are not in Cascade: cascade first")
    return found


def _rates(plan: Plan, volumes: np.ndarray, table: OwnTable) -> tuple[RateClaim, ...]:
    """Return what is written of each rate, weighed by the volumes that are written.

    Parameters
    ----------
    volumes : float64, shape (cells,)
    """
    written, claims = _by_key(table) if plan.rates else {}, []
    for rate in plan.rates:
        value = _at_cells(plan, np.full(len(rate.cells), rate.metric), rate.cells, written)
        weight = np.maximum(volumes[rate.cells], 0.0)
        missing = np.isnan(value)
        if (missing & (weight > 0)).any():
            count, name = int((missing & (weight > 0)).sum()), plan.metrics.name(rate.metric)
            raise NothingWrittenError(f"{count:,} cells of “{name}” are not in Cascade: cascade first")
        claims.append(
            RateClaim(rate, weight, np.where(missing, np.clip(start_of(rate), rate.floor, rate.ceiling), value))
        )
    return tuple(claims)


def _by_key(table: OwnTable) -> dict[tuple[str, ...], object]:
    key_at, value_at = [table.headers.index(name) for name in _KEYS], table.headers.index("Target")
    return {tuple(_text(row[at]) for at in key_at): row[value_at] for row in table.rows}


def _at_cells(plan: Plan, metric: np.ndarray, at: np.ndarray, written: Mapping[tuple[str, ...], object]) -> np.ndarray:
    """Return what is written of a metric at each of some cells; nan where nothing is."""
    values = [written.get(tuple(map(_text, key))) for key in _keys_at(plan, metric, at)]
    return np.array([each if isinstance(each, int | float) else np.nan for each in values], dtype=np.float64)


def _keys_at(plan: Plan, metric: np.ndarray, at: np.ndarray) -> Iterator[tuple[str, ...]]:
    """Return the ids of a metric, org, queue and period at each of some cells."""
    cells = plan.cells
    trees = ((plan.org, cells.org), (plan.queues, cells.queue), (plan.periods, cells.period))
    return zip(
        [plan.metrics.ids[each] for each in metric.tolist()],
        *([tree.ids[node] for node in tree.leaves[leaf[at]].tolist()] for tree, leaf in trees),
        strict=True,
    )


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().casefold()


def _numbers(table: OwnTable, header: str) -> np.ndarray:
    if header not in table.headers:
        return np.zeros(0)
    at = table.headers.index(header)
    return np.array([row[at] if isinstance(row[at], int | float) else np.nan for row in table.rows], dtype=np.float64)


def _breach(plan: Plan, diagnostics: OwnTable) -> np.ndarray:
    """Return by how much each limit is said to be broken."""
    if not {"Code", "Where", "Amount"} <= set(diagnostics.headers):
        return np.zeros(len(plan.limits))
    code, where, amount = (diagnostics.headers.index(name) for name in ("Code", "Where", "Amount"))
    said = {str(row[where]): row[amount] for row in diagnostics.rows if row[code] in _BROKEN}
    found = [said.get(reference(place), 0.0) for place in plan.limits.place]
    return np.array([each if isinstance(each, int | float) else 0.0 for each in found], dtype=np.float64)


def _apart(who: str, written: np.ndarray, other: str, ours: Judged) -> list[str]:
    asked, found = ours.plan.targets.value, ours.targets.shortfall
    off = np.nan_to_num(np.abs(written - found)) > AGREED * np.maximum(1.0, np.abs(asked))
    off |= np.isnan(written) != np.isnan(found)
    return [
        f"{target_words(ours.plan, row)}: {who} says {_missed(ours.plan, row, written[row])} missed, "
        f"{other} finds {_missed(ours.plan, row, found[row])}"
        for row in np.flatnonzero(off).tolist()
    ]


def _missed(plan: Plan, row: int, amount: float) -> str:
    """Return what is missed of a target in words; of a blank cell, nothing."""
    if np.isnan(amount):
        return "nothing"
    metric = int(plan.targets.scope.metric[row])
    is_rate = metric >= 0 and plan.metrics.kinds[metric] == "rate"
    return points_words(plan.metrics, metric, amount) if is_rate else amount_words(amount)


def _misses_apart(ours: Judged, other: Judged, name: str) -> list[str]:
    asked = np.maximum(1.0, np.abs(ours.plan.targets.value))
    first, second = ours.targets.priced_miss, other.targets.priced_miss
    return [
        f"{target_words(ours.plan, row)}: {NAMES[HIGHS]} misses {first[row]:,.6g}, {name} {second[row]:,.6g}"
        for row in np.flatnonzero(np.nan_to_num(np.abs(first - second)) > AGREED * asked).tolist()
    ]
