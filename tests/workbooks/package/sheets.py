"""Small sheets of ours for tests of the package writer."""

from __future__ import annotations

import numpy as np

from workbooks.tabs.model import (
    Chart,
    ColourWhen,
    Column,
    DataBar,
    Formulas,
    Link,
    LooseCell,
    Series,
    Sheet,
    Style,
    Table,
)


def small_sheets(rows: int = 3) -> list[Sheet]:
    """Return two sheets with everything a sheet of ours can hold."""
    values = np.arange(float(rows))
    table = Table(
        "Cascade", 4, 1,
        [
            Column("Org", [f"Team {at}" for at in range(rows)], Style("@"), 20, "Who"),
            Column("Target", values, Style("#,##0")),
            Column("Double", Formulas([f"B{5 + at}*2" for at in range(rows)], values * 2), Style("#,##0.0")),
        ],
        outline=np.minimum(np.arange(rows), 7), emphasis=np.arange(rows) == 0,
    )  # fmt: skip
    cascade = Sheet(
        "Cascade", table, [LooseCell(1, 1, "Cascade", Style(bold=True, size=16))], [Link(5, 1, "'Summary'!A1", "back")],
        (5, 2), {8: 30.0}, {4: 30.0}, [DataBar(f"B5:B{4 + rows}", "B8C4D0")],
        [ColourWhen(f"B5:B{4 + rows}", "$B5>1", "FAD4D4", "7A1212")],
    )  # fmt: skip
    series = Series("Planned", "'Cascade'!$A$5:$A$7", "'Cascade'!$B$5:$B$7", "243B53", outlined=True)
    chart = Chart("Team 2 leads", 5, 4, 400, 240, [series])
    cells = [
        LooseCell(1, 1, "Summary"),
        LooseCell(2, 1, 3.0, formula="SUM('Cascade'!B5:B7)"),
        LooseCell(3, 1, "go", link="'Cascade'!A1"),
    ]
    return [Sheet("Summary", None, cells, charts=[chart], tab_colour="243B53"), cascade]
