"""The review as a page: headlines, drawings, heat map, what explains and blocks it, actions, and a table to filter.

Owns: its sections. The sentences are those of the Review tab.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.variance.attainment import Status
from engine.variance.heat import HeatMap, heat_map
from engine.variance.nodes import TOP, node_name
from engine.variance.review import MetricReview
from engine.variance.table import MetricTable, VarianceTable
from workbooks.page.drawings import AXIS_IS_CUT, bridge, trend
from workbooks.page.looks import SCRIPT, STYLE
from workbooks.page.markup import Markup, joined, tag, trusted
from workbooks.tabs.blocked_words import Blocker
from workbooks.tabs.metric_words import shown_change, shown_value
from workbooks.tabs.review_lists import Action
from workbooks.tabs.review_words import bridge_title, headline, quality, subtitle, trend_title
from workbooks.tabs.variance import node_id, period_label

MOST_ROWS = 3_000
"""Rows of the table; the workbook holds them all."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def review_page(
    table: VarianceTable,
    metrics: Sequence[MetricReview],
    blockers: Sequence[Blocker],
    actions: Sequence[Action],
) -> str:
    """Return the page as HTML."""
    title = f"Review: {table.plan.settings.plan_name or 'plan'}"
    body = tag(
        "body",
        tag("a", "Skip to the table", class_="skip", href="#rows"),
        tag(
            "header",
            tag("h1", title),
            tag("p", subtitle(table), class_="quiet"),
            tag("p", quality(table), class_="quiet"),
        ),
        tag(
            "main",
            *(_metric(table, one) for one in metrics),
            _listed("What blocked it", ("Metric and cause", "Amount", "Hours", "How"), _blocked_rows(table, blockers)),
            _listed("Actions", ("ID", "Finding", "Owner", "Due", "Status"), _action_rows(actions)),
            _rows(table),
        ),
        tag("script", trusted(SCRIPT)),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", trusted(STYLE)),
    )
    return "<!doctype html>\n" + tag("html", head, body, lang="en")


def _metric(table: VarianceTable, one: MetricReview) -> Markup:
    plan, metric = table.plan, one.table.metric
    name = plan.metrics.ids[metric]
    first, *others = headline(table, one)
    higher = bool(plan.metrics.higher_is_better[metric])
    steps = [
        (step.label, shown_change(plan, metric, step.change), step.change, (step.change > 0) == higher)
        for step in one.steps
    ]
    block = one.table.block
    values = {"Agreed": one.at_top(block.compared), "Actual": one.at_top(block.actual)}
    ends = [(label, shown_value(plan, metric, value), value) for label, value in values.items()]
    labels = [plan.periods.ids[node] for node in plan.periods.leaves.tolist()]
    drawn = [
        (bridge_title(table, one), bridge(steps, ends, first) if np.isfinite(values["Agreed"]) else None),
        (trend_title(table, one), trend(labels, one.trend, f"{name} by period. {trend_title(table, one)}.")),
    ]
    return tag(
        "section",
        tag("h2", name, " ", _status(int(one.table.status[TOP, TOP]))),
        tag("p", tag("strong", first)),
        *(tag("p", sentence) for sentence in others),
        *(_figure(caption, drawing) for caption, drawing in drawn if drawing is not None),
        _map(table, one, heat_map(plan, one.table, (20, 12))),
        _segments(table, one),
        data_metric=name,
    )


def _figure(caption: str, drawing: Markup) -> Markup:
    cut = " · axis cut" if AXIS_IS_CUT in drawing else ""
    return tag("figure", tag("figcaption", caption + cut), drawing)


def _status(status: int) -> Markup:
    word = Status(status).label
    return tag("span", word, class_=f"status {word.split()[0]}")


def _map(table: VarianceTable, one: MetricReview, found: HeatMap) -> Markup:
    plan, metric = table.plan, one.table.metric
    is_rate = plan.metrics.kinds[metric] == "rate"
    what = "variance" if is_rate else "attainment"
    head = tag("tr", tag("th", "", scope="col"), *(
        tag("th", plan.queues.names[queue], scope="col", class_="n") for queue in found.queues
    ))  # fmt: skip
    rows = []
    for at, org in enumerate(found.orgs):
        cells = []
        for value, status in zip(found.value[at].tolist(), found.status[at].tolist(), strict=True):
            if not np.isfinite(value):
                cells.append(tag("td", "", class_="n"))
                continue
            words = shown_change(plan, metric, value) if is_rate else f"{value:.0%}"
            label = Status(status).label
            cells.append(tag("td", words, class_=f"n {label}", title=label))
        rows.append(tag("tr", tag("th", plan.org.names[org], scope="row"), *cells))
    caption = f"{plan.metrics.ids[metric]}: {what} to date, org by queue"
    return _scrolled(tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows)), caption)


def _segments(table: VarianceTable, one: MetricReview) -> Markup | None:
    if not one.segments:
        return None
    plan, metric = table.plan, one.table.metric
    told = [(node_name(plan, one.table.nodes, each.node), each.variance, each.power) for each in one.segments]
    items = [tag("li", f"{name}: {shown_change(plan, metric, change)} ({power:.0%})") for name, change, power in told]
    return joined([tag("h3", f"The fewest that explain most, by {one.level}"), tag("ol", *items)])


def _blocked_rows(table: VarianceTable, blockers: Sequence[Blocker]) -> list[tuple[str, ...]]:
    names = table.plan.metrics.ids
    return [
        (
            f"{names[one.table.metric]} · {one.cause}",
            f"{one.amount:,.0f}" if np.isfinite(one.amount) else "",
            f"{one.hours:,.1f}" if np.isfinite(one.hours) else "",
            f"{one.how} ({one.most:,.0f})" if np.isfinite(one.most) else one.how,
        )
        for one in blockers
    ]


def _action_rows(actions: Sequence[Action]) -> list[tuple[str, ...]]:
    ordered = sorted(actions, key=lambda each: (not each.is_overdue, each.due, each.id))
    return [
        (each.id, each.finding, each.owner, each.due, "overdue" if each.is_overdue else each.status) for each in ordered
    ]


def _listed(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    head = tag("tr", *(tag("th", header, scope="col") for header in headers))
    body = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    empty = None if rows else tag("p", "none", class_="quiet")
    shown = _scrolled(tag("table", tag("thead", head), tag("tbody", *body)), title) if rows else None
    return tag("section", tag("h2", title), empty, shown)


def _scrolled(inner: Markup, words: str) -> Markup:
    """Return a table that scrolls by itself where it is too wide, by keyboard, too."""
    return tag("div", inner, class_="wide", tabindex="0", role="region", aria_label=words)


def _rows(table: VarianceTable) -> Markup:
    plan = table.plan
    names = [plan.metrics.ids[each.metric] for each in table.metrics]
    form = tag(
        "form",
        _choice("metric", "Metric", names),
        tag("label", "Team, queue or period", tag("input", name="node", type="search", autocomplete="off")),
        _choice("status", "Status", [Status(each).label for each in (Status.RED, Status.AMBER, Status.GREEN)]),
        tag("p", "", id="shown", role="status", aria_live="polite"),
        id="filter",
        hidden="",
    )
    headers = ("Metric", "Org", "Queue", "Period", "Agreed", "Actual", "Variance", "Attainment", "Status")
    head = tag(
        "tr", *(tag("th", name, scope="col", class_="n" if 4 <= at < 8 else None) for at, name in enumerate(headers))
    )
    body, total = _body(table)
    more = tag("p", f"The first {MOST_ROWS:,} of {total:,} rows; the workbook holds them all.", class_="quiet")
    inner = tag("table", tag("caption", "To date and by period"), tag("thead", head), tag("tbody", *body))
    return tag(
        "section",
        tag("h2", "All rows"),
        form,
        more if total > MOST_ROWS else None,
        tag("div", inner, class_="wide", tabindex="0", role="region", aria_label="All rows", id="rows"),
    )


def _choice(name: str, words: str, options: Sequence[str]) -> Markup:
    every = tag("option", "all", value="")
    return tag("label", words, tag("select", every, *(tag("option", each, value=each) for each in options), name=name))


def _body(table: VarianceTable) -> tuple[list[Markup], int]:
    plan, periods = table.plan, table.periods
    labels = [
        period_label(plan, node, is_to_date=open_)
        for node, open_ in zip(periods.node.tolist(), periods.is_to_date.tolist(), strict=True)
    ]
    rows: list[Markup] = []
    total = 0
    for each in table.metrics:
        there = np.argwhere(each.is_there)
        total += len(there)
        listed = there[: max(MOST_ROWS - len(rows), 0)].tolist()
        rows += [_row(table, each, (node, at), labels[at]) for node, at in listed]
    return rows, total


def _row(table: VarianceTable, each: MetricTable, cell: tuple[int, int], period: str) -> Markup:
    plan, metric, block = table.plan, each.metric, each.block
    node, at = cell
    org, queue = int(each.nodes.org[node]), int(each.nodes.queue[node])
    keys = (node_id(plan.org, org), node_id(plan.queues, queue), period)
    name, status = plan.metrics.ids[metric], Status(int(each.status[node, at])).label
    agreed, actual, change, good = (
        float(values[node, at]) for values in (block.compared, block.actual, block.variance, each.attainment)
    )
    numbers = (
        shown_value(plan, metric, agreed) if np.isfinite(agreed) else "",
        shown_value(plan, metric, actual) if np.isfinite(actual) else "",
        shown_change(plan, metric, change) if np.isfinite(change) else "",
        f"{good:.1%}" if np.isfinite(good) else "",
    )
    return tag(
        "tr",
        *(tag("td", word) for word in (name, *keys)),
        *(tag("td", word, class_="n") for word in numbers),
        tag("td", tag("span", status, class_=f"status {status.split()[0]}")),
        data_metric=name,
        data_node=" ".join(keys).casefold(),
        data_status=status,
    )
