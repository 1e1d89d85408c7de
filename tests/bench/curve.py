"""What a cascade costs from a thousand cells to a million, drawn: ``python -m tests.bench.curve docs/size.svg``.

Whole commands as processes of their own, in processor seconds, with their peak memory. The picture is written anew.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from math import log10
from pathlib import Path

from tests.bench.__main__ import TARGETS, UNASKED, measured
from tests.bench.books import SIZES, plan_book

CURVE = ("1k", "10k", "30k", "100k uneven", "300k", "1M")
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 400, 70, 60, 140, 50
_INK, _QUIET, _BAR = "#1F2933", "#616E7C", "#243B53"


@dataclass(frozen=True, slots=True)
class Point:
    """One plan: cells, processor seconds, peak memory in MB."""

    cells: int
    seconds: float
    peak_mb: float


def measure(size: str, folder: Path) -> Point:
    """Cascade a plan of a size once."""
    book, made = folder / "plan.xlsx", SIZES[size]
    book.write_bytes(plan_book(made))
    done = measured(*TARGETS, "cascade", str(book), "--quiet", *UNASKED, status=frozenset({0, 3}))
    return Point(made.cells, done.seconds, done.peak_mb)


def drawing(points: list[Point]) -> str:
    """Return the curve as SVG: both axes in powers of ten, every point with its seconds and memory."""

    def across(cells: float) -> float:
        return _LEFT + (log10(cells) - 3) / 3.05 * (_WIDTH - _LEFT - _RIGHT)

    def up(seconds: float) -> float:
        return _HEIGHT - _BOTTOM - (log10(seconds) + 0.5) / 3 * (_HEIGHT - _TOP - _BOTTOM)

    first, last = points[0], points[-1]
    title = f"{last.cells / first.cells:,.0f} times the cells cost {last.seconds / first.seconds:,.0f} times the time"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12" fill="{_INK}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="24" font-size="16" font-weight="bold" fill="{_BAR}">{title}</text>',
        f'<text x="{_LEFT}" y="42" fill="{_QUIET}">targets cascade, processor seconds by number of cells; '
        "peak memory beside each point</text>",
    ]
    for power in range(3, 7):
        x, words = across(10**power), ("1,000", "10,000", "100,000", "1,000,000")[power - 3]
        parts.append(f'<text x="{x:.0f}" y="{_HEIGHT - 20}" text-anchor="middle">{words}</text>')
    for seconds in (1, 10, 100):
        y = up(seconds)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke="#CBD2D9"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{seconds} s</text>')
    line = " ".join(f"{across(each.cells):.1f},{up(each.seconds):.1f}" for each in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{_BAR}" stroke-width="2"/>')
    for each in points:
        x, y = across(each.cells), up(each.seconds)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_BAR}"/>')
        parts.append(f'<text x="{x + 8:.0f}" y="{y + 16:.0f}">{each.seconds:.1f} s, {each.peak_mb:,.0f} MB</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Measure, print a line a size, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path, help="the SVG file to write")
    parser.add_argument("--sizes", nargs="*", default=list(CURVE), choices=list(SIZES))
    asked = parser.parse_args()
    points = []
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(size, Path(folder))
        points.append(found)
        time = f"{found.seconds:8.1f} s {found.seconds / found.cells * 1e6:8.1f} µs a cell"
        print(f"{size:<12} {found.cells:>9,} cells {time} {found.peak_mb:8,.0f} MB", flush=True)  # noqa: T201
    asked.picture.write_text(drawing(points), encoding="utf-8")


if __name__ == "__main__":
    main()
