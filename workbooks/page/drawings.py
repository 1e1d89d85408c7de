"""Drawings of the page as SVG, in IBCS notation: actual solid, agreed outlined, forecast hatched, earlier light.

Owns: their geometry. Every drawing says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.variance.endings import Trend
from workbooks.page.markup import Markup, joined, tag

_WIDTH, _HEIGHT, _TOP, _BOTTOM = 720.0, 240.0, 24.0, 44.0
_LABEL = 15

AXIS_IS_CUT = " The axis is cut."
"""What a drawing says of itself where its bars do not start at nothing."""


def bridge(steps: Sequence[tuple[str, str, float, bool]], ends: Sequence[tuple[str, str, float]], words: str) -> Markup:
    """Return a bridge from agreed to actual.

    Parameters
    ----------
    steps : label, change in words, change, whether it is for the better
    ends : agreed and actual: label, value in words, value
    """
    (first, agreed, start), (last, actual, end) = ends
    levels = [start]
    for _, _, change, _ in steps:
        levels.append(levels[-1] + change)
    low, high = min(0.0, *levels) if min(levels) < 0 else _floor(levels), max(*levels, end)
    to_y = _scale(low, high)
    width = _WIDTH / (len(steps) + 2)
    parts = [_bar(0, width, (low, start), to_y, "plan"), *_words_at(0, width, (first, agreed, to_y(start)))]
    for at, (label, shown, _, is_good) in enumerate(steps, start=1):
        span = (levels[at - 1], levels[at])
        parts.append(_bar(at, width, span, to_y, "good" if is_good else "worse"))
        parts += _words_at(at, width, (label, shown, to_y(max(span))))
    place = len(steps) + 1
    parts += [_bar(place, width, (low, end), to_y, "bar"), *_words_at(place, width, (last, actual, to_y(end)))]
    return _drawing(parts, words + (AXIS_IS_CUT if low > 0 else ""))


def trend(labels: Sequence[str], series: Trend, words: str) -> Markup:
    """Return the periods: earlier light, actual solid, forecast hatched, agreed as a line."""
    every = np.concatenate([series.agreed, series.actual, series.forecast, series.earlier])
    known = every[np.isfinite(every)]
    low, high = (min(0.0, float(known.min())), float(known.max())) if len(known) else (0.0, 1.0)
    if len(known) and float(known.min()) > 0.7 * high:
        low = _floor(known.tolist())  # shares near one another: a bar from 0 would hide what happens
    to_y = _scale(low, high)
    width = _WIDTH / max(len(labels), 1)
    parts: list[Markup] = []
    points = []
    for at, label in enumerate(labels):
        for values, kind, part in (
            (series.earlier, "earlier", 0),
            (series.actual, "bar", 1),
            (series.forecast, "ahead", 1),
        ):
            if np.isfinite(values[at]):
                parts.append(_bar(at, width, (low, float(values[at])), to_y, kind, part))
        parts += _words_at(at, width, (label, "", 0.0))
        if np.isfinite(series.agreed[at]):
            points.append(f"{at * width + width / 2:.1f},{to_y(float(series.agreed[at])):.1f}")
    parts.append(tag("polyline", class_="target", points=" ".join(points)))
    return _drawing(parts, words + (AXIS_IS_CUT if low > 0 else ""))


def _floor(levels: Sequence[float]) -> float:
    """Return where bars start so that steps beside large totals can be seen."""
    low, high = min(levels), max(levels)
    return 0.0 if high - low > 0.15 * abs(high) else max(0.0, low - 2 * (high - low) - 0.02 * abs(low))


def _scale(low: float, high: float) -> Callable[[float], float]:
    room = _HEIGHT - _TOP - _BOTTOM
    size = high - low if high > low else 1.0
    return lambda value: _TOP + room * (1 - (value - low) / size)


def _bar(
    at: int, width: float, span: tuple[float, float], to_y: Callable[[float], float], kind: str, part: int | None = None
) -> Markup:
    top, bottom = sorted((to_y(span[0]), to_y(span[1])))
    left, wide = at * width + 0.15 * width, 0.7 * width
    if part is not None:
        left, wide = left + part * wide / 2, wide / 2
    return tag("rect", class_=kind, x=left, y=top, width=wide, height=max(bottom - top, 1.0))


def _words_at(at: int, width: float, words: tuple[str, str, float]) -> list[Markup]:
    label, value, y = words
    middle = at * width + width / 2
    short = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
    found = [tag("text", short, tag("title", label), x=middle, y=_HEIGHT - 20, text_anchor="middle")]
    if value:
        found.append(tag("text", value, x=middle, y=max(y - 4, 12.0), text_anchor="middle"))
    return found


def _drawing(parts: Sequence[Markup], words: str) -> Markup:
    hatch = tag(
        "defs",
        tag(
            "pattern",
            tag("path", d="M0 6L6 0", stroke="currentColor", stroke_width=1),
            id="hatch",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        ),
    )
    base = tag("line", class_="axis", x1=0, x2=_WIDTH, y1=_HEIGHT - _BOTTOM, y2=_HEIGHT - _BOTTOM)
    return tag(
        "svg", tag("title", words), hatch, joined(parts), base, viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}", role="img",
        aria_label=words, width=_WIDTH, height=_HEIGHT,
    )  # fmt: skip
