"""The Responses tab: what was proposed, what people answered, the gap between the two, and the plan in between.

Owns: its columns, and the sentence on who has answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbooks.addresses import cell_name
from workbooks.tabs.looks import AFTER_NUMBER, TEXT, TOP, bad, fitting, number, title_block, title_heights, watch
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import RESPONSES, table_name

_ITEMS = "#,##0;-#,##0;0"
_SIGNED = "+#,##0;-#,##0;0"


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One number: metric × node × period. reconciled : nan where nothing was reconciled."""

    metric: str
    org: str
    period: str
    proposed: float
    answer: str
    value: float
    reason: str
    by: str
    at: str
    reconciled: float


def responses_sheet(rows: Sequence[ResponseRow], state: Mapping[str, str], words: str) -> Sheet:
    """Return Responses.

    Parameters
    ----------
    rows : in tree order, the whole first
    state : of each site that was asked
    words : what reconciling came to, in a sentence
    """
    proposed, value = np.array([row.proposed for row in rows]), np.array([row.value for row in rows])
    reconciled = np.array([row.reconciled for row in rows])
    orgs, reasons = [row.org for row in rows], [row.reason for row in rows]
    table = Table(
        table_name(RESPONSES),
        TOP,
        1,
        emphasis=np.array([row.answer == "sum" for row in rows], dtype=bool),
        columns=(
            Column("Metric", [row.metric for row in rows], TEXT, 14),
            Column("Org", orgs, TEXT, fitting(orgs, 18)),
            Column("Period", [row.period for row in rows], TEXT, 11),
            Column("Proposed", proposed, number(_ITEMS), 13, "Top down: as it was sent"),
            Column("Answer", [row.answer for row in rows], AFTER_NUMBER, 12),
            Column("Value", value, number(_ITEMS), 13, "Bottom up: what the answers come to; open ones as proposed"),
            Column("Gap", value - proposed, number(_SIGNED), 11, "Value − Proposed"),
            Column("Reconciled", reconciled, number(_ITEMS), 13, "The plan that moves accepted numbers least"),
            Column("Moved", reconciled - value, number(_SIGNED), 11, "Reconciled − Value"),
            Column("Reason", reasons, AFTER_NUMBER, fitting(reasons, 30)),
            Column("By", [row.by for row in rows], TEXT, 16),
            Column("At", [row.at for row in rows], TEXT, 12),
        ),
    )
    answers = f"{cell_name(TOP + 1, 5)}:{cell_name(TOP + max(len(rows), 1), 5)}"
    return Sheet(
        RESPONSES,
        table,
        title_block("Responses", f"{answered_words(state)} {words}".strip()),
        freeze=(TOP + 1, 4),
        heights=title_heights(),
        colours=(watch(answers, f'$E{TOP + 1}="counter"'), bad(answers, f'$E{TOP + 1}="open"')),
    )


def answered_words(state: Mapping[str, str]) -> str:
    """Return who has answered, in a sentence."""
    said = [f"{sum(each == 'answered' for each in state.values())} of {len(state)} have answered."]
    for word, start in (("part", "In part"), ("open", "Not yet"), ("overdue", "Overdue")):
        names = [name for name, each in state.items() if each == word]
        if names:
            said.append(f"{start}: {', '.join(names)}.")
    return " ".join(said)
