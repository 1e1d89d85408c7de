"""Answers that belong together: those on the parts of a node beside that on the node itself.

Owns: which answers are parts of which, and what a node's answer comes to with them.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.trees import Tree
from workbooks.packs.pack import Line
from workbooks.packs.read import ACCEPT, COUNTER, OPEN, Answer

SAME = 1e-9
"""Part of a number by which sums may differ and still tie."""

TYPED = 5e-4
"""The same for averages of rates: half of a tenth of a point, or half a second in a thousand."""


class Family:
    """The answers of one site, told apart by who stands above whom."""

    def __init__(self, given: Sequence[Answer], tree: Tree) -> None:
        self.given = tuple(given)
        names = [each.casefold() for each in tree.ids]
        self._parent = {names[node]: names[tree.parent[node]] for node in range(1, len(tree))}

    def parts(self, each: Answer) -> list[Answer]:
        """Return the answers on the nodes right below one, for the same metric and period."""
        return [other for other in self.given if self._is_part(other, each)]

    def meant(self, each: Answer) -> float:
        """Return what a node's answer comes to: its own, else that of its parts."""
        parts = self.parts(each)
        if each.answer == OPEN and any(other.answer == COUNTER for other in parts):
            return come_to([(other.line, self.meant(other)) for other in parts])
        return each.meant

    def is_answered(self, each: Answer) -> bool:
        """Whether somebody has said something about a number, or about all of its parts."""
        parts = self.parts(each)
        return each.answer != OPEN or (bool(parts) and all(self.is_answered(other) for other in parts))

    def is_accepted(self, each: Answer) -> bool:
        """Whether a number is accepted: said so, or one part of a split whose total is as it was proposed."""
        if each.answer == ACCEPT:
            return True
        above = next((other for other in self.given if self._is_part(each, other)), None)
        if each.answer != COUNTER or above is None or above.answer == COUNTER:
            return False
        total = come_to([(other.line, other.meant) for other in self.parts(above)])
        return ties(total, above.line.proposed, above.line)

    def _is_part(self, part: Answer, whole: Answer) -> bool:
        same = (part.line.metric, part.line.period) == (whole.line.metric, whole.line.period)
        return same and self._parent.get(part.line.node.casefold()) == whole.line.node.casefold()


def come_to(parts: Sequence[tuple[Line, float]]) -> float:
    """Return what numbers of parts come to: the sum of volumes, the average of rates as they were weighed."""
    weight = sum(line.weight for line, _ in parts)
    if weight > 0:
        return sum(line.weight * value for line, value in parts) / weight
    return sum(value for _, value in parts)


def ties(one: float, other: float, line: Line) -> bool:
    """Whether two numbers for a line are the same; rates where they are as close as people type them."""
    return abs(one - other) <= (TYPED if line.weight else SAME) * max(1.0, abs(one), abs(other))
