"""What a batch came to, as one page: to be mailed, printed, read in a browser without a network.

Owns: its order, the gravest first, and what it says of each workbook.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.outcome import ORDER_OF_STATUS, ExitStatus
from workbooks.batch.journal import BookResult
from workbooks.batch.words import WORDS, count_words, first_problem, workbooks
from workbooks.page.looks import STYLE
from workbooks.page.markup import Markup, tag, trusted

_COLOUR = {ExitStatus.DONE: "green", ExitStatus.TARGET_MISSED: "amber", ExitStatus.LIMITS_BROKEN: "amber"}
_HEADERS = (("Workbook", ""), ("Came to", ""), ("Targets met", "n"), ("Numbers changed", "n"), ("To look at", ""))
_OURS = (
    "td p{margin:0}.status{white-space:nowrap}"
    "tbody th{white-space:normal;text-align:left;min-width:9rem;overflow-wrap:anywhere}"
)


def batch_page(results: Sequence[BookResult], when: str) -> str:
    """Return the page. when : day and time for its head, "" for none."""
    title = workbooks(len(results))
    told = " · ".join(each for each in (when, count_words(results)) if each)
    heads = [tag("th", text, scope="col", class_=kind or None) for text, kind in _HEADERS]
    gravest = sorted(results, key=lambda each: ORDER_OF_STATUS.index(each.status))
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *map(_row, gravest)))
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width"),
        tag("title", f"Batch: {told}"),
        tag("style", trusted(STYLE + _OURS)),
    )
    body = tag("body", tag("h1", title), tag("p", told, class_="quiet"), tag("div", table, class_="wide"))
    return "<!doctype html>" + tag("html", head, body, lang="en") + "\n"


def _row(result: BookResult) -> Markup:
    made, status = result.said.result, result.status
    met = "" if made is None else f"{made.targets_met:,} of {made.targets:,}"
    changed = "" if made is None else f"{made.numbers_changed:,}"
    earlier = "done before, unchanged since" if result.from_earlier else ""
    broken = f"{made.limits_broken:,} limits broken" if made is not None and made.limits_broken else ""
    word = tag("span", WORDS[status], class_=f"status {_COLOUR.get(status, 'red')}")
    quiet = [tag("p", each, class_="quiet") for each in (broken, earlier) if each]
    return tag(
        "tr",
        tag("th", result.book, scope="row"),
        tag("td", tag("p", word), *quiet),
        tag("td", met, class_="n"),
        tag("td", changed, class_="n"),
        tag("td", *_finding(result)),
    )


def _finding(result: BookResult) -> list[Markup]:
    code, where, found, mend = first_problem(result)
    if not code:
        return []
    place = f" {where}:" if where else ""
    return [tag("p", tag("b", code), f"{place} {found}"), tag("p", mend, class_="quiet")]
