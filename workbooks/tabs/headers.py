"""Headers of a table are unique, whatever people call their levels and periods.

Owns: telling apart headers that would be equal in Excel, which compares them without case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MAX_HEADER = 255


def unique_headers(fixed: Sequence[str], own: Sequence[tuple[str, str]]) -> list[str]:
    """Return headers for people's words that clash neither with fixed ones nor with each other.

    Parameters
    ----------
    fixed : headers of our own, which keep their text
    own : (what it is, its word): ``("Org", "Region")``

    Returns
    -------
    list of str
        The word alone where it is unique, else with what it is in front ("Org Level 1"), else numbered.
    """
    count = Counter(_key(word) for _, word in own)
    count.update(_key(header) for header in fixed)
    taken = {_key(header) for header in fixed}
    headers = []
    for kind, word in own:
        plain = _key(word) and count[_key(word)] == 1
        header = _free(_tidy(word if plain else f"{kind} {word}"), taken)
        taken.add(_key(header))
        headers.append(header)
    return headers


def _tidy(word: str) -> str:
    return " ".join(word.split())[: MAX_HEADER - 8]


def _key(word: str) -> str:
    return _tidy(word).casefold()


def _free(wanted: str, taken: set[str]) -> str:
    header, count = wanted, 1
    while _key(header) in taken:
        count += 1
        header = f"{wanted} {count}"
    return header
