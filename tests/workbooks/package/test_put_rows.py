"""Rows put into a sheet as text: those that are alike at once, odd ones cell by cell, with the same result."""

from __future__ import annotations

import re

import numpy as np
import pytest

from workbooks.package.old_sheet import Rectangle
from workbooks.package.put_rows import Put, put_rows
from workbooks.package.xml import XmlError

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>Org</t></is></c><c r="B1" t="inlineStr"><is><t>Value</t></is></c></row>'
    b'<row r="2" spans="1:3"><c r="A2" s="3" t="inlineStr"><is><t>A</t></is></c><c r="B2" s="4"><v>1</v></c></row>'
    b'<row r="3" ht="20" customHeight="1"><c r="A3" s="5"/><c r="B3"><v>2</v></c></row>'
    b'<row r="4"/>'
    b'<row r="5"><c r="B5" s="4"><v>3</v></c></row>'
    b'<row r="6"><c r="A6" t="inlineStr"><is><t>old</t></is></c><c r="B6" s="4"><v>9</v></c></row>'
)


def _sheet(rows: bytes) -> bytes:
    return b'<worksheet xmlns="' + MAIN + b'"><dimension ref="A1:B6"/><sheetData>' + rows + b"</sheetData></worksheet>"


def _put(count: int = 4, formulas: dict[int, str] | None = None) -> Put:
    org = np.array(["B & C", None, "=x", "ä"][:count], dtype=object)
    value = np.array([7.0, 0.125, None, 1e9][:count], dtype=object)
    columns = {1: org, 2: value}
    for column in formulas or {}:
        columns.pop(column)
    return Put(Rectangle(2, 1, 6, 2), 2, columns, count, formulas or {})


def _odd(rows: bytes) -> bytes:
    """Return the same rows with the attributes of cells in another order."""
    return re.sub(rb'<c r="(\w+)" s="(\d+)"', rb'<c s="\2" r="\1"', rows)


@pytest.mark.parametrize("rows", [ROWS, ROWS.replace(b'<row r="4"/>', b""), b""])
def test_rows_that_are_alike_and_odd_ones_come_to_the_same(rows: bytes) -> None:
    assert put_rows(_sheet(rows), _put()) == put_rows(_sheet(_odd(rows)), _put())


def test_formats_stay_contents_change_and_what_is_left_over_is_emptied() -> None:
    made = put_rows(_sheet(ROWS), _put())
    assert b'<row r="2"><c r="A2" s="3" t="inlineStr">' in made
    assert b'<c r="B2" s="4"><v>7</v></c>' in made
    assert b'<row r="3" ht="20" customHeight="1"><c r="A3" s="5"/><c r="B3" s="4"><v>0.125</v></c></row>' in made
    assert b"B &amp; C" in made
    assert made.count(b"<row ") == 6
    assert b'<row r="6"><c r="B6" s="4"/></row>' in made


def test_a_cell_beside_the_table_stays_where_it_is() -> None:
    beside = ROWS.replace(b"<v>1</v></c></row>", b'<v>1</v></c><c r="D2"><v>42</v></c></row>')
    assert b'<c r="B2" s="4"><v>7</v></c><c r="D2"><v>42</v></c></row>' in put_rows(_sheet(beside), _put())


def test_a_calculated_column_keeps_its_formulas_and_continues_them() -> None:
    calculated = ROWS.replace(b'<c r="B2" s="4"><v>1</v></c>', b'<c r="B2" s="4"><f>1+1</f><v>2</v></c>')
    made = put_rows(_sheet(calculated), _put(formulas={2: "1+1"}))
    assert b'<c r="B2" s="4"><f>1+1</f><v>2</v></c>' in made
    assert b'<row r="4"><c r="A4" s="3" t="inlineStr">' in made
    assert b'<c r="B4" s="4"><f>1+1</f></c>' in made


def test_a_row_that_does_not_end_is_an_error() -> None:
    with pytest.raises(XmlError, match="without an end"):
        put_rows(_sheet(ROWS.replace(b"</row>", b"")), _put())
