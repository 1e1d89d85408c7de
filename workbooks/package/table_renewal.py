"""The part of a table that stands, brought to a new range and new columns.

Names and ids stay, so that structured references, pivots and slicers on it keep working. Columns that people added at
its right edge stay in it, and so does a total row.

Owns: what of a table's part changes when our records do.
"""

from __future__ import annotations

from lxml import etree

from workbooks.addresses import cell_name
from workbooks.package.namespaces import MAIN, Dialect
from workbooks.package.old_sheet import Rectangle
from workbooks.package.table_part import table_range
from workbooks.package.texts import escaped
from workbooks.package.xml import number_of, parsed, written
from workbooks.tabs.model import Table


def has_total_row(part: bytes) -> bool:
    """Whether people switched a total row on."""
    return number_of(parsed(part), "totalsRowCount") > 0


def renewed_table(part: bytes, table: Table, old_range: str, dialect: Dialect) -> bytes | None:
    """Return the part of a table as it is to be; None where it stays as it is, or is another table beside ours.

    Parameters
    ----------
    old_range : of our table as it was written, without what people added
    """
    root = parsed(part)
    if root.get("ref", "").partition(":")[0] != old_range.partition(":")[0]:
        return None
    container = root.find(dialect.tag("tableColumns"))
    if container is None:
        return None
    columns = list(container)
    added = columns[_width(old_range) :]
    names = [column.header for column in table.columns]
    ours = Rectangle.of(table_range(table))
    right = ours.right + len(added)
    bottom = ours.bottom + number_of(root, "totalsRowCount")
    covered = f"{cell_name(ours.top, ours.left)}:{cell_name(bottom, right)}"
    is_same_order = [each.get("name") for each in columns[: len(columns) - len(added)]] == names
    if root.get("ref") == covered and is_same_order:
        return None
    root.set("ref", covered)
    if not is_same_order:
        _exchange_columns(container, names, added, dialect)
    filtered = f"{cell_name(ours.top, ours.left)}:{cell_name(ours.bottom, right)}"
    _renew_filter(root, filtered, columns, container, dialect)
    return written(root)


def _width(reference: str) -> int:
    area = Rectangle.of(reference)
    return area.right - area.left + 1


def _exchange_columns(
    container: etree._Element, names: list[str], added: list[etree._Element], dialect: Dialect
) -> None:
    """Put our columns in their new order; those that were there keep their ids and what people set of them."""
    known = {each.get("name", ""): each for each in container}
    free = max((number_of(each, "id") for each in container), default=0)
    columns = []
    for name in names:
        column = known.get(name)
        if column is None or column in added:
            free += 1
            xml = f'<tableColumn xmlns="{MAIN}" id="{free}" name="{escaped(name)}"/>'
            column = parsed(dialect.said(xml).encode())
        columns.append(column)
    container[:] = [*columns, *added]
    container.set("count", str(len(container)))


def _renew_filter(
    root: etree._Element, covered: str, before: list[etree._Element], container: etree._Element, dialect: Dialect
) -> None:
    """Let the filter cover the records; its columns are counted from the left, and move with their headers.

    An order that people sorted by is forgotten: the records stand in ours again.
    """
    place_of = {column.get("name"): at for at, column in enumerate(container)}
    for filtered in root.iterchildren(dialect.tag("autoFilter")):
        filtered.set("ref", covered)
        for column in list(filtered.iterchildren(dialect.tag("filterColumn"))):
            at = number_of(column, "colId")
            name = before[at].get("name") if at < len(before) else None
            if name in place_of:
                column.set("colId", str(place_of[name]))
            else:
                filtered.remove(column)
        _forget_order(filtered, dialect)
    _forget_order(root, dialect)


def _forget_order(element: etree._Element, dialect: Dialect) -> None:
    for order in list(element.iterchildren(dialect.tag("sortState"))):
        element.remove(order)
