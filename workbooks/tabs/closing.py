"""What would close a miss, in words with the cells to change.

Owns: the texts of the column of that name in Target Check.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.outcome import Outcome
from engine.reasons.words import target_words
from workbooks.addresses import reference

if TYPE_CHECKING:
    from engine.whatif.advice import Advice, Mend
    from engine.whatif.edits import Edit

NOT_ASKED = "not asked: targets cascade --worth top asks the 20 largest misses, --worth all every one"


def closing_words(outcome: Outcome) -> list[str]:
    """Return one text per row of Targets; "" where it is met."""
    advice = outcome.advice
    if advice is None:
        return [""] * len(outcome.targets.met)
    told = _Told(outcome, advice)
    return ["" if met else _words(told, row) for row, met in enumerate(outcome.targets.met.tolist())]


class _Told:
    """Which changes were told already: of each all is said once, where it closes a miss first, and then that it does.

    A target that is asked of every month is missed in many, and the same hours close most of them.
    """

    def __init__(self, outcome: Outcome, advice: Advice) -> None:
        self.outcome, self.advice = outcome, advice
        self._closes = Counter(each.edits for mend in advice.mends for each in (mend, *mend.alternatives))
        self._first: dict[tuple[Edit, ...], int] = {}

    def words(self, mend: Mend, row: int) -> str:
        """Return what to change for a miss, where, and what becomes of the others."""
        first = self._first.setdefault(mend.edits, row)
        if first != row:
            return f"{mend.words} [{_cells(mend)}; as for the {target_words(self.outcome.plan, first)}]"
        others = f"then {mend.others}" if mend.others else "the others stay as they are"
        also = self._closes[mend.edits] - 1
        closes = f"closes {also} more miss{'es' if also > 1 else ''}; " if also else ""
        return f"{mend.words} [{_cells(mend)}; {closes}{others}]"


def _words(told: _Told, row: int) -> str:
    """Return what would close a miss: a sentence, then a line for each change."""
    advice = told.advice
    alone = _ALONE[int(advice.is_reachable[row])]
    found = [each for mend in advice.mends_of(row) for each in (mend, *mend.alternatives)]
    if not advice.is_asked[row]:
        mends = [f"• {each.words} [{_cells(each)}]" for each in found]  # what else it does stands beside the other
        also = ["What closes another miss would close this one, too:", *mends] if mends else []
        not_asked = f"What {'else ' if mends else ''}would close it was {NOT_ASKED}" if alone or mends else NOT_ASKED
        return _together(alone, also, not_asked)
    mends = [f"• {told.words(each, row)}" for each in found]
    tried = [_TRIED[kind] for kind in advice.failed_for(row)]
    failed = f"Tried, and not enough alone: {', '.join(tried)}." if tried else ""
    if not mends:
        return _together(alone, ["No single change that was tried closes it."], failed)
    return _together(alone, ["Each of these would do:" if len(mends) > 1 else "This would do:", *mends], failed)


def _together(alone: str, lines: list[str], last: str) -> str:
    """Return lines of one cell; what is said of the miss alone begins the first of them."""
    listed = [*lines, last] if last else lines
    return "\n".join([f"{alone} {listed[0]}".strip(), *listed[1:]])


_ALONE = {
    1: "It could be met alone, without the other targets.",
    0: "It could not be met even if it were the only target.",
    -1: "",
}
_TRIED = {
    "hours": "more hours",
    "limit released": "limits released",
    "asked less": "what is achieved asked for",
    "moved": "the missing part asked of another period",
    "bound raised": "bounds moved",
    "mix guard": "a wider mix guard",
}
"""Kinds of changes, as they are told where they close nothing."""


def _cells(mend: Mend) -> str:
    more = len(mend.edits) - 1
    return reference(mend.edits[0].place) + (f" and {more} more cell{'s' if more > 1 else ''}" if more else "")
