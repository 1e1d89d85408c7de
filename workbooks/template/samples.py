"""The sample workbooks that are installed beside the engine.

Owns: finding them by entry point: the command line knows no sample by name, and other packages may bring some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from solver.frozen import frozen

GROUP = "target_cascade.samples"


@frozen
class Sample:
    """A workbook that shows one thing. description : in a line; make : returns the .xlsx file."""

    description: str
    make: Callable[[], bytes]


def find_samples() -> Mapping[str, Sample]:
    """Return the samples by name."""
    from importlib.metadata import entry_points

    found: dict[str, Sample] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        found.update(point.load())
    return found
