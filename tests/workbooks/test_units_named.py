"""TC555 names the cell that holds a part of a unit, and shows that part."""

from __future__ import annotations

from tests.workbooks.books import SMALL, book
from workbooks.addresses import reference
from workbooks.run import read_plan


def test_each_end_of_a_limit_between_two_units_is_named_in_its_own_cell_with_its_decimals() -> None:
    limits = [("Metric", "Org", "Min", "Max"), ("Reviews", "Team A", 240000.4, 240000.6), ("Reviews", "Lisbon", 3, 9.5)]
    issues = read_plan(book({**SMALL, "Limits": limits})).issues
    told = [(reference(each.place), each.found.rpartition(": ")[2]) for each in issues if each.code == "TC555"]
    assert told == [("'Limits'!C2", "240,000.4"), ("'Limits'!D2", "240,000.6"), ("'Limits'!D3", "9.5")]
