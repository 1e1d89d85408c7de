"""The part that makes a range an Excel table.

Owns: its XML, and which range a table covers.
"""

from __future__ import annotations

from workbooks.addresses import cell_name
from workbooks.package.namespaces import MAIN
from workbooks.package.texts import escaped
from workbooks.tabs.model import Table


def table_range(table: Table) -> str:
    """Return the range of a table; one without records covers one empty row, for Excel knows no other."""
    last = table.top + max(table.length, 1)
    return f"{cell_name(table.top, table.left)}:{cell_name(last, table.left + len(table.columns) - 1)}"


def table_xml(table: Table, name: str, number: int) -> str:
    """Return the part of a table. number : unique in the book."""
    covered = table_range(table)
    columns = "".join(
        f'<tableColumn id="{at}" name="{escaped(column.header)}"/>' for at, column in enumerate(table.columns, start=1)
    )
    return (
        f'<table xmlns="{MAIN}" id="{number}" name="{escaped(name)}" displayName="{escaped(name)}" ref="{covered}" '
        f'totalsRowShown="0"><autoFilter ref="{covered}"/><tableColumns count="{len(table.columns)}">{columns}'
        '</tableColumns><tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" '
        'showColumnStripes="0"/></table>'
    )
