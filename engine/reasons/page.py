"""The page that explains one target: plain lines that fit on one sheet of paper.

Owns: its words and columns of figures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.outcome import Outcome
from engine.plan import Plan
from engine.reasons.bridge import Bridge, Line, Node, Peers
from engine.reasons.terms import WHOLE_UNITS
from engine.trees import ROOT

WIDTH = 92
_FIGURE = 14
_LABEL = WIDTH - _FIGURE - 2


def page(outcome: Outcome, node: Node, bridge: Bridge, peers: Peers | None, levers: Sequence[tuple[str, float]]) -> str:
    """Return the page. levers : what was changed, and by how much the target moved when all was solved again."""
    lines = [
        f"Why {_figure(bridge.target)} {outcome.plan.metrics.unit(node.metric)}?",
        _whose(outcome.plan, node),
        "",
        *_bridge_lines(bridge),
        "",
        *_peer_lines(peers),
        "",
        *_lever_lines(levers),
    ]
    return "\n".join(lines).rstrip() + "\n"


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


def _bridge_lines(bridge: Bridge) -> list[str]:
    figures = [bridge.history, *(line.amount for line in bridge.before)]
    before = _tied(figures, bridge.fair)
    after = _tied([bridge.fair, *(line.amount for line in bridge.after)], bridge.target)
    lines = [_row("history of the periods that these are like", before[0], signed=False)]
    for line, amount in zip(bridge.before, before[1:], strict=True):
        lines += _line(line, amount)
    lines.append(_row("= fair share, if hours and limits were no matter", after[0], signed=False))
    for line, amount in zip(bridge.after, after[1:], strict=True):
        lines += _line(line, amount)
    change = f" ({_share(bridge.target / bridge.history - 1)} on history)" if bridge.history > 0 else ""
    return [*lines, _row(f"= target{change}", round(bridge.target), signed=False)]


def _tied(figures: Sequence[float], total: float) -> list[float]:
    """Return figures rounded to whole ones that add up to the rounded total: steps of rounded running sums."""
    running = np.round(np.cumsum(figures))
    running[-1] = round(total)
    found: list[float] = np.diff(running, prepend=0.0).tolist()
    return found


def _line(line: Line, amount: float) -> list[str]:
    parts = [
        f"      {words}: {_figure(part, signed=True)}"
        for words, part in line.parts
        if abs(part) >= 0.5 and words not in (line.words, WHOLE_UNITS)
    ]
    if amount == 0 and not parts:
        return []
    return [_row(f"  {line.words}", amount), *(part[:WIDTH] for part in parts)]


def _row(words: str, amount: float, *, signed: bool = True) -> str:
    return f"{words[:_LABEL]:<{_LABEL}}  {_figure(amount, signed=signed):>{_FIGURE}}"


def _figure(amount: float, *, signed: bool = False) -> str:
    whole = round(amount) + 0
    if signed:
        return f"{'+' if whole > 0 else '−' if whole < 0 else '±'}{abs(whole):,}"
    return f"{whole:,}".replace("-", "−")


def _share(amount: float) -> str:
    return f"{amount:+.1%}".replace("-", "−")


def _peer_lines(peers: Peers | None) -> list[str]:
    if peers is None:
        return ["Peers: fewer than three with history; not shown, for that would name them."]
    low, middle, high = (float(np.quantile(peers.changes, at)) for at in (0, 0.5, 1))
    kind = f"{peers.level.casefold()} " if peers.level else ""
    return [
        f"Beside {len(peers.changes)} {kind}peers (change on their history, without names):",
        f"  lowest {_share(low)} · middle {_share(middle)} · highest {_share(high)} · yours {_share(peers.own)}; "
        f"{peers.lower} change by less",
    ]


def _lever_lines(levers: Sequence[tuple[str, float]]) -> list[str]:
    if not levers:
        return ["Nothing that was tried would lower or raise it: its own hours, limits and targets leave it as it is."]
    lines = ["What would lower or raise it (each solved again, all else as it is):"]
    return [*lines, *(_row(f"  {words}", change) for words, change in levers)]
