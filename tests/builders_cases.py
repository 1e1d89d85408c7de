"""One small workbook per code of the builder, in which exactly that goes wrong."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from engine.tables import Inputs
from tests.builders import BASELINE, ORG, PERIODS, QUEUES, TARGETS, Rows, small

CAPACITY: Rows = [
    ("Org", "Hours", "FTE", "Paid hours", "Hours per day", "Shrinkage", "Occupancy", "Ramp"),
]
LIMITS: Rows = [("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold", "Basis", "Until")]
TWO_METRICS: Rows = [("Metric", "Kind"), ("Reviews", "volume"), ("Appeals", "volume")]
DATED: Rows = [("Period", "Parent", "Start", "End", "Working days")]


def _day(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day)


def _targets(*rows: tuple[object, ...]) -> Inputs:
    headers = ("Metric", "Org", "Queue", "Period", "Value", "Sense", "Basis", "Each", "Priority")
    return small(Targets=[headers, ("Reviews", None, None, None, 700), *rows])


def _capacity(*rows: tuple[object, ...], **tables: Rows | None) -> Inputs:
    return small(Capacity=[*CAPACITY, *rows], **tables)


def _limits(*rows: tuple[object, ...]) -> Inputs:
    return small(Limits=[*LIMITS, *rows])


def _skills(*rows: tuple[object, ...]) -> Inputs:
    headers = ("Org", "Queue", "From", "To", "Max share", "Max share of queue")
    return small(Skills=[headers, ("EMEA", "Hate"), ("EMEA", "Spam"), *rows])


def _dated(*rows: tuple[object, ...], **tables: Rows | None) -> Inputs:
    return small(Periods=[*DATED, *rows], Baseline=None, **tables)


CASES: dict[str, Callable[[], Inputs]] = {
    "TC201": lambda: _targets(("Reviews", "Dublin", None, None, None)),
    "TC202": lambda: _targets(("Reviews", "Dublin", None, None, "about 300")),
    "TC203": lambda: _targets(("Reviews", "Dublin", None, None, "1,234")),
    "TC204": lambda: _targets(("Reviews", "Dublin", None, None, -5)),
    "TC205": lambda: small(Settings=[("Setting", "Value"), ("Mix guard", 5)]),
    "TC206": lambda: _targets(("Reviews", "Dublin", None, None, 300, "at leest")),
    "TC208": lambda: small(Metrics=[("Metric", "Kind", "Uses capacity"), ("Reviews", "volume", "perhaps")]),
    "TC209": lambda: _dated(("2026-01", None, "soon", None, 20)),
    "TC210": lambda: small(Targets=TARGETS[:1]),
    "TC211": lambda: small(Baseline=[*BASELINE, BASELINE[1]]),
    "TC212": lambda: small(Metrics=TWO_METRICS),
    "TC213": lambda: _capacity(("Dublin", 100, 10, 160)),
    "TC214": lambda: _capacity(("Dublin",)),
    "TC215": lambda: _capacity(("Dublin", None, 10)),
    "TC216": lambda: _capacity(("Dublin", None, 10, 160, 8)),
    "TC217": lambda: _capacity(("Dublin", None, 10, None, 8)),
    "TC218": lambda: _limits(("Reviews", "Dublin", None, None, 10, None, 20)),
    "TC219": lambda: _limits(("Reviews", "Dublin", None, None, 20, 10)),
    "TC220": lambda: _dated(("2026-01", None, _day(1, 31), _day(1, 1), 20)),
    "TC221": lambda: _dated(
        ("2026-01", None, _day(1, 1), _day(1, 31), 20), ("2026-02", None, _day(1, 31), _day(2, 28), 20)
    ),
    "TC222": lambda: _capacity(("Team A", 100), Queues=[*QUEUES[:1], ("Hate", None, None), *QUEUES[2:]]),
    "TC223": lambda: small(Baseline=[row[:4] for row in BASELINE]),
    "TC224": lambda: _skills(("Team A", "Hate", "2026-02", "2026-01")),
    "TC225": lambda: small(
        Periods=[("Period",), ("First",), ("Second",)],
        Baseline=None,
        Limits=[*LIMITS, ("Reviews", "Dublin", None, None, 10, None, None, None, _day(1, 31))],
    ),
    "TC226": lambda: _targets(("Reviews", "Dublin", None, None, 10, None, "per FTE day")),
    "TC227": lambda: small(
        HandleTimes=[("Org", "Queue", "Seconds"), ("EMEA", "Spam", 40), ("Dublin", None, 50)],
        Org=[("Node", "Parent"), ("Europe", None), *((node, above or "Europe") for node, above, _ in ORG[1:])],
    ),
    "TC228": lambda: _skills(("Team A", "Hate", None, None, 0.5)),
    "TC301": lambda: _targets(("Reviews", "Dubln", None, None, 300)),
    "TC302": lambda: _targets(("Reviews", None, "Scam", None, 300)),
    "TC303": lambda: _targets(("Review", None, None, None, 300)),
    "TC304": lambda: _targets(("Reviews", None, None, "2026Q3", 300)),
    "TC305": lambda: _targets(("Reviews", None, None, datetime.datetime(2026, 7, 1), 300)),
    "TC306": lambda: small(
        Org=[("Site", "Team"), ("Dublin", "Team A"), ("Lisbon", "Team A")],
        Baseline=None,
        Targets=[*TARGETS, ("Reviews", "Team A", None, None, 300)],
    ),
    "TC307": lambda: small(Org=[*ORG, ("dublin", "EMEA", "Site")]),
    "TC308": lambda: small(Org=[*ORG, ("Cork", "EMAE", "Site")]),
    "TC309": lambda: small(Org=[*ORG, ("Cork", "Cork", "Site")]),
    "TC310": lambda: small(Org=[*ORG, ("Cork", "Galway", "Site"), ("Galway", "Cork", "Site")]),
    "TC311": lambda: small(
        Org=[("Region", "Site", "Team"), ("EMEA", "Dublin", "Team A"), ("EMEA", None, "Team B")], Baseline=None
    ),
    "TC312": lambda: small(Org=[("Name", "Level"), ("Dublin", "Site")]),
    "TC313": lambda: small(Org=[("Node", "Parent", "Alias"), ("Dublin", None, "D1"), ("Lisbon", None, "L1, D1")]),
    "TC314": lambda: small(Periods=[(*PERIODS[0], "Like"), *PERIODS[1:3], ("2026-02", "2026Q1", "2025-12")]),
    "TC315": lambda: _targets(("Reviews", "Team A", "Scams", None, 300)),
    "TC316": lambda: _limits(("Reviews", "Team A", "Scams", None, 10)),
    "TC317": lambda: small(Groups=[("Group", "Of", "Node"), ("Dublin", "Org", "Lisbon")]),
    "TC318": lambda: small(
        Groups=[("Group", "Of", "Node"), ("Vendor", "Org", "Lisbon")],
        Baseline=[*BASELINE, ("Reviews", "Vendor", "Scams", "2025-01", 30)],
    ),
    "TC319": lambda: _targets(("Reviews", "Dublin", None, None, 10, None, None, "Sight")),
    "TC501": lambda: _targets(("Reviews", "Dublin", None, None, "1,234.5")),
    "TC502": lambda: small(Settings=[("Setting", "Value"), ("Mix gard", 0.1)]),
    "TC503": lambda: _capacity(("Dublin", None, 10, 160)),
    "TC504": lambda: _dated(("2026-01", None, _day(1, 1), _day(1, 31)), ("2026-02", None, _day(2, 1), _day(2, 28))),
    "TC505": small,
    "TC506": lambda: small(Baseline=[*BASELINE, ("Reviews", "Team A", "Hate", "2024-12", 90)]),
    "TC507": lambda: small(Skills=[("Org", "Queue"), ("Team A", "Hate"), ("Lisbon", "Spam")]),
    "TC508": lambda: small(Baseline=[*BASELINE, ("Reviews", "Dublin", None, "2025-01", 250)]),
    "TC509": lambda: small(Baseline=[*BASELINE, ("Reviews", "Lisbon", None, "2025-01", 30)]),
    "TC510": lambda: small(Baseline=BASELINE[:2]),
    "TC511": lambda: _limits(("Reviews", "Dublin")),
    "TC512": lambda: _limits(("Reviews", "Team A", "Scams", None, None, 10)),
    "TC513": lambda: small(Org=[(*ORG[0], "Manager"), *ORG[1:]]),
    "TC514": lambda: small(Baseline=[*BASELINE, ("Reviews", "Lisbon", "Spam", "2025-01", 30)]),
    "TC515": lambda: _capacity(("Dublin", 100, None, 160)),
    "TC517": lambda: _targets(("Reviews", "Dublin", None, None, 0.05, None, "% of baseline")),
    "TC516": lambda: small(Baseline=[*BASELINE, ("Reviews", "Team B", "Scams", "2025-01", None)]),
}
"""Code → the input tables that bring it about; everything else in them is sound."""
