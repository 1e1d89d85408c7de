"""Cell values as texts: how they are shown, how they are compared, which known word is nearest.

Owns: the rule that 101 and "101" are one id, and that case and surrounding space do not count.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from difflib import get_close_matches

from engine.tables import FAULTY

EXACT = 1e15
"""From here on a cell does not hold whole numbers exactly."""


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_given(value: object) -> bool:
    """Whether a cell holds something usable."""
    return value is not FAULTY and not is_blank(value)


def text_of(value: object) -> str:
    """Return a cell value as the text it stands for; "" for a blank.

    Whole numbers lose their decimals, dates become ISO dates.
    """
    if value is None or value is FAULTY:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float | int):
        return str(int(value)) if abs(value) < EXACT and value == int(value) else repr(float(value))
    return str(value).strip()


def key_of(value: object) -> str:
    """Return a value as it is compared."""
    return text_of(value).casefold()


def quoted(value: object) -> str:
    """Return a value as it is shown in an issue."""
    return f"“{text_of(value)}”"


def shown_list(words: Iterable[str], most: int = 6) -> str:
    """Return words as a list for people, cut short."""
    listed = list(words)
    rest = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {rest} more" if rest > 0 else "")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word nearest to a word, "" if none is near; case does not count."""
    by_key: dict[str, str] = {}
    for candidate in known:
        by_key.setdefault(candidate.casefold(), candidate)
    found = get_close_matches(word.casefold(), by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` — did you mean “Dublin”?``, or "" if nothing is near."""
    guess = nearest(word, known)
    return f"; did you mean “{guess}”?" if guess else ""
