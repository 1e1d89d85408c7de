"""The review as a page: complete, escaped, filtered, in a real browser."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from tests.browser import loaded, needs_browser, printed
from tests.workbooks.achievement import ACTUALS, BASELINE, ORG, PAIRS, plan_book
from workbooks.page.looks import STYLE
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


RATED = [
    ("Metric", "Kind", "Unit", "Weight"), ("Reviews", "volume", "items", None), ("Accuracy", "rate", "%", "Reviews")
]  # fmt: skip


@needs_browser
def test_filters_show_what_fits_and_say_how_many(tmp_path: Path) -> None:
    """Each filter alone: a queue, a status, a metric, whose part of the page is all that is left of the parts."""
    before = [("Accuracy", *pair, f"2025-0{month}", 0.95) for pair in PAIRS for month in (1, 2, 3, 4)]
    after = [("Accuracy", *pair, "2026-01", 0.9) for pair in PAIRS]
    html = _page(Metrics=RATED, Baseline=[*BASELINE, *before], Actuals=[*ACTUALS, *after])
    script = (
        "var f=document.getElementById('filter'),rows=[].slice.call(document.querySelectorAll('#rows tbody tr')),"
        "parts=[].slice.call(document.querySelectorAll('section[data-metric]')),said=[];"
        "function open(e){return !e.hidden}"
        "[['node','hate'],['status','red'],['metric','Accuracy']].forEach(function(pair){"
        "f.reset();f.elements[pair[0]].value=pair[1];f.dispatchEvent(new Event('input'));"
        "said.push([rows.filter(open).map(function(row){return [0,2,8].map(function(at){"
        "return row.cells[at].textContent})}),document.getElementById('shown').textContent,"
        "parts.filter(open).map(function(part){return part.dataset.metric})])});"
        "document.body.dataset.said=JSON.stringify(said)"
    )
    found = re.search(r'data-said="([^"]*)"', loaded(html, tmp_path, script))
    assert found is not None
    by_queue, by_status, by_metric = json.loads(unescape(found[1]))
    assert {queue for _, queue, _ in by_queue[0]} == {"Hate"}
    assert {status for *_, status in by_status[0]} == {"red"}
    assert {metric for metric, *_ in by_metric[0]} == {"Accuracy"}
    assert (by_queue[2], by_metric[2]) == (["Reviews", "Accuracy"], ["Accuracy"])
    for rows, words, _ in (by_queue, by_status, by_metric):
        shown, every = re.findall(r"\d+", words)
        assert 0 < int(shown) == len(rows) < int(every)


def _colours(theme: str) -> dict[str, tuple[float, ...]]:
    def channels(text: str) -> tuple[float, ...]:
        wide = text if len(text) == 6 else "".join(each * 2 for each in text)
        return tuple(int(wide[at : at + 2], 16) / 255 for at in (0, 2, 4))

    return {name: channels(code) for name, code in re.findall(r"--([a-z-]+):#([0-9a-f]{3,6})", theme)}


def _contrast(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """(L1 + 0.05) / (L2 + 0.05) of relative luminances, as WCAG 2 defines them."""

    def luminance(colour: tuple[float, ...]) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_words_keep_a_contrast_of_4_5_and_drawings_of_3_in_light_and_dark(theme: int) -> None:
    colours = _colours(STYLE.split("@media(prefers-color-scheme:dark)")[theme].split("*{")[0])
    words = [("ink", "ground"), ("quiet", "ground"), ("accent", "ground")]
    words += [(name, f"{name}-ground") for name in ("good", "watch", "bad")]
    for first, second in words:
        assert _contrast(colours[first], colours[second]) >= 4.5, (first, second)
    for drawn in ("bar", "bar-good", "bar-bad", "target", "focus"):
        assert _contrast(colours[drawn], colours["ground"]) >= 3, drawn


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
