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

from engine.whole.families import Family, Flow, flow_of, innermost
from engine.whole.kept import Kept, stays_between
from engine.whole.part import PIECE, USUAL, Chosen, Part, round_part, snapped
from engine.workers import Workers
from solver.frozen import frozen
from solver.matrices import stack_rows
from solver.memory import FORGETFUL, Memory, fingerprint
from solver.sparse import csr_matrix


@frozen
class _Apart:
    """One family taken apart.

    is_long : bool, shape (sums,), over several periods, or up to one; period : int64, of the others
    piece : int64, shape (cells,), which piece of a longer sum a cell is in, −1 = none; n_pieces : how many there are
    """

    family: Family
    is_long: np.ndarray
    period: np.ndarray
    piece: np.ndarray
    n_pieces: int

    @classmethod
    def of(cls, family: Family, period: np.ndarray) -> _Apart:
        matrix = family.matrix
        n_sums = matrix.shape[0]
        row, time = np.repeat(np.arange(n_sums), np.diff(matrix.indptr)), period[matrix.indices]
        first = np.full(n_sums, -1)
        first[row[::-1]] = time[::-1]
        # what came in by the end of the first period stands in one chain with what came in later
        is_long = (np.bincount(row, time != first[row], n_sums) > 0) | np.isfinite(family.most)
        own = innermost(_some(family, is_long))
        keys, which = np.unique(own * (int(period.max(initial=0)) + 1) + period, return_inverse=True)
        nobody = int((keys < 0).sum()) if len(keys) else 0
        return cls(family, is_long, first, np.where(own >= 0, which.ravel() - nobody, -1), len(keys) - nobody)

    def pieces(self) -> csr_matrix:
        """Return the cells of each piece."""
        return _groups(self.piece, self.n_pieces)


def _some(family: Family, which: np.ndarray) -> Family:
    return Family(csr_matrix(family.matrix[which]), family.size[which], family.most[which], family.price[which])


def _groups(of: np.ndarray, count: int) -> csr_matrix:
    """Return the members of each group as a matrix of 0/1. of : int64, −1 = in none."""
    member = np.flatnonzero(of >= 0)
    matrix = csr_matrix((np.ones(len(member)), (of[member], member)), shape=(count, len(of)))
    matrix.sort_indices()
    return matrix


def _once(matrix: csr_matrix) -> csr_matrix:
    return csr_matrix(((matrix.data > 0).astype(np.float64), matrix.indices, matrix.indptr), shape=matrix.shape)


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
        "rounded", part.share, part.lower, part.upper, part.flow.cells, part.flow.inner, part.low, part.high,
        part.price, part.asked, part.goal, part.sum_of, part.hours, part.left,
    )  # fmt: skip


def _pieces_whole(kept: Kept, both: tuple[_Apart, ...]) -> tuple[list[np.ndarray], bool] | None:
    """Return the whole number of each piece of both families, and whether the longer sums are where they should."""
    keys, atom = np.unique((both[0].piece + 1) * (both[1].n_pieces + 1) + both[1].piece + 1, return_inverse=True)
    atoms = _groups(atom.ravel(), len(keys))
    count = snapped(np.asarray(atoms @ kept.count))
    base = np.floor(count)
    loose = np.flatnonzero((count > base) & (keys > 0))
    pieces = [_once(csr_matrix(each.pieces() @ atoms.T)) for each in both]
    keeps_all = True
    if len(loose):
        found = round_part(_first_part(kept, both, atoms, pieces, (count, base, loose)))
        if found is None:
            return None
        base[loose] += found.up
        keeps_all = found.keeps_all
    return [np.asarray(each @ base) for each in pieces], keeps_all


def _first_part(
    kept: Kept,
    both: tuple[_Apart, ...],
    atoms: csr_matrix,
    pieces: list[csr_matrix],
    counted: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Part:
    """Return the part whose cells are cells taken together, and whose sums are the longer ones and their pieces.

    Parameters
    ----------
    atoms : the cells that stand in one piece of either family, taken together: csr of 0/1, shape (atoms, cells)
    pieces : the atoms of each piece
    counted : units of each atom, the next lower whole number, and which atoms lie between two
    """
    count, base, loose = counted
    families, offset = [], []
    for apart, own in zip(both, pieces, strict=True):
        longer = _some(apart.family, apart.is_long)
        over_atoms = _once(csr_matrix(longer.matrix @ atoms.T))
        matrix = csr_matrix(stack_rows([over_atoms, own]))
        families.append(
            Family(
                matrix,
                np.append(longer.size, np.zeros(apart.n_pieces)),
                np.append(longer.most, np.full(apart.n_pieces, np.inf)),
                np.append(longer.price, np.full(apart.n_pieces, USUAL)),
            )
        )
        offset.append(np.cumsum(apart.is_long) - 1)
    bounds = [stays_between(each.matrix @ count, each.most, each.matrix @ base) for each in families]
    price, most = (np.concatenate([getattr(each, of) for each in families]) for of in ("price", "most"))
    placed, n_first = kept.placed, families[0].matrix.shape[0]
    sum_of = np.full(len(kept.goal), -1)
    for at, apart in enumerate(both):
        mine = np.flatnonzero(placed.family == at)
        long = mine[apart.is_long[placed.row[mine]]]
        sum_of[long] = offset[at][placed.row[long]] + at * n_first
    asked = np.flatnonzero(sum_of >= 0)
    wanted = _once(csr_matrix(kept.wanted[asked] @ atoms.T))
    return Part(
        (count - base)[loose],
        np.zeros(len(loose)),
        np.ones(len(loose)),
        flow_of([Family(csr_matrix(each.matrix[:, loose]), each.size) for each in families]),
        np.concatenate([low for low, _ in bounds], axis=1),
        np.concatenate([high for _, high in bounds], axis=1),
        np.stack([price, np.where(np.isfinite(most), np.inf, price)]),
        csr_matrix(wanted[:, loose]),
        kept.goal[asked] - wanted @ base,
        sum_of[asked],
        csr_matrix((0, len(loose))),
        np.zeros(0),
    )


@frozen
class _Sums:
    """Sums of one period each, and pieces, of both families.

    period : int64, shape (sums,); low, high, price : as in ``Part``
    of_asked : int64, shape (asked,), which of these an asked sum is, −1 = none
    """

    flow: Flow
    period: np.ndarray
    low: np.ndarray
    high: np.ndarray
    price: np.ndarray
    of_asked: np.ndarray


def _short_sums(kept: Kept, both: tuple[_Apart, ...], given: list[np.ndarray]) -> _Sums:
    """Return the sums that periods keep. given : the whole number of each piece of both families."""
    families, period, low, high, price = [], [], [], [], []
    of_asked, start = np.full(len(kept.goal), -1), 0
    for at, (apart, whole) in enumerate(zip(both, given, strict=True)):
        short, pieces = _some(apart.family, ~apart.is_long), apart.pieces()
        fixed = np.tile(whole - pieces @ kept.base, (2, 1))
        below, above = kept.bounds(short)
        low += [below, fixed]
        high += [above, fixed]
        is_fed = np.append(np.zeros(len(short.most), dtype=bool), pieces @ kept.fed > 0)
        prices = np.append(short.price, np.full(apart.n_pieces, PIECE))
        price.append(np.stack([prices, np.where(is_fed, np.inf, prices)]))
        first = kept.period[pieces.indices[pieces.indptr[:-1]]]
        period += [apart.period[~apart.is_long], first]
        matrix = csr_matrix(stack_rows([short.matrix[:, kept.loose], pieces[:, kept.loose]]))
        # a piece holds every sum of its family that shares a cell with it
        size = np.append(short.size, np.full(apart.n_pieces, np.inf))
        families.append(Family(matrix, size))
        mine = np.flatnonzero(kept.placed.family == at)
        mine = mine[~apart.is_long[kept.placed.row[mine]]]
        of_asked[mine] = start + (np.cumsum(~apart.is_long) - 1)[kept.placed.row[mine]]
        start += matrix.shape[0]
    return _Sums(
        flow_of(families), np.concatenate(period), np.concatenate(low, axis=1), np.concatenate(high, axis=1),
        np.concatenate(price, axis=1), of_asked,
    )  # fmt: skip


def _parts(kept: Kept, both: tuple[_Apart, ...], given: list[np.ndarray]) -> list[tuple[np.ndarray, Part]]:
    """Return the part of each period, with the places of its cells among the loose ones."""
    sums = _short_sums(kept, both, given)
    time, share = kept.period[kept.loose], (kept.count - kept.base)[kept.loose]
    goal = kept.goal - kept.wanted @ kept.base
    asked_in, hours_in = _only_period(kept.wanted, kept.period), _only_period(kept.hours, kept.period)
    asked_in[(kept.placed.family >= 0) & (sums.of_asked < 0)] = -1
    parts = []
    for each in np.unique(time).tolist():
        at = np.flatnonzero(time == each)
        cells = kept.loose[at]
        rows, asked, hours = (np.flatnonzero(of == each) for of in (sums.period, asked_in, hours_in))
        place = np.full(len(sums.period) + 1, -1)
        place[rows] = np.arange(len(rows))
        parts.append((
            at,
            Part(
                share[at], kept.lower[at], kept.upper[at],
                Flow(csr_matrix(sums.flow.cells[rows][:, at]), csr_matrix(sums.flow.inner[rows][:, rows])),
                sums.low[:, rows], sums.high[:, rows], sums.price[:, rows],
                csr_matrix(kept.wanted[asked][:, cells]), goal[asked], place[sums.of_asked[asked]],
                csr_matrix(kept.hours[hours][:, cells]), kept.left[hours],
            ),
        ))  # fmt: skip
    return parts


def _only_period(matrix: csr_matrix, period: np.ndarray) -> np.ndarray:
    """Return the period of the cells of each row, −1 where there are several or none: int64, shape (rows,)."""
    n_rows = matrix.shape[0]
    row, time = np.repeat(np.arange(n_rows), np.diff(matrix.indptr)), period[matrix.indices]
    found = np.full(n_rows, -1)
    found[row] = time
    several = np.bincount(row, time != found[row], n_rows) > 0
    return np.where(several, -1, found)
