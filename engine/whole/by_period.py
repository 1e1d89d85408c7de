"""Whole units period by period: what each longer sum gives to each period is fixed first.

Sums of one period (its queues, teams, hours) are many, longer ones few. A longer sum's cells that stand in no other
longer sum, period by period, are its pieces; they nest with all sums of its family. So the flow of the whole plan is
one of longer sums over pieces, and one in each period from the pieces of one family to those of the other: once the
pieces are whole numbers, periods know nothing of each other. Pieces are rounded over the cells that two of them share,
taken together, so that fractions stand in for cells; a period may be unable to keep all that it was given, and says so.

Owns: pieces, the first program over them, and the parts of the periods.
"""

from __future__ import annotations

import numpy as np

from engine.whole.choose import round_part
from engine.whole.kept import Kept, side_by_side, stays_between
from engine.whole.nest import NOWHERE, Nest
from engine.whole.part import PIECE, USUAL, Chosen, Part, snapped
from engine.workers import Workers
from solver.frozen import frozen
from solver.matrices import no_entries
from solver.memory import FORGETFUL, Memory, fingerprint
from solver.sparse import csr_matrix

_TIMES = 8
"""Times as large as they are many up to which keys are counted instead of sorted."""


@frozen
class _Apart:
    """One family taken apart.

    is_long : bool, shape (sums,), over several periods, or up to one; period : int64, of the others, −1 = no cells
    own : int64, shape (cells,), the smallest longer sum that each cell stands in, −1 = none
    piece : int64, shape (cells,), which piece of it that is, −1 = none
    cell : int64, shape (pieces,), one cell of each piece
    """

    family: Nest
    is_long: np.ndarray
    period: np.ndarray
    own: np.ndarray
    piece: np.ndarray
    cell: np.ndarray

    @classmethod
    def of(cls, family: Nest, period: np.ndarray) -> _Apart:
        differ, of_one = family.common(period)
        # what came in by the end of the first period stands in one chain with what came in later
        is_long = family.with_all_around(differ | np.isfinite(family.most))
        own = family.innermost(is_long)
        some = np.flatnonzero(own >= 0)
        keys = own[some] * (int(period.max(initial=0)) + 1) + period[some]
        _, at, which = numbered(keys)
        piece = np.full(len(own), NOWHERE)
        piece[some] = which
        return cls(family, is_long, of_one, own, piece, some[at])

    @property
    def n_pieces(self) -> int:
        """Return how many pieces there are."""
        return len(self.cell)


def numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what ``np.unique`` does: keys in rising order, where each is first, and the number of each.

    Parameters
    ----------
    keys : int64, 0 and more; where they are not much larger than they are many, nothing need be sorted
    """
    largest = int(keys.max(initial=-1))
    if largest > _TIMES * len(keys):
        found, first, which = np.unique(keys, return_index=True, return_inverse=True)
        return found, first, which.ravel()
    found = np.flatnonzero(np.bincount(keys))
    place = np.zeros(largest + 1, dtype=np.int64)
    place[found] = np.arange(len(found))
    which = place[keys]
    first = np.zeros(len(found), dtype=np.int64)
    first[which[::-1]] = np.arange(len(keys))[::-1]  # of several numbers for one place the last one stays
    return found, first, which


def _sums_of(group: np.ndarray, value: np.ndarray, count: int) -> np.ndarray:
    """Return what each group comes to. group : int64, −1 = in none; value : one per member."""
    return np.asarray(np.bincount(group + 1, value, count + 1)[1:])


def round_by_period(kept: Kept, workers: Workers, memory: Memory = FORGETFUL) -> Chosen | None:
    """Return which loose cells go up; None where a period cannot keep what can never give way.

    Parameters
    ----------
    memory : periods that earlier runs rounded
    """
    both = tuple(_Apart.of(family, kept.period) for family in kept.families)
    given = _pieces_whole(kept, both)
    if given is None:
        return None
    whole, keeps_all = given
    parts = _parts(kept, both, whole)
    up = np.zeros(len(kept.loose))
    for (at, _), found in zip(parts, _rounded([part for _, part in parts], workers, memory), strict=True):
        if found is None:
            return None
        up[at] = found.up
        keeps_all = keeps_all and found.keeps_all
    return Chosen(up, keeps_all)


def _rounded(parts: list[Part], workers: Workers, memory: Memory) -> list[Chosen | None]:
    """Return what rounding each part comes to; parts that an earlier run had, as they were rounded then."""
    keys = [_question(part) if memory.is_kept else "" for part in parts]
    known = [memory.get(key) for key in keys]
    new = [at for at, answer in enumerate(known) if answer is None]
    found: list[Chosen | None] = [
        None if answer is None else Chosen(answer["up"].astype(np.float64), bool(answer["keeps_all"][0]))
        for answer in known
    ]
    for at, chosen in zip(new, workers.map(round_part, [parts[at] for at in new]), strict=True):
        found[at] = chosen
        if chosen is not None:
            memory.put(keys[at], {"up": chosen.up.astype(np.int8), "keeps_all": np.array([chosen.keeps_all])})
    return found


def _question(part: Part) -> str:
    return fingerprint(
        "rounded", part.share, part.lower > 0, part.upper > 0, part.inside, part.around, part.low, part.high,
        part.price, part.asked, part.goal, part.sum_of, part.hours, part.left,
    )  # fmt: skip


def _pieces_whole(kept: Kept, both: tuple[_Apart, ...]) -> tuple[list[np.ndarray], bool] | None:
    """Return the whole number of each piece of both families, and whether the longer sums are where they should."""
    keys = (both[0].piece + 1) * (both[1].n_pieces + 1) + both[1].piece + 1
    keys, first, atom = numbered(keys)
    count = snapped(np.bincount(atom, kept.count, len(keys)))
    base = np.floor(count)
    loose = np.flatnonzero((count > base) & (keys > 0))
    keeps_all = True
    if len(loose):
        found = round_part(_first_part(kept, both, (atom, first), (count, base, loose)))
        if found is None:
            return None
        base[loose] += found.up
        keeps_all = found.keeps_all
    return [_sums_of(each.piece[first], base, each.n_pieces) for each in both], keeps_all


def _first_part(
    kept: Kept,
    both: tuple[_Apart, ...],
    atoms: tuple[np.ndarray, np.ndarray],
    counted: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Part:
    """Return the part whose cells are cells taken together, and whose sums are the longer ones and their pieces.

    Parameters
    ----------
    atoms : of each cell, those that stand in one piece of either family taken together; one cell of each
    counted : units of each atom, the next lower whole number, and which atoms lie between two
    """
    (atom, first), (count, base, loose) = atoms, counted
    families, place = [], []
    for apart in both:
        longer = apart.family.only(apart.is_long)
        long_place = np.append(np.cumsum(apart.is_long) - 1, NOWHERE)
        families.append(
            Nest(
                np.where(apart.piece[first] >= 0, apart.piece[first] + len(longer), NOWHERE),
                np.append(longer.around, long_place[apart.own[apart.cell]]),
                np.append(longer.most, np.full(apart.n_pieces, np.inf)),
                np.append(longer.price, np.full(apart.n_pieces, USUAL)),
            )
        )
        place.append(long_place)
    bounds = [stays_between(each.totals(count), each.most, each.totals(base)) for each in families]
    price, most = (np.concatenate([getattr(each, of) for each in families]) for of in ("price", "most"))
    placed = kept.placed
    sum_of = np.full(len(kept.goal), NOWHERE)
    for at, apart in enumerate(both):
        mine = np.flatnonzero(placed.family == at)
        long = mine[apart.is_long[placed.row[mine]]]
        sum_of[long] = place[at][placed.row[long]] + at * len(families[0])
    asked = np.flatnonzero(sum_of >= 0)
    wanted = _over_atoms(kept.wanted[asked], atom, len(first))
    return Part(
        (count - base)[loose],
        np.zeros(len(loose)),
        np.ones(len(loose)),
        *side_by_side([each.inside[loose] for each in families], [each.around for each in families]),
        np.concatenate([low for low, _ in bounds], axis=1),
        np.concatenate([high for _, high in bounds], axis=1),
        np.stack([price, np.where(np.isfinite(most), np.inf, price)]),
        csr_matrix(wanted[:, loose]),
        kept.goal[asked] - wanted @ base,
        sum_of[asked],
        csr_matrix((0, len(loose))),
        np.zeros(0),
    )


def _over_atoms(sums: csr_matrix, atom: np.ndarray, count: int) -> csr_matrix:
    """Return which atoms each sum holds. atom : of each cell; count : how many there are."""
    row = np.repeat(np.arange(sums.shape[0]), np.diff(sums.indptr))
    both, _, _ = numbered(row * count + atom[sums.indices])
    return csr_matrix((np.ones(len(both)), (both // count, both % count)), shape=(sums.shape[0], count))


@frozen
class _Sums:
    """Sums of one period each, and pieces, of both families.

    inside, around : as in ``Part``, over all cells and sums
    period : int64, shape (sums,); low, high, price : as in ``Part``
    of_asked : int64, shape (asked,), which of these an asked sum is, −1 = none
    """

    inside: np.ndarray
    around: np.ndarray
    period: np.ndarray
    low: np.ndarray
    high: np.ndarray
    price: np.ndarray
    of_asked: np.ndarray


def _short_sums(kept: Kept, both: tuple[_Apart, ...], given: list[np.ndarray]) -> _Sums:
    """Return the sums that periods keep. given : the whole number of each piece of both families."""
    inside, around, period, low, high, price = [], [], [], [], [], []
    of_asked, start = np.full(len(kept.goal), NOWHERE), 0
    for at, (apart, whole) in enumerate(zip(both, given, strict=True)):
        short = apart.family.only(~apart.is_long)
        piece_at = np.where(apart.piece >= 0, apart.piece + len(short), NOWHERE)
        fixed = np.tile(whole - _sums_of(apart.piece, kept.base, apart.n_pieces), (2, 1))
        below, above = kept.bounds(short)
        low += [below, fixed]
        high += [above, fixed]
        is_fed = np.append(np.zeros(len(short), dtype=bool), _sums_of(apart.piece, kept.fed, apart.n_pieces) > 0)
        prices = np.append(short.price, np.full(apart.n_pieces, PIECE))
        price.append(np.stack([prices, np.where(is_fed, np.inf, prices)]))
        period += [apart.period[~apart.is_long], kept.period[apart.cell]]
        # a piece holds every sum of its family that shares a cell with it
        inside.append(np.where(short.inside >= 0, short.inside, piece_at))
        holds = np.full(len(short) + 1, NOWHERE)
        holds[short.inside] = piece_at
        around.append(np.append(short.within(holds[:-1]), np.full(apart.n_pieces, NOWHERE)))
        mine = np.flatnonzero(kept.placed.family == at)
        mine = mine[~apart.is_long[kept.placed.row[mine]]]
        of_asked[mine] = start + (np.cumsum(~apart.is_long) - 1)[kept.placed.row[mine]]
        start += len(short) + apart.n_pieces
    return _Sums(
        *side_by_side(inside, around), np.concatenate(period), np.concatenate(low, axis=1),
        np.concatenate(high, axis=1), np.concatenate(price, axis=1), of_asked,
    )  # fmt: skip


def _parts(kept: Kept, both: tuple[_Apart, ...], given: list[np.ndarray]) -> list[tuple[np.ndarray, Part]]:
    """Return the part of each period, with the places of its cells among the loose ones."""
    sums = _short_sums(kept, both, given)
    time, share = kept.period[kept.loose], (kept.count - kept.base)[kept.loose]
    goal = kept.goal - kept.wanted @ kept.base
    asked_in, hours_in = _only_period(kept.wanted, kept.period), _only_period(kept.hours, kept.period)
    asked_in[(kept.placed.family >= 0) & (sums.of_asked < 0)] = NOWHERE
    row_at, cell_at = np.full(len(sums.period) + 1, NOWHERE), np.full(len(kept.base), NOWHERE)
    parts = []
    for each in np.flatnonzero(np.bincount(time)).tolist():
        at = np.flatnonzero(time == each)
        cells = kept.loose[at]
        rows, asked, hours = (np.flatnonzero(of == each) for of in (sums.period, asked_in, hours_in))
        row_at[rows], cell_at[cells] = np.arange(len(rows)), np.arange(len(cells))
        parts.append((
            at,
            Part(
                share[at], kept.lower[at], kept.upper[at],
                row_at[sums.inside[:, cells]], row_at[sums.around[rows]],
                sums.low[:, rows], sums.high[:, rows], sums.price[:, rows],
                _cut(kept.wanted, asked, cell_at, len(at)), goal[asked], row_at[sums.of_asked[asked]],
                _cut(kept.hours, hours, cell_at, len(at)), kept.left[hours],
            ),
        ))  # fmt: skip
        row_at[rows], cell_at[cells] = NOWHERE, NOWHERE
    return parts


def _cut(matrix: csr_matrix, rows: np.ndarray, place: np.ndarray, count: int) -> csr_matrix:
    """Return some rows over some columns. place : int64, where each column goes, −1 = nowhere; count : columns left."""
    if not len(rows):
        return no_entries(0, count)
    some = csr_matrix(matrix[rows])
    column = place[some.indices]
    is_there = column >= 0
    ends = np.append(0, np.cumsum(is_there))[some.indptr]
    return csr_matrix((some.data[is_there], column[is_there], ends), shape=(len(rows), count))


def _only_period(matrix: csr_matrix, period: np.ndarray) -> np.ndarray:
    """Return the period of the cells of each row, −1 where there are several or none: int64, shape (rows,)."""
    n_rows = matrix.shape[0]
    row, time = np.repeat(np.arange(n_rows), np.diff(matrix.indptr)), period[matrix.indices]
    found = np.full(n_rows, -1)
    found[row] = time
    several = np.bincount(row, time != found[row], n_rows) > 0
    return np.where(several, -1, found)
