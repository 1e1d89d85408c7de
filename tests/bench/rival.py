"""The rival: what people write today for the same plan: pandas reads, PuLP and CBC solve, openpyxl writes.

The same deviation model as ours in one piece: hours, targets with a miss that costs, deviations in three segments, one
variable and one Python object for each. Called with: book, output, seconds that CBC may take.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import openpyxl
import pandas
import pulp

SEGMENTS = ((0.02, 0.02), (0.08, 0.12), (None, 0.6))
MISS = 1e3


def ancestors(table: pandas.DataFrame, key: str) -> dict[str, list[str]]:
    """Return each node's own id and those above it."""
    above = dict(zip(table[key], table["Parent"], strict=True))
    found = {}
    for node in above:
        path, at = [], node
        while isinstance(at, str):
            path.append(at)
            at = above.get(at)
        found[node] = path
    return found


def main() -> None:
    """Read, solve, write."""
    book, output, limit = sys.argv[1:]
    sheets = pandas.read_excel(book, sheet_name=None)
    org, queues, periods = (
        ancestors(sheets[name], key) for name, key in (("Org", "Node"), ("Queues", "Node"), ("Periods", "Period"))
    )
    seconds = dict(zip(sheets["Queues"]["Node"], sheets["Queues"]["Handle time (s)"], strict=True))
    baseline = sheets["Baseline"]
    baseline["Period"] = baseline["Period"].str.replace("2025", "2026")
    asked = sheets["Targets"]
    growth = float(asked["Value"].iloc[0]) / float(baseline["Value"].sum())
    program = pulp.LpProblem("plan", pulp.LpMinimize)
    cost, cells, of_row = [], [], defaultdict(list)
    for row in baseline.itertuples():
        fair = row.Value * growth
        terms = []
        for sign in (1, -1):
            for at, (width, slope) in enumerate(SEGMENTS):
                most = width * fair if width else (None if sign > 0 else fair * 0.9)
                part = pulp.LpVariable(f"d{len(cells)}_{sign + 1}_{at}", 0, most)
                terms.append(sign * part)
                cost.append(slope * seconds[row.Queue] / 3600 * part)
        value = fair + pulp.lpSum(terms)
        cells.append((row, value))
        for who in org[row.Org]:
            of_row["hours", who, row.Period].append(seconds[row.Queue] / 3600 * value)
        for what in [None, *queues[row.Queue]]:
            for when in [None, *periods[row.Period]]:
                of_row["asked", what, when].append(value)
    for row in sheets["Capacity"].itertuples():
        program += pulp.lpSum(of_row["hours", row.Org, row.Period]) <= row.Hours
    for at, row in enumerate(asked.itertuples()):
        what, when = (each if isinstance(each, str) else None for each in (row.Queue, row.Period))
        short = pulp.LpVariable(f"short{at}", 0)
        cost.append(MISS / row.Priority * short)
        program += pulp.lpSum(of_row["asked", what, when]) + short >= row.Value
    program.setObjective(pulp.lpSum(cost))
    program.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=float(limit)))
    result = openpyxl.load_workbook(book)
    sheet = result.create_sheet("Cascade")
    sheet.append(["Metric", "Org", "Queue", "Period", "Target"])
    for row, value in cells:
        sheet.append([row.Metric, row.Org, row.Queue, row.Period, pulp.value(value)])
    result.save(output)


if __name__ == "__main__":
    main()
