"""Baseline: history brought to the leaf pairs and leaf periods of the plan.

Owns: reading the table, what of it the plan takes, and what is said about the rest.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.building.columns import TableReader
from engine.building.entries import Entries, entry_place, raw_value, read_entries, report_repeated
from engine.building.history import History
from engine.building.journal import Problem
from engine.building.like import NO_SLOT
from engine.building.references import References
from engine.building.shares import RATE, report_percents, report_share
from engine.building.spread import Cube, LeafHistory, Pairs, known_pairs, spread
from engine.building.texts import shown_list
from engine.plan import Metrics
from solver.frozen import frozen


@frozen
class MappedHistory:
    """History as the plan takes it.

    key : int64, shape (pairs,), leaf pairs that may work together, as ``Cube.key`` counts them
    value : float64, shape (pairs, leaf periods), nan = no history
    like : the period each leaf takes, "" where there is none
    outside : float64, shape (metrics,), mapped history of pairs that may not work together
    """

    key: np.ndarray
    value: np.ndarray
    like: tuple[str, ...]
    outside: np.ndarray


def read_baseline(reader: TableReader, references: References, history: History) -> Entries | None:
    """Return the entries of Baseline, each key once."""
    entries = read_entries(reader, references, history.times)
    for name in ("Org", "Queue", "Period"):
        report_lone_blanks(reader, name)
    metrics = references.known.metrics
    if entries is None or metrics is None:
        return None
    report_repeated(reader, entries)
    _report_no_shares(reader, entries, metrics)
    return _at_last_leaf(_usable(reader, entries, metrics), metrics, history)


def _report_no_shares(reader: TableReader, entries: Entries, metrics: Metrics) -> None:
    """Name percentages of what is no rate, and rates in % that are no shares."""
    is_rate = metrics.is_kind(entries.metric, RATE)
    raw = [raw_value(reader, entries, entry) for entry in range(len(entries))]
    report_percents(reader.journal, raw, is_rate, lambda entry: entry_place(reader, entries, entry))
    for entry in np.flatnonzero(is_rate & (entries.value > 1)).tolist():
        place = entry_place(reader, entries, entry)
        report_share(reader.journal, metrics, int(entries.metric[entry]), float(entries.value[entry]), place)


def _at_last_leaf(entries: Entries, metrics: Metrics, history: History) -> Entries:
    """Return the entries with stocks of longer periods at the last of their leaves: there is no sum to share out."""
    tree = history.periods.tree
    longer = metrics.is_kind(entries.metric, "stock") & (entries.time < len(tree))
    if not longer.any():
        return entries
    last = tree.leaves[tree.leaf_span[np.where(longer, entries.time, 0), 1] - 1]
    return dataclasses.replace(entries, time=np.where(longer, last, entries.time))


def _usable(reader: TableReader, entries: Entries, metrics: Metrics) -> Entries:
    """Return the entries without those of backlogs, which start from their Opening, and of formulas."""
    is_idle = np.isin(entries.metric, list(metrics.backlog_of.values())) | metrics.is_kind(entries.metric, "formula")
    idle = np.flatnonzero(is_idle)
    if len(idle) == 0:
        return entries
    name = metrics.ids[int(entries.metric[idle[0]])]
    reader.journal.add("TC528", entry_place(reader, entries, int(idle[0])), f"{len(idle)} value(s) of {name}")
    return entries.take(np.flatnonzero(~is_idle))


def bring_down(reader: TableReader, entries: Entries, cube: Cube, allowed: np.ndarray | None) -> LeafHistory:
    """Return history per leaf pair and slot; without Skills, rests of coarser rows find new pairs."""
    pairs = known_pairs(cube, entries, allowed)
    found = spread(cube, entries, pairs)
    stranded = found.stranded
    if allowed is None and len(stranded) > 0:
        boxes = cube.box_keys(entries.metric[stranded], entries.org[stranded], entries.queue[stranded])
        keys = np.union1d(pairs.key, boxes)
        found = spread(cube, entries, Pairs(keys, np.ones(len(keys), dtype=bool)))
    report_sharing(reader, entries, found)
    return found


def take_history(
    table: tuple[TableReader, Entries], found: LeafHistory, cube: Cube, metrics: Metrics, slots: np.ndarray
) -> MappedHistory:
    """Return what the plan takes of history.

    Parameters
    ----------
    slots : int64, shape (leaf periods,), the slot of history that each takes, NO_SLOT where there is none
    """
    reader, entries = table
    history = cube.history
    uses = np.bincount(slots[slots != NO_SLOT], minlength=len(history))
    mapped = np.where(slots != NO_SLOT, found.value[:, np.maximum(slots, 0)], np.nan)
    inside = found.pairs.may_take
    outside = _outside(cube, entries, found, (mapped, uses), len(metrics))
    _report_unused(reader, history, found, uses)
    if outside.sum() > 0:
        pairs_outside = int((~inside & (np.nan_to_num(mapped) > 0).any(axis=1)).sum())
        words = (
            f"{outside.sum():,.12g} of {pairs_outside} pair(s)"
            if pairs_outside
            else f"{outside.sum():,.12g} of coarser rows, whose pairs have finer ones"
        )
        reader.journal.add_amount("TC507", reader.table.whole(), words, float(outside.sum()), _unit(metrics))
    like = tuple(history.slot_name(slot) if slot != NO_SLOT else "" for slot in slots.tolist())
    return MappedHistory(found.pairs.key[inside], mapped[inside], like, outside)


def _outside(
    cube: Cube, entries: Entries, found: LeafHistory, taken: tuple[np.ndarray, np.ndarray], metrics: int
) -> np.ndarray:
    """Return the mapped history per metric that belongs to no pair: of its own rows, and rests nobody may take."""
    mapped, uses = taken
    outside_pairs = ~found.pairs.may_take
    metric = cube.split(found.pairs.key)[0]
    of_pairs = np.bincount(metric[outside_pairs], np.nansum(mapped[outside_pairs], axis=1), metrics)
    rows = np.setdiff1d(found.stranded, found.mismatched)
    first, last = cube.history.slots_of(entries.time[rows])
    cumulated = np.append(0, np.cumsum(uses))
    times_used = (cumulated[last] - cumulated[first]) / np.maximum(last - first, 1)
    return of_pairs + np.bincount(entries.metric[rows], found.gap[rows] * times_used, metrics)


def _unit(metrics: Metrics) -> str:
    return (metrics.units[0] or "items") if len(metrics) == 1 else "items"


def report_lone_blanks(reader: TableReader, name: str) -> None:
    """Name blanks among filled cells: they mean everything, and most often are a slip."""
    if not reader.has(name):
        return
    labels = reader.labels(name)
    blank = np.flatnonzero(labels.blank)
    if 0 < len(blank) < len(reader) and len(labels.distinct) > 0:
        reader.journal.add("TC509", reader.place(int(blank[0]), name), f"{len(blank)} blank(s) in {name}")


def report_sharing(reader: TableReader, entries: Entries, found: LeafHistory) -> None:
    """Name coarser rows that finer ones contradict, and rows that were shared out."""
    problems = []
    for entry in found.mismatched.tolist():
        value = float(entries.value[entry])
        said = value - float(found.gap[entry])
        problems.append(Problem(entry_place(reader, entries, entry), f"{value:,.12g}; finer rows say {said:,.12g}"))
    reader.journal.add_each("TC508", problems)
    if len(found.shared) > 0:
        place = entry_place(reader, entries, int(found.shared[0]))
        words = f"{len(found.shared)} row(s), the first one here, shared out to {found.leaves:,} leaf values"
        reader.journal.add("TC514", place, words)


def _report_unused(reader: TableReader, history: History, found: LeafHistory, uses: np.ndarray) -> None:
    has_values = np.isfinite(found.value).any(axis=0)
    unused = np.flatnonzero(has_values & (uses == 0))
    if len(unused) > 0:
        names = shown_list((history.slot_name(slot) for slot in unused.tolist()), 12)
        amount = float(np.nansum(found.value[:, unused]))
        reader.journal.add_amount("TC506", reader.table.whole(), f"{names}: {amount:,.12g} in all", amount, "items")
