"""The explanation of one target as a page to print: one sheet of A4 or Letter, readable offline, light and dark.

Owns: its table and the bar beside each change. The sentences are those of ``engine.reasons.page``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.reasons.page import Page, Row
from workbooks.page.looks import STYLE
from workbooks.page.markup import Markup, tag, trusted

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_STYLE = """
body{max-width:52rem}h1{font-size:1.75rem}h2{font-size:1.05rem;margin:1.25rem 0 .25rem}.sum>*{font-weight:600;
border-top:2px solid var(--quiet)}.part>*{color:var(--quiet);border-bottom:0;padding-top:0;padding-bottom:0}
.term th,.lever th{padding-left:1.5rem}.part th{padding-left:3rem}tbody th{white-space:normal;font-weight:400}
.sum th{font-weight:600}td.bar-of{width:32%;padding:0 .5rem;vertical-align:middle}
td.bar-of svg{display:block;width:100%;height:.8rem}footer{margin-top:1.25rem}
@media print{body{font-size:11pt}@page{size:auto;margin:15mm}h1{font-size:18pt}h2{font-size:12pt}}
"""

_HALF = 100.0  # units from the middle of a bar's box to its end


def explain_page(made: Page, source: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    source : which workbook it explains, and whether that holds it
    """
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{made.question} {made.whose}"),
        tag("style", trusted(STYLE + _STYLE)),
    )
    heading, *levers = made.levers
    beside, *changes = made.peers
    body = tag(
        "body",
        tag("header", tag("h1", made.question), tag("p", made.whose, class_="quiet")),
        tag(
            "main",
            _table("How it comes about", made.bridge, _rank),
            tag("h2", beside.words.rstrip(":") if changes else "Peers"),
            *(tag("p", row.words.strip()) for row in (changes or [beside])),
            _table(heading.words.rstrip(":"), levers, lambda row: "lever") if levers else tag("p", heading.words),
        ),
        tag("footer", tag("p", source, class_="quiet")),
    )
    return "<!doctype html>\n" + tag("html", head, body, lang="en")


def _rank(row: Row) -> str:
    return "sum" if row.is_sum else "part" if row.is_part else "term"


def _table(caption: str, rows: Sequence[Row], rank: Callable[[Row], str]) -> Markup:
    changes = [abs(row.amount) for row in rows if not row.is_sum and np.isfinite(row.amount)]
    largest = max(changes, default=0.0)
    return tag(
        "section",
        tag("h2", caption),
        tag("table", tag("tbody", *(_row(row, rank(row), largest) for row in rows))),
    )


def _row(row: Row, rank: str, largest: float) -> Markup:
    bar = _bar(row.amount, largest) if rank in ("term", "lever") and largest > 0 else None
    return tag(
        "tr",
        tag("th", row.words, scope="row"),
        tag("td", row.figure, class_="n"),
        tag("td", bar, class_="bar-of", aria_hidden="true"),
        class_=rank,
    )


def _bar(amount: float, largest: float) -> Markup:
    """Return a bar from the middle: to the right what raises, to the left what lowers."""
    width = _HALF * abs(amount) / largest
    return tag(
        "svg",
        tag(
            "rect", class_="bar" if amount > 0 else "earlier", x=0 if amount > 0 else -width, y=1, width=width, height=8
        ),
        tag("line", class_="axis", x1=0, x2=0, y1=0, y2=10),
        viewBox=f"{-_HALF:g} 0 {2 * _HALF:g} 10",
        preserveAspectRatio="none",
    )
