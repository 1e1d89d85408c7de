"""Our charts follow the rows they belong to; what people put beside them stays."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from lxml import etree

from tests.workbooks.achievement import ACTUALS, plan_book
from tests.workbooks.books import as_saved, opened
from workbooks.load.load_table import LoadOptions, load_table
from workbooks.load.sources import Source, read_source
from workbooks.package.chart_frames import own_frames, rearranged
from workbooks.package.chart_part import drawing_xml
from workbooks.package.namespaces import Dialect
from workbooks.package.xml import parsed
from workbooks.tabs.model import Chart, Series
from workbooks.variance_run import variance

SERIES = (Series("Actual", "Review!$N$2:$N$4", "Review!$O$2:$O$4", "1F2933"),)


def _chart(row: int) -> Chart:
    return Chart("a message", row, 1, 400, 200, SERIES)


PLAIN = Dialect(is_strict=False)


def _rows(drawing: bytes) -> dict[int, list[str]]:
    return {number: re.findall(r"row>(\d+)<", _text(anchor)) for number, anchor in own_frames(parsed(drawing))}


def _text(anchor: etree._Element) -> str:
    return etree.tostring(anchor).decode()


def _never(chart: Chart) -> str:
    raise AssertionError("no chart is to be added")


def test_a_frame_moves_to_the_row_of_its_chart() -> None:
    drawing = drawing_xml([_chart(5), _chart(20)], ["rId1", "rId2"]).encode()
    moved = rearranged(drawing, [_chart(5), _chart(26)], PLAIN, _never)
    assert moved is not None
    assert _rows(moved) == {1: ["4"], 2: ["25"]}
    assert rearranged(moved, [_chart(5), _chart(26)], PLAIN, _never) is None


def test_frames_are_added_and_taken_out_and_pictures_of_people_stay() -> None:
    drawing = drawing_xml([_chart(5)], ["rId1"]).replace('name="target-cascade chart 1"', 'name="theirs"')
    more = rearranged(drawing.encode(), [_chart(9), _chart(30)], PLAIN, lambda chart: f"rId{chart.row}")
    assert more is not None
    assert _rows(more) == {1: ["8"], 2: ["29"]}
    ids = re.findall(r'cNvPr id="(\d+)"', more.decode())
    assert len(set(ids)) == 3
    fewer = rearranged(more, [_chart(9)], PLAIN, _never)
    assert fewer is not None
    assert _rows(fewer) == {1: ["8"]}
    assert b'name="theirs"' in fewer


def test_charts_of_a_review_stand_below_its_sentences_whatever_is_said(tmp_path: Path) -> None:
    few = variance(plan_book(Actuals=[row for row in ACTUALS if row[3] != "2026-02"]))
    assert few.data is not None
    rows = tmp_path / "rows.csv"
    rows.write_text("\n".join(",".join(map(str, row)) for row in [ACTUALS[0], *ACTUALS[4:]]), encoding="utf-8")
    source = read_source(str(rows))
    assert isinstance(source, Source)
    loaded = load_table(few.data, "Actuals", source, LoadOptions(is_added=True))
    assert loaded.data is not None, loaded.issues
    more = variance(loaded.data)
    assert more.data is not None
    tops = [
        next(cell.row for cell in opened(data)["Review"]["A"] if cell.value == "To date")
        for data in (few.data, more.data)
    ]
    drawn = [_drawing_rows(data) for data in (few.data, more.data)]
    assert [row - tops[1] for row in drawn[1]] == [row - tops[0] for row in drawn[0]]
    assert min(drawn[1]) > tops[1]


def _drawing_rows(data: bytes) -> list[int]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/drawings/drawing")]
        texts = [package.read(name).decode() for name in names]
    assert any("target-cascade chart" in text for text in texts)
    return [int(row) for text in texts if "chart" in text for row in re.findall(r"<xdr:from>.*?row>(\d+)<", text, re.S)]


def test_the_numbers_beside_the_page_are_not_printed_and_peoples_own_area_stays() -> None:
    first = variance(plan_book())
    assert first.data is not None
    book = opened(first.data)
    assert re.fullmatch(r"'Review'!\$A\$1:\$L\$\d+", str(book["Review"].print_area))
    book["Review"].print_area = "A1:F20"
    again = variance(as_saved(book))
    assert again.data is not None
    assert str(opened(again.data)["Review"].print_area).endswith("$A$1:$F$20")
