"""Names that mean the same: spaces, upper case, codes in one half and names in the next.

Owns: which spellings are one node, and which only look like it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from engine.building.texts import key_of, text_of
from solver.frozen import frozen
from workbooks.importing.codes_of_names import NAMES_OF_CODES

_ALIKE = 0.87
_LONG = 5


@frozen
class Spelling:
    """How a name stands in an export. text : as it stands, spaces included; periods : where it occurs."""

    text: str
    count: int
    periods: frozenset[object]


@frozen
class Names:
    """One way to say each name.

    one : a spelling's key → the name taken
    aliases : name → its other spellings that are not only spaces and case apart
    """

    one: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]


def plain_name(value: object) -> str:
    """Return a name with single spaces and none around it."""
    return " ".join(text_of(value).replace("\u00a0", " ").split())


def unify(spellings: Iterable[Spelling]) -> tuple[Names, list[tuple[str, str]], list[tuple[str, str]]]:
    """Return one name for all spellings of it.

    Returns
    -------
    names, pairs of a code and the name it was taken for, pairs that stand side by side in a period and stay two
    """
    variants: dict[str, list[Spelling]] = defaultdict(list)
    for each in spellings:
        variants[key_of(plain_name(each.text))].append(each)
    usual = {key: max(listed, key=lambda each: (each.count, each.text)).text for key, listed in variants.items()}
    one = {key: plain_name(text) for key, text in usual.items()}
    when = {key: frozenset().union(*(each.periods for each in listed)) for key, listed in variants.items()}
    merged, apart = [], []
    aliases: dict[str, tuple[str, ...]] = {}
    for key in sorted(variants):
        for name in NAMES_OF_CODES.get(key, ()):
            if name.casefold() not in variants or name.casefold() == key:
                continue
            if when[key] & when[name.casefold()]:
                apart.append((one[key], one[name.casefold()]))
            else:
                merged.append((one[key], one[name.casefold()]))
                aliases[one[name.casefold()]] = (*aliases.get(one[name.casefold()], ()), one[key])
                one[key] = one[name.casefold()]
                break
    return Names(one, aliases), merged, apart


def spelled_apart(spellings: Iterable[Spelling]) -> dict[str, list[str]]:
    """Return names that stand in several spellings which differ in spaces and case only."""
    variants: dict[str, Counter[str]] = defaultdict(Counter)
    for each in spellings:
        variants[key_of(plain_name(each.text))][each.text] += each.count
    return {key: [text for text, _ in found.most_common()] for key, found in variants.items() if len(found) > 1}


def look_alike(names: Sequence[str], most: int = 400) -> list[tuple[str, str]]:
    """Return pairs of names that differ by a letter or two, and not by a number: slips, perhaps."""
    if len(names) > most:
        return []
    pairs = []
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            shorter = min(len(first), len(second))
            if shorter < _LONG or abs(len(first) - len(second)) > 2 or _numbers(first) != _numbers(second):
                continue
            if SequenceMatcher(None, first.casefold(), second.casefold()).ratio() >= _ALIKE:
                pairs.append((first, second))
    return pairs


def _numbers(text: str) -> str:
    return (
        "".join(letter for letter in text if letter.isdigit())
        + "|"
        + text[-2:].strip()[-1:].casefold() * (text[-2:-1] == " ")
    )
