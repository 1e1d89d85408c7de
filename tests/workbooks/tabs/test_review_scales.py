"""One scale per unit on a review, but where one metric would hide the bars of another."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest

from tests.workbooks.achievement import ACTUALS, BASELINE, PAIRS, plan_book
from workbooks.tabs.review_scales import axis_start
from workbooks.variance_run import variance


def _axes(factor: float) -> dict[str, tuple[str, str]]:
    """Return title → start and end of the axis of each chart; a second volume is so many times the first."""
    kinds = [("Reviews", "volume", "items", "yes"), ("Calls", "volume", "items", "no")]
    metrics = [("Metric", "Kind", "Unit", "Uses capacity"), *kinds]
    before = [("Calls", *pair, f"2025-0{month}", 100 * factor) for pair in PAIRS for month in (1, 2, 3, 4)]
    after = [("Calls", *pair, month, 90 * factor) for pair in PAIRS for month in ("2026-01", "2026-02")]
    targets = [("Metric", "Value"), ("Reviews", 2400), ("Calls", 1200 * factor)]
    run = variance(
        plan_book(Metrics=metrics, Baseline=[*BASELINE, *before], Targets=targets, Actuals=[*ACTUALS, *after])
    )
    assert run.data is not None, run.issues
    with zipfile.ZipFile(io.BytesIO(run.data)) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    found = {}
    for chart in charts:
        title = html.unescape(re.findall("<a:t>(.*?)</a:t>", chart)[0])
        most, least = (re.findall(rf'<c:{name} val="([^"]*)"/>', chart) for name in ("max", "min"))
        found[title] = (least[0], most[0] if most else "")
    return found


def test_bars_of_one_unit_have_one_scale() -> None:
    axes = _axes(1.5)
    assert len(axes) == 4
    bridges = {axis for title, axis in axes.items() if "against agreed" in title}
    trends = {axis for title, axis in axes.items() if "ends at" in title}
    assert len(bridges) == len(trends) == 1
    assert all(most for _, most in bridges | trends)


def test_what_would_hide_the_others_keeps_a_scale_of_its_own_and_says_so() -> None:
    axes = _axes(50)
    assert all("own scale" in title and most == "" for title, (_, most) in axes.items())


@pytest.mark.parametrize(
    ("lowest", "largest", "start"), [(100, 20, 0), (0, 5, 0), (-5, 1, 0), (1000, 1, 980), (1_000_000, 10_000, 960_000)]
)
def test_an_axis_is_cut_only_where_steps_would_vanish(lowest: float, largest: float, start: float) -> None:
    assert axis_start(lowest, largest) == start
