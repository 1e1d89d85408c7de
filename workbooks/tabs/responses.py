"""The Responses tab: what was proposed, what people answered, the gap between the two, and the plan in between.

Owns: its columns, and the sentence on who has answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.plan import BUILT_IN, Metrics
from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    ITEMS,
    SIGNED_ITEMS,
    TEXT,
    TOP,
    bad,
    fitting,
    number,
    title_block,
    title_heights,
    watch,
)
from workbooks.tabs.metric_looks import difference_format, formats_of, value_format
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import RESPONSES, table_name

SUM, AVERAGE = "sum", "average"
TOGETHER = (SUM, AVERAGE)
"""Answers of nodes above those that were asked."""
BY_PARTS = "by parts"
"""Answer of a node that left its own number open and answered on all of its parts."""


@frozen
class ResponseRow:
    """One number: metric × node × period.

    node : of the tree that the plan was split by
    reconciled : nan where nothing was reconciled; told : what was answered instead, in a sentence; "" = nothing else
    """

    metric: str
    node: str
    period: str
    proposed: float
    answer: str
    value: float
    reason: str
    by: str
    at: str
    reconciled: float
    told: str = ""


def responses_sheet(
    metrics: Metrics, asked: tuple[str, Sequence[ResponseRow]], state: Mapping[str, str], words: str
) -> Sheet:
    """Return Responses.

    Parameters
    ----------
    asked : header of the nodes that were asked, and rows in tree order, the whole first
    state : of each site that was asked
    words : what reconciling came to, in a sentence
    """
    header, rows = asked
    proposed, value = np.array([row.proposed for row in rows]), np.array([row.value for row in rows])
    reconciled = np.array([row.reconciled for row in rows])
    positions = {name: at for at, (name, _) in BUILT_IN.items()} | {name: at for at, name in enumerate(metrics.ids)}
    at = np.array([positions[row.metric] for row in rows], dtype=np.int64)
    shown, signed = formats_of(metrics, at, value_format), formats_of(metrics, at, difference_format)
    nodes, reasons = [row.node for row in rows], [row.reason for row in rows]
    table = Table(
        table_name(RESPONSES),
        TOP,
        1,
        emphasis=np.array([row.answer in TOGETHER for row in rows], dtype=bool),
        columns=(
            Column("Metric", [row.metric for row in rows], TEXT, 14),
            Column(header, nodes, TEXT, fitting(nodes, 18)),
            Column("Period", [row.period for row in rows], TEXT, 11),
            Column("Proposed", proposed, number(ITEMS), 13, "Top down: as it was sent", shown),
            Column("Answer", [row.answer for row in rows], AFTER_NUMBER, 12),
            Column("Value", value, number(ITEMS), 13, "Bottom up: what the answers come to; open ones as proposed",
                   shown),
            Column("Gap", value - proposed, number(SIGNED_ITEMS), 11, "Value − Proposed", signed),
            Column("Reconciled", reconciled, number(ITEMS), 13, "The plan that moves accepted numbers least", shown),
            Column("Moved", reconciled - value, number(SIGNED_ITEMS), 11, "Reconciled − Value", signed),
            Column("Reason", reasons, AFTER_NUMBER, fitting(reasons, 30)),
            Column("By", [row.by for row in rows], TEXT, 16),
            Column("At", [row.at for row in rows], TEXT, 12),
        ),
    )  # fmt: skip
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
