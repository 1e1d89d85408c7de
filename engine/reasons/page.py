"""The page that explains one target: plain lines that fit on one sheet of paper.

Owns: its words and columns of figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np

from engine.plan import BUILT_IN, TURNAROUND, Metrics, Plan
from engine.reasons.bridge import Bridge, Line, Node, Peers
from engine.reasons.terms import WHOLE_UNITS
from engine.trees import ROOT
from solver.frozen import frozen

WIDTH = 80
"""Characters of a line: what a sheet of A4 or Letter holds in a printer's own type."""

_FIGURE = 14
_LEAST_PART = 0.5
_LABEL = WIDTH - _FIGURE - 2


@frozen
class Scale:
    """How figures are written: times ``factor``, with so many digits.

    shares : whether changes are told as shares
    """

    factor: float = 1.0
    digits: int = 0
    shares: bool = True

    @property
    def least(self) -> float:
        """The least amount that shows."""
        return 0.5 * 10.0**-self.digits / self.factor


def scale_of(metrics: Metrics, metric: int) -> Scale:
    """Return how figures of a metric are written: shares in points, hours and averages with decimals, items whole."""
    if metric in BUILT_IN:
        return Scale(1.0, 1, shares=metric != TURNAROUND)
    if metrics.kinds[metric] != "rate":
        return Scale()
    return Scale(100.0, 2, shares=False) if metrics.units[metric] == "%" else Scale(1.0, 1)


@frozen
class Row:
    """One line of a page. figure : as it is shown, "" where there is none; is_sum : whether it is what lines come to.

    amount : float64, the figure as a number, nan where it is no change
    """

    words: str
    figure: str = ""
    amount: float = np.nan
    is_sum: bool = False
    is_part: bool = False


@frozen
class Page:
    """A page: its question, whose target it is, how it comes about, its peers, what would move it."""

    question: str
    whose: str
    bridge: tuple[Row, ...]
    peers: tuple[Row, ...]
    levers: tuple[Row, ...]


def page(plan: Plan, node: Node, bridge: Bridge, peers: Peers | None, levers: Sequence[tuple[str, float]]) -> Page:
    """Return the page. levers : what was changed, and by how much the target moved when all was solved again."""
    scale = scale_of(plan.metrics, node.metric)
    return Page(
        f"Why {_figure(bridge.target, scale)} {plan.metrics.unit(node.metric)}?",
        _whose(plan, node),
        tuple(_bridge_rows(bridge, scale)),
        tuple(_peer_rows(peers, scale, is_whole=node.org == ROOT and node.queue == ROOT)),
        tuple(_lever_rows(levers, scale)),
    )


def page_text(made: Page) -> str:
    """Return a page as lines of at most ``WIDTH`` characters."""
    lines = [made.question, made.whose]
    for rows in (made.bridge, made.peers, made.levers):
        lines += ["", *(line for row in rows for line in _lines(row).split("\n"))]
    return "\n".join(piece for line in lines for piece in _folded(line)).rstrip() + "\n"


def _lines(row: Row) -> str:
    """Return a row of a page: its words, and its figure where all figures stand."""
    if row.is_part:
        return f"        {row.words}: {row.figure}"
    if not row.figure:
        return row.words
    inset = "" if row.is_sum else "    "
    pieces = wrap(row.words, _LABEL, initial_indent=inset, subsequent_indent=inset + "  ", break_on_hyphens=False)
    return "\n".join([*pieces[:-1], f"{pieces[-1]:<{_LABEL}}  {row.figure:>{_FIGURE}}"])


def _folded(line: str) -> list[str]:
    """Return a line in pieces that fit on the page, further ones set in."""
    if len(line) <= WIDTH:
        return [line]
    inset = " " * (len(line) - len(line.lstrip()))
    return wrap(line, WIDTH, initial_indent=inset, subsequent_indent=inset + "  ", break_on_hyphens=False)


def _whose(plan: Plan, node: Node) -> str:
    words = [plan.metrics.name(node.metric)]
    words += [
        tree.path_of(at) if at != ROOT or tree.given[ROOT] else everything
        for tree, at, everything in (
            (plan.org, node.org, "all org"),
            (plan.queues, node.queue, "all queues"),
            (plan.periods, node.period, "the whole horizon"),
        )
    ]
    return " · ".join(words)


def _bridge_rows(bridge: Bridge, scale: Scale) -> list[Row]:
    figures = [bridge.history, *(line.amount for line in bridge.before)]
    before = _tied(figures, bridge.fair, scale)
    after = _tied([bridge.fair, *(line.amount for line in bridge.after)], bridge.target, scale)
    rows = [_sum(bridge.captions[0], before[0], scale)]
    for line, amount in zip(bridge.before, before[1:], strict=True):
        rows += _rows(line, amount, scale)
    rows.append(_sum(bridge.captions[1], after[0], scale))
    for line, amount in zip(bridge.after, after[1:], strict=True):
        rows += _rows(line, amount, scale)
    change = ""
    if bridge.history > 0 and scale.shares:
        change = f" ({_share(bridge.target / bridge.history - 1)} on {bridge.base})"
    return [*rows, _sum(f"{bridge.captions[2]}{change}", bridge.target, scale)]


def _tied(figures: Sequence[float], total: float, scale: Scale) -> list[float]:
    """Return figures rounded as they are shown that add up to the rounded total: steps of rounded running sums."""
    step = 10.0**-scale.digits / scale.factor
    running = np.round(np.cumsum(figures) / step)
    running[-1] = np.round(total / step)
    found: list[float] = (np.diff(running, prepend=0.0) * step).tolist()
    return found


def _rows(line: Line, amount: float, scale: Scale) -> list[Row]:
    parts = [
        Row(words, _figure(part, scale, signed=True), part, is_part=True)
        for words, part in line.parts
        if abs(part) >= min(scale.least, _LEAST_PART) and words not in (line.words, WHOLE_UNITS)
    ]
    if amount == 0 and not parts:
        return []
    return [Row(line.words, _figure(amount, scale, signed=True), amount), *parts]


def _sum(words: str, amount: float, scale: Scale) -> Row:
    return Row(words, _figure(amount, scale), amount, is_sum=True)


def _figure(amount: float, scale: Scale, *, signed: bool = False) -> str:
    shown = round(amount * scale.factor, scale.digits) + 0.0
    figure = f"{abs(shown):,.{scale.digits}f}"
    if signed:
        return f"{'+' if shown > 0 else '−' if shown < 0 else '±'}{figure}"
    return f"{'−' if shown < 0 else ''}{figure}"


def _share(amount: float) -> str:
    return f"{amount:+.1%}".replace("-", "−")


def _peer_rows(peers: Peers | None, scale: Scale, *, is_whole: bool) -> list[Row]:
    if is_whole:
        return [Row("Peers: none, for this is all there is.")]
    told = _share if scale.shares else lambda amount: f"{_figure(amount, scale, signed=True)} points"
    if peers is None:
        return [Row("Peers: fewer than three with history; not shown, for that would name them.")]
    low, middle, high = (told(float(np.quantile(peers.changes, at))) for at in (0, 0.5, 1))
    kind = f"{peers.level.casefold()} " if peers.level else ""
    count = peers.lower
    less = "none changes by less" if count == 0 else f"{count} change{'s' if count == 1 else ''} by less"
    return [
        Row(f"Beside {len(peers.changes)} {kind}peers (change on their history, without names):"),
        Row(f"  lowest {low} · middle {middle} · highest {high} · yours {told(peers.own)}; {less}"),
    ]


def _lever_rows(levers: Sequence[tuple[str, float]], scale: Scale) -> list[Row]:
    if not levers:
        return [Row("Nothing that was tried, one change at a time, would move it.")]
    rows = [Row("What would lower or raise it (each solved again, all else as it is):")]
    return [*rows, *(Row(words, _figure(change, scale, signed=True), change) for words, change in levers)]
