"""The sign-offs on the Summary: how far the newest version is, who is missing, and what is sealed, by whom and when.

They are told in as many cells whatever they say, so that a word that is given later changes these cells alone.

Owns: what stands in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.cycle.sign_off import AGREED, Standing
from engine.plan import Plan
from engine.trees import ROOT
from workbooks.tabs.looks import AFTER_NUMBER, HEADING, HEADING_AFTER, TEXT, good, watch
from workbooks.tabs.model import ColourWhen
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.sign_off import listed, missing_parts, status_word

_HEADINGS = ("Signed off", "Status", "Agreed", "By", "At", "Not yet")
_LONGEST = 60


def status_texts(plan: Plan, standings: Sequence[Standing]) -> list[str]:
    """Return the texts of the status cells, line by line.

    Parameters
    ----------
    standings : the newest version first
    """
    wholes = [each for each in standings if each.node == ROOT and not each.is_queue]
    newest = next(iter(wholes), None)
    sealed = next((each for each in wholes if each is not newest and _is_sealed(each)), None)
    is_sealed = newest is not None and _is_sealed(newest)
    first = _nothing("Nobody has signed anything yet")
    if newest is not None:
        first = _line(plan, standings, newest, "Newest version")
    second = _nothing("" if is_sealed else "No version is sealed")
    if sealed is not None:
        second = _line(plan, standings, sealed, "Sealed before" if is_sealed else "Sealed version")
    return [*_HEADINGS, *first, *second]


def add_status(page: Page, texts: Sequence[str]) -> tuple[ColourWhen, ...]:
    """Put the status cells, and return how they are coloured."""
    page.row += 1
    first, width = page.row, len(_HEADINGS)
    styles = [HEADING, *[HEADING_AFTER] * (width - 1)], [TEXT, *[AFTER_NUMBER] * (width - 1)]
    for at in range(0, len(texts), width):
        looks = styles[at > 0]
        page.line([Entry(text, look, is_status=True) for text, look in zip(texts[at : at + width], looks, strict=True)])
    cells, one = f"B{first + 1}:B{page.row - 1}", f"$B{first + 1}"
    return good(cells, f'OR({one}="agreed",{one}="sealed")'), watch(cells, f'{one}="proposed"')


def _is_sealed(whole: Standing) -> bool:
    """Whether a version is sealed: kept so by the workbook, not called so by a row of SignOff."""
    return whole.word is not None and whole.word.status == "sealed" and not whole.word.place.row


def _nothing(words: str) -> tuple[str, ...]:
    return (words, *[""] * (len(_HEADINGS) - 1))


def _agreed(standings: Sequence[Standing], whole: Standing) -> str:
    """Return how many nodes right below the whole have agreed to a version, and how many queues."""
    queues = sum(each.is_queue and each.version == whole.version and each.rank >= AGREED for each in standings)
    words = [f"{whole.agreed:,} of {whole.parts:,}"] if whole.parts else []
    words += [f"{queues:,} queue{'s' if queues > 1 else ''}"] if queues else []
    return ", ".join(words)


def _line(plan: Plan, standings: Sequence[Standing], whole: Standing, called: str) -> tuple[str, ...]:
    word = whole.word
    return (
        f"{called}: {whole.version}" if whole.version else "The plan",
        status_word(whole),
        _agreed(standings, whole),
        word.by if word else "",
        word.at if word else "",
        listed(missing_parts(plan, standings, whole.version), _LONGEST),
    )
