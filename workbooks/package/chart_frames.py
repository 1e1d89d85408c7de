"""Where our charts stand in a drawing: they follow the rows they belong to; people's charts and pictures stay.

Owns: moving, adding and taking out the frames of our charts on a sheet that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from workbooks.package.chart_part import CHART_NAME, drawing_xml
from workbooks.package.namespaces import Dialect
from workbooks.package.xml import local_name, number_of, parsed, written
from workbooks.tabs.model import Chart

_MOST_DIGITS = 6


def own_frames(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Yield number and anchor of our charts in a drawing."""
    for anchor in root:
        if not any(local_name(each) == "graphicFrame" for each in anchor.iter()):
            continue
        name = next((each.get("name", "") for each in anchor.iter() if local_name(each) == "cNvPr"), "")
        number = name.removeprefix(CHART_NAME).strip()
        if name.startswith(CHART_NAME) and number.isdecimal() and len(number) <= _MOST_DIGITS:
            yield int(number), anchor


def rearranged(drawing: bytes, charts: Sequence[Chart], dialect: Dialect, add: Callable[[Chart], str]) -> bytes | None:
    """Return a drawing whose frames of ours fit these charts; None where they do already.

    Parameters
    ----------
    charts : as many as there should be, the first one is number 1
    add : makes the part of a chart, and returns the id of its relationship
    """
    root = parsed(drawing)
    present = dict(own_frames(root))
    is_changed = False
    for number, anchor in present.items():
        if number > len(charts):
            root.remove(anchor)  # its part stays, and is shown nowhere
            is_changed = True
        elif number > 0:
            is_changed |= _moved(anchor, charts[number - 1])
    for number in range(1, len(charts) + 1):
        if number not in present:
            root.append(_frame(root, charts[number - 1], number, dialect, add))
            is_changed = True
    return written(root) if is_changed else None


def _frame(
    root: etree._Element, chart: Chart, number: int, dialect: Dialect, add: Callable[[Chart], str]
) -> etree._Element:
    """Return the anchor of one more chart, under an id that nothing in the drawing has."""
    used = [number_of(each, "id") for each in root.iter() if local_name(each) == "cNvPr"]
    made = parsed(dialect.said(drawing_xml([chart], [add(chart)])).encode())
    anchor = made[0]
    named = next(each for each in anchor.iter() if local_name(each) == "cNvPr")
    named.set("name", f"{CHART_NAME} {number}")
    named.set("id", str(max(used, default=1) + 1))
    return anchor


def _moved(anchor: etree._Element, chart: Chart) -> bool:
    """Bring a frame to the row of its chart, in the column where it stands; return whether it stood elsewhere."""
    rows = {local_name(corner): row for corner in anchor for row in corner if local_name(row) == "row"}
    start = rows.get("from")
    if start is None or not (start.text or "").strip().isdecimal():
        return False
    shift = chart.row - 1 - int(start.text or "0")
    for row in rows.values():
        row.text = str(int(row.text or "0") + shift)
    return shift != 0
