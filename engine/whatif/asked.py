"""With what a miss is asked about: how much is tried, what is known already, and numbers as people type them.

Owns: efforts by the size of a plan and the number of its misses.
"""

from __future__ import annotations

from math import ceil, floor, inf

from engine.whatif.advice import Mend
from solver.frozen import frozen


@frozen
class Effort:
    """How much is tried for a miss.

    growths : how often the hours that seem to be missing are tried, until they do; instead of the second, what the
        first left says, where it can
    refinements : how often what does is halved; sites : places that are tried by themselves; limits : and limits
    lowerings : how often another number is asked, until that is met
    """

    growths: tuple[float, ...]
    refinements: int
    sites: int
    limits: int
    lowerings: int = 4


FULL_EFFORT = Effort((1.0, 1.25, 1.5, 2.5, 5.0, 12.0), 3, 3, 4)
ONE_OF_MANY = Effort((1.0, 1.25, 2.5, 8.0), 2, 1, 4, lowerings=2)
"""Of each miss of a small plan that misses many."""

LARGE_EFFORT = Effort((1.0, 1.1), 1, 1, 1, lowerings=2)
"""Of plans whose runs find misses alone."""


@frozen
class Asked:
    """What is known of a miss when it is asked about, and where to stop.

    known : changes found for other misses that close this one, too
    effort : how much is tried
    is_repeated : whether another number in its cell was asked for already, for a larger miss of the same cell
    end : what may be spent, as ``Again`` counts it, before no further kind of change is tried
    """

    effort: Effort
    known: tuple[Mend, ...] = ()
    is_repeated: bool = False
    end: float = inf


def typed(value: float, *, up: bool) -> float:
    """Return a number that people would type: whole from 100 on, else to four digits behind the point."""
    scale = 1.0 if abs(value) >= 100 else 1e4
    whole = ceil(round(value * scale, 3)) if up else floor(round(value * scale, 3))
    return whole / scale


def number_words(value: float) -> str:
    """Return a number as it is typed."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.10g}"
