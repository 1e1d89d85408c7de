"""What would close a miss, in words with the cells to change.

Owns: the texts of the column of that name in Target Check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.outcome import Outcome
from workbooks.addresses import reference

if TYPE_CHECKING:
    from engine.whatif.advice import Advice, Mend

NOT_ASKED = "not asked: targets cascade --worth top asks the 20 largest misses, --worth all every one"


def closing_words(outcome: Outcome) -> list[str]:
    """Return one text per row of Targets; "" where it is met."""
    advice = outcome.advice
    if advice is None:
        return [""] * len(outcome.targets.met)
    return ["" if met else _words(advice, row) for row, met in enumerate(outcome.targets.met.tolist())]


def _words(advice: Advice, row: int) -> str:
    """Return what would close a miss: a sentence, then a line for each change."""
    alone = _ALONE[int(advice.is_reachable[row])]
    found = [each for mend in advice.mends_of(row) for each in (mend, *mend.alternatives)]
    if not advice.is_asked[row]:
        mends = [f"• {each.words} [{_cells(each)}]" for each in found]  # what else it does stands beside the other
        also = ["What closes another miss would close this one, too:", *mends] if mends else []
        not_asked = f"What {'else ' if mends else ''}would close it was {NOT_ASKED}" if alone or mends else NOT_ASKED
        return _together(alone, also, not_asked)
    mends = [f"• {_mend_words(each)}" for each in found]
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


def _mend_words(mend: Mend) -> str:
    others = f"then {mend.others}" if mend.others else "the others stay as they are"
    return f"{mend.words} [{_cells(mend)}; {others}]"


def _cells(mend: Mend) -> str:
    more = len(mend.edits) - 1
    return reference(mend.edits[0].place) + (f" and {more} more cell{'s' if more > 1 else ''}" if more else "")
