"""The point of a polyhedron that is nearest to a centre, in a diagonal metric: strictly convex, so unique.

Owns: minimise Σ (x − centre)² / (2 scale) under linear rows and bounds, on the dual.
Knows nothing of: why a point is wanted near its centre.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from solver.memory import FORGETFUL, Arrays, Memory, fingerprint
from solver.newton import LITTLE_PATIENCE, SMALL, Search
from solver.open_part import open_part
from solver.polyhedron import Polyhedron, Projection, row_sizes
from solver.sparse import csr_matrix

GOOD = 1e-8
"""Row residual above which the slower, surer method is asked as well."""

_GOAL = 1e-10  # residual at which the search stops


def project(
    centre: np.ndarray,
    scale: np.ndarray,
    body: Polyhedron,
    goal: float = _GOAL,
    memory: Memory = FORGETFUL,
    near: str = "",
) -> Projection:
    """Minimise Σ (x − centre)² / (2 scale) over a polyhedron, by semismooth Newton on the row prices.

    Parameters
    ----------
    centre, scale : float64, shape (columns,); a column of scale 0 stays at its centre, clipped to its bounds
    goal : row residual, relative to max(1, |bound|), at which to stop
    memory : what was found in earlier runs
    near : as in ``try_project``; where many rows are off there, the search starts from nothing

    Returns
    -------
    Projection
        Check ``is_accepted``: an empty polyhedron has no projection, and the search is bounded in steps.

    Notes
    -----
    With prices p the minimiser is x(p) = clip(centre + scale · Aᵀp, lower, upper), and the dual
    ½ Σ (x − centre)²/scale − pᵀA x + p⁺·row_lower − p⁻·row_upper is concave and once differentiable
    (semismooth Newton on it: Qi & Sun, 1993). Rows are normalised to Σ a² scale = 1 first.
    """

    def search(before: Arrays | None) -> Projection:
        if len(centre) <= SMALL:
            return _in_open_part(centre, scale, body, goal, before, _surely_settled)
        searching = Search(centre, scale, body)
        if before is not None and searching.is_near(before["price"]):
            found = searching.run(goal, LITTLE_PATIENCE, before["price"])
            if found.is_settled and found.residual <= goal:
                return found
        found = searching.run(goal)
        return found if found.residual <= GOOD else searching.run_surely(goal, found)

    inside = centre_inside(centre, body, goal)
    asked = (centre, scale, body, goal)
    return inside if inside is not None else _recalled("nearest-point", asked, memory, search, near)


def project_surely(
    centre: np.ndarray,
    scale: np.ndarray,
    body: Polyhedron,
    goal: float = _GOAL,
    memory: Memory = FORGETFUL,
    near: str = "",
) -> Projection:
    """Do the same by the surer method alone: where Newton's has been tried, up to ``SMALL`` columns or so.

    Where the polyhedron is empty, it ends at a point that is hardly outside, if there is any such.

    Parameters
    ----------
    near : as in ``try_project``
    """

    def search(before: Arrays | None) -> Projection:
        return _in_open_part(centre, scale, body, goal, before, Search.run_surely)

    inside = centre_inside(centre, body, goal)
    asked = (centre, scale, body, goal)
    return inside if inside is not None else _recalled("surely-nearest", asked, memory, search, near)


def try_project(
    centre: np.ndarray,
    scale: np.ndarray,
    body: Polyhedron,
    goal: float = _GOAL,
    memory: Memory = FORGETFUL,
    near: str = "",
    *,
    is_far_worth: bool = True,
) -> Projection:
    """Do the same by Newton's method alone: quick to give up where the polyhedron is empty or has no interior.

    Parameters
    ----------
    near : a word for what is searched, where the search may start at the prices of an earlier run's; what it finds is
        the same, but it may find where it would have given up, so nothing may hang on that
    is_far_worth : whether to start there where many rows are off as well
    """

    def search(before: Arrays | None) -> Projection:
        if len(centre) <= SMALL:
            return _in_open_part(centre, scale, body, goal, before, _tried)
        searching = Search(centre, scale, body)
        if before is not None and (is_far_worth or searching.is_near(before["price"])):
            found = searching.run(goal, LITTLE_PATIENCE, before["price"])
            if found.is_settled and found.residual <= goal:
                return found
        return _tried(searching, goal)

    inside = centre_inside(centre, body, goal)
    return (
        inside if inside is not None else _recalled("tried-nearest", (centre, scale, body, goal), memory, search, near)
    )


def _tried(searching: Search, goal: float) -> Projection:
    return searching.run(goal, LITTLE_PATIENCE)


def _surely_settled(searching: Search, goal: float) -> Projection:
    """Return the nearest point of a small body: Newton's method goes on for long only where nothing else ends."""
    quick = searching.run(goal, LITTLE_PATIENCE)
    if quick.is_settled:
        return quick
    sure = searching.run_surely(goal, quick)
    if sure.is_settled:
        return sure
    found = searching.run(goal)
    best = found if found.is_settled or found.residual < sure.residual else sure
    return replace(best, steps=sure.steps + found.steps)


def _in_open_part(
    centre: np.ndarray,
    scale: np.ndarray,
    body: Polyhedron,
    goal: float,
    before: Arrays | None,
    search: Callable[[Search, float], Projection],
) -> Projection:
    """Return what a search finds in the open part of a small body, told of the whole.

    Parameters
    ----------
    before : the answer of another search for the same, None = none; what is at its bound there is tried first
    """
    part = open_part(centre, scale, body)
    if part.is_empty:
        return part.without_search(goal)
    searching = Search(part.centre, part.scale, part.body, part.size)
    found = None
    if before is not None:
        found = searching.end_from(before["point"][part.columns], before["price"][part.rows])
    if found is None:
        found = search(searching, goal)
        if found.is_settled:
            # one end for all ways: whichever was taken here, the last digits are the same
            end = searching.end_from(found.point, found.price)
            found = found if end is None else replace(end, steps=found.steps)
    return part.whole(found, goal)


def centre_inside(centre: np.ndarray, body: Polyhedron, goal: float = _GOAL) -> Projection | None:
    """Return the centre within its bounds where that keeps every row: there is nothing to search for then."""
    point = np.clip(centre, body.lower, body.upper)
    residual = _violation(body, point)
    return Projection(point, np.zeros(len(body.row_lower)), residual, 0, True) if residual <= goal else None


def _violation(body: Polyhedron, point: np.ndarray) -> float:
    """Return by how much a point leaves a row, relative to max(1, |bound|): the most of all rows."""
    activity = body.matrix @ point
    off = np.maximum(np.maximum(body.row_lower - activity, activity - body.row_upper), 0.0)
    return float(np.max(off / row_sizes(body), initial=0.0))


def _recalled(
    question: str,
    asked: tuple[np.ndarray, np.ndarray, Polyhedron, float],
    memory: Memory,
    search: Callable[[Arrays | None], Projection],
    near: str = "",
) -> Projection:
    """Return what a search finds, or found in an earlier run.

    Parameters
    ----------
    search : from an answer to start with, None = from nothing; what it finds does not hang on it
    near : as in ``try_project``
    """
    if not memory.is_kept:
        return search(None)
    centre, scale, body, goal = asked
    columns = fingerprint("columns", centre, scale, body.lower, body.upper, body.part)
    key = fingerprint(question, columns, body.matrix, body.row_lower, body.row_upper, np.array([goal]))
    kept, at = memory.get(key), f"from-{near}-{len(body.row_lower)}-{len(centre)}"
    if kept is not None and near and memory.hint(at) is None:
        binds = np.frombuffer(_what_binds(kept["price"], columns, body).encode(), np.uint8)
        memory.put(at, {**kept, "binds": binds})
    if kept is None:
        before = memory.hint(at) if near else None
        if before is not None and (len(before["price"]), len(before["point"])) != body.matrix.shape:
            before = None
        if before is not None and _is_still_nearest(before, columns, body, goal):
            kept = before
        else:
            found = search(before)
            numbers = np.array([found.residual, found.steps, found.is_settled])
            kept = {"point": found.point, "price": found.price, "found": numbers}
            if near and found.is_settled and memory.wants_hint(at):
                binds = np.frombuffer(_what_binds(found.price, columns, body).encode(), np.uint8)
                memory.put(at, {**kept, "binds": binds})
        memory.put(key, {name: kept[name] for name in ("point", "price", "found")})
    residual, steps, is_settled = kept["found"].tolist()
    return Projection(kept["point"], kept["price"], residual, int(steps), bool(is_settled))


def _is_still_nearest(before: Arrays, columns: str, body: Polyhedron, goal: float) -> bool:
    """Whether an earlier nearest point is that of another body, too: all that binds it is the same, it keeps the rest.

    Its prices then say the same of it.
    """
    if _violation(body, before["point"]) > goal:
        return False
    return before["binds"].tobytes().decode() == _what_binds(before["price"], columns, body)


def _what_binds(price: np.ndarray, columns: str, body: Polyhedron) -> str:
    """Return the fingerprint of a search but for rows without a price, unless they ask for one number.

    columns : the fingerprint of all that is known of columns
    """
    rows = np.flatnonzero((price != 0) | (body.row_lower == body.row_upper))
    return fingerprint(
        "binds", columns, rows, csr_matrix(body.matrix[rows]), body.row_lower[rows], body.row_upper[rows]
    )
