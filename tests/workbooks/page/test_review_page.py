"""The review as a page: complete, escaped, filtered, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser import loaded, needs_browser, printed
from tests.workbooks.achievement import ACTUALS, BASELINE, ORG, plan_book
from workbooks.page.markup import tag
from workbooks.variance_run import page

EVIL = "<script>document.title='broken'</script>"


def _page(**tables: object) -> str:
    made = page(plan_book(**tables))  # type: ignore[arg-type]
    assert made.html is not None, made.issues
    return made.html


def _evil() -> str:
    def renamed(rows: object) -> list[tuple[object, ...]]:
        return [tuple(EVIL if cell == "B" else cell for cell in row) for row in rows]  # type: ignore[attr-defined]

    return _page(
        Org=renamed(ORG), Baseline=renamed(BASELINE), Actuals=renamed(ACTUALS),
        Settings=[("Setting", "Value"), ("Plan name", "\"><img src=x onerror=\"document.title='broken'\">")],
    )  # fmt: skip


def test_an_element_cannot_be_broken_out_of() -> None:
    assert tag("p", "<b>&", title='"x"') == '<p title="&quot;x&quot;">&lt;b&gt;&amp;</p>'


def test_the_page_holds_what_the_tab_says_and_loads_nothing() -> None:
    html = _page()
    assert "Reviews: 1,140 against 1,200 agreed, −60, attainment 95.0%: amber." in html
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:|//)", html)
    assert "default-src 'none'" in html


def test_every_table_and_drawing_tells_what_it_is() -> None:
    html = _page()
    assert len(re.findall(r"<svg[^>]*aria-label=", html)) == html.count("<svg") == 2
    assert html.count("<th ") == len(re.findall(r"<th [^>]*scope=", html))
    assert '<html lang="en">' in html


@needs_browser
def test_whatever_a_cell_holds_is_text_in_a_browser(tmp_path: Path) -> None:
    dom = loaded(_evil(), tmp_path)
    assert "<title>Review:" in dom
    assert "broken" not in dom.partition("<title>")[2].partition("</title>")[0].replace("document.title='broken'", "")
    assert dom.count("<script>") == 2  # the page's own, and the test's


@needs_browser
@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [("node", "hate", ("Hate", "Hate")), ("status", "red", None), ("metric", "Reviews", None)],
)
def test_filters_show_what_fits_and_say_how_many(
    field: str, value: str, seen: tuple[str, str] | None, tmp_path: Path
) -> None:
    script = (
        f"var f=document.getElementById('filter');f.elements['{field}'].value='{value}';"
        "f.dispatchEvent(new Event('input'));"
        "var rows=[].slice.call(document.querySelectorAll('#rows tbody tr'));"
        "function said(row){return row.cells[2].textContent+'|'+row.cells[8].textContent}"
        "document.body.dataset.shown=rows.filter(function(row){return !row.hidden}).map(said).join(';')"
    )
    dom = loaded(_page(), tmp_path, script)
    found = re.search(r'data-shown="([^"]*)"', dom)
    assert found is not None
    rows = [row.split("|") for row in found[1].split(";")]
    assert rows
    said = re.search(r'id="shown"[^>]*>(\d+) of (\d+) rows', dom)
    assert said is not None
    assert int(said[1]) == len(rows) <= int(said[2])
    if field == "node":
        assert {queue for queue, _ in rows} == {"Hate"}
    if field == "status":
        assert {status for _, status in rows} == {"red"}


@needs_browser
def test_the_page_prints(tmp_path: Path) -> None:
    assert printed(_page(), tmp_path).startswith(b"%PDF")


@needs_browser
def test_everything_can_be_reached_by_keyboard(tmp_path: Path) -> None:
    script = (
        "document.body.dataset.reach=[].map.call(document.querySelectorAll('a,select,input,[tabindex]'),"
        "function(e){return e.tabIndex}).join(',')"
    )
    found = re.search(r'data-reach="([^"]*)"', loaded(_page(), tmp_path, script))
    assert found is not None
    assert {int(each) for each in found[1].split(",")} == {0}
