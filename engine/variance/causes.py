"""What people and work there were, on both sides: the plan's own constraints, to be joined to what was missed.

Owns: the shape of both sides of capacity and inflow.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Crew:
    """Hours of each team and leaf period, and what they are made of: float64, shape (leaf orgs, leaf periods).

    hours : productive hours; nan = unknown
    fte, paid, shrinkage, occupancy, ramp : nan where hours were given as such
    seconds : handle time, nan where not given
    """

    hours: np.ndarray
    fte: np.ndarray
    paid: np.ndarray
    shrinkage: np.ndarray
    occupancy: np.ndarray
    ramp: np.ndarray
    seconds: np.ndarray


@dataclass(frozen=True, slots=True)
class Sides:
    """Agreed and actual crews and inflow; None and empty where a table is missing.

    inflow_agreed, inflow_actual : by volume, float64, shape (leaf queues, leaf periods), nan = not given
    """

    crew_agreed: Crew | None = None
    crew_actual: Crew | None = None
    inflow_agreed: dict[int, np.ndarray] = field(default_factory=dict)
    inflow_actual: dict[int, np.ndarray] = field(default_factory=dict)
