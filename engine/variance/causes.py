"""What people and work there were, on both sides: the plan's own constraints, to be joined to what was missed.

Owns: the shape of both sides of capacity, handle time and arrivals.
"""

from __future__ import annotations

from dataclasses import field

import numpy as np

from solver.frozen import frozen


@frozen
class Crew:
    """Hours of each team and leaf period, and what they are made of: float64, shape (leaf orgs, leaf periods).

    hours : productive hours; nan = unknown
    fte, paid, shrinkage, occupancy, ramp : nan where hours were given as such
    """

    hours: np.ndarray
    fte: np.ndarray
    paid: np.ndarray
    shrinkage: np.ndarray
    occupancy: np.ndarray
    ramp: np.ndarray


@frozen
class Crews:
    """Both sides of the rows about one queue node."""

    queue: int
    agreed: Crew
    actual: Crew


@frozen
class Sides:
    """Agreed and actual crews and arrivals; None and empty where a table is missing.

    crew_agreed, crew_actual : over all queues: rows for single queues are added up where a team has no other
    by_queue : queue nodes that have rows on both sides, the finest first
    seconds : float64, shape (leaf orgs, leaf queues, leaf periods), what an item took, nan where nobody says
    arrivals_agreed, arrivals_actual : inflow less exits by volume, float64, shape (leaf queues, leaf periods), nan =
        not given
    set_aside : rows of CapacityActuals and InflowActuals that could not be used
    """

    crew_agreed: Crew | None = None
    crew_actual: Crew | None = None
    by_queue: tuple[Crews, ...] = ()
    seconds: np.ndarray | None = None
    arrivals_agreed: dict[int, np.ndarray] = field(default_factory=dict)
    arrivals_actual: dict[int, np.ndarray] = field(default_factory=dict)
    set_aside: int = 0
