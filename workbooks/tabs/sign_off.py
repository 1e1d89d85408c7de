"""The Sign Off Status tab: how far every node is, version by version.

Owns: its columns, and the sentence on who is still missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.cycle.sign_off import AGREED, NOTHING, Standing
from engine.fields import SIGN_OFF_STATUSES
from engine.plan import Plan
from engine.trees import ROOT
from workbooks.addresses import cell_name
from workbooks.tabs.looks import AFTER_NUMBER, TEXT, TOP, fitting, good, title_block, title_heights, watch
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import SIGN_OFF_STATUS, table_name

_LONGEST = 200


def sign_off_sheet(plan: Plan, standings: Sequence[Standing]) -> Sheet:
    """Return Sign Off Status."""
    trees = [plan.queues if each.is_queue else plan.org for each in standings]
    nodes = [tree.ids[each.node] for tree, each in zip(trees, standings, strict=True)]
    names = [_other(tree.names[each.node], tree.ids[each.node]) for tree, each in zip(trees, standings, strict=True)]
    words = [each.word for each in standings]
    by = [word.by if word else "" for word in words]
    comments = [word.comment if word else "" for word in words]
    told = [_told(plan, each) for each in standings]
    table = Table(
        table_name(SIGN_OFF_STATUS),
        TOP,
        1,
        (
            Column("Version", [each.version for each in standings], TEXT, 12),
            Column("Node", nodes, TEXT, fitting(nodes, 20)),
            *([Column("Name", names, TEXT, fitting(names, 12))] if any(names) else []),
            Column("Level", [tree.level[each.node] for tree, each in zip(trees, standings, strict=True)], TEXT, 12),
            Column("Status", [status_word(each) for each in standings], TEXT, 12),
            Column("By", by, TEXT, fitting(by, 16)),
            Column("At", [word.at if word else "" for word in words], TEXT, 12),
            Column(
                "Parts",
                [_parts(each) for each in standings],
                TEXT,
                16,
                "How many of the nodes right below have said so",
            ),
            Column("Comes from", told, TEXT, fitting(told, 18)),
            Column("Comment", comments, AFTER_NUMBER, fitting(comments, 30)),
        ),
        emphasis=np.array([each.parts > 0 for each in standings], dtype=bool),
    )
    first, last = TOP + 1, TOP + max(len(standings), 1)
    status = table.column_of("Status")
    cells, one = f"{cell_name(first, status)}:{cell_name(last, status)}", f"${cell_name(first, status)}"
    return Sheet(
        SIGN_OFF_STATUS,
        table,
        title_block("Who has agreed", sign_off_words(plan, standings)),
        freeze=(TOP + 1, 3),
        heights=title_heights(),
        colours=(good(cells, f'OR({one}="agreed",{one}="sealed")'), watch(cells, f'{one}="proposed"')),
    )


def sign_off_words(plan: Plan, standings: Sequence[Standing]) -> str:
    """Return how far the newest version is, in a sentence."""
    if not standings:
        return "Nobody has signed anything yet."
    whole = standings[0]
    version, named = whole.version, listed(missing_parts(plan, standings, whole.version), _LONGEST)
    said = f"Version {version} is {status_word(whole)}" if version else f"The plan is {status_word(whole)}"
    if not whole.parts:
        return f"{said}."
    if named and whole.word is not None and whole.rank >= AGREED:  # who speaks for all speaks for the parts as well
        return f"{said} as a whole; {whole.agreed:,} of {whole.parts:,} have said so themselves, not yet: {named}."
    return f"{said}; {_parts(whole)}" + (f", missing: {named}." if named else ".")


def missing_parts(plan: Plan, standings: Sequence[Standing], version: str) -> list[str]:
    """Return the nodes right below the whole that have not agreed to a version."""
    of_version = [each for each in standings if each.version == version and not each.is_queue]
    parts = [each for each in of_version if plan.org.parent[each.node] == ROOT]
    return [plan.org.ids[each.node] for each in parts if each.rank < AGREED or not each.has_signed]


def listed(names: Sequence[str], longest: int) -> str:
    """Return names between commas, the last ones counted where they would be too long; at least one is named."""
    shown = list(names)
    while len(text := ", ".join(shown)) > longest and len(shown) > 1:
        shown.pop()
    left = len(names) - len(shown)
    return f"{text} and {left:,} more" if left else text


def status_word(each: Standing) -> str:
    """Return draft, proposed, agreed or sealed, or open where nobody has said anything."""
    return "open" if each.rank == NOTHING else SIGN_OFF_STATUSES[each.rank]


def _parts(each: Standing) -> str:
    return f"{each.agreed:,} of {each.parts:,} agreed" if each.parts else ""


def _told(plan: Plan, each: Standing) -> str:
    if each.word is not None:
        return "its own word" if each.word.place.row else "the version kept"
    if each.rank == NOTHING:
        return ""
    return "its parts" if each.source < 0 else f"the word on {plan.org.ids[each.source]}"


def _other(name: str, node: str) -> str:
    """Return what people call a node, where that is not its id."""
    return "" if name == node else name
