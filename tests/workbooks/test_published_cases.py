"""Published cases from workbook input to the tab, to the digits they are printed with."""

from __future__ import annotations

import pytest

from engine.variance.review import make_reviews, node_name
from tests.engine.variance.test_published import ADTRIBUTOR, BERKELEY
from tests.workbooks.achievement import Row, rows_of
from tests.workbooks.books import Rows, book, opened
from workbooks.run import cascade
from workbooks.variance_run import VarianceRun, variance

YEAR: Rows = [("Period", "Level"), ("2026", "Year")]


def _reviewed(tables: dict[str, Rows]) -> VarianceRun:
    run = cascade(book(tables))
    assert run.data is not None, run.issues
    found = variance(run.data)
    assert found.data is not None, found.issues
    return found


def _rows(run: VarianceRun) -> dict[tuple[str, str, str, str], Row]:
    assert run.data is not None
    return rows_of(run.data)


def _long(metric: str, period: str, values: dict[str, float]) -> list[tuple[object, ...]]:
    return [(metric, queue, period, value) for queue, value in values.items()]


LONG = ("Metric", "Queue", "Period", "Value")


def test_sales_mix_and_quantity_of_milano_in_units() -> None:
    """Drury, Management and Cost Accounting: budget 8, 7 and 5 thousand; sold 6, 7 and 9 thousand."""
    budget, sold = {"X": 8000.0, "Y": 7000.0, "Z": 5000.0}, {"X": 6000.0, "Y": 7000.0, "Z": 9000.0}
    rows = _rows(
        _reviewed(
            {
                "Metrics": [("Metric", "Kind", "Unit"), ("Units", "volume", "units")],
                "Org": [("Node",), ("Milano",)],
                "Queues": [("Node",), *((each,) for each in budget)],
                "Periods": YEAR,
                "Baseline": [LONG, *_long("Units", "2025", budget)],
                "Targets": [("Metric", "Value"), ("Units", 20000)],
                "Actuals": [LONG, *_long("Units", "2026", sold)],
            }
        )
    )
    # 22,000 sold at the budgeted mix are 8,800, 7,700 and 5,500
    mix = {queue: rows["Units", "", queue, "2026"]["Mix effect"] for queue in budget}
    assert mix == {"X": pytest.approx(-2800), "Y": pytest.approx(-700), "Z": pytest.approx(3500)}
    quantity = {queue: rows["Units", "", queue, "2026"]["Volume effect"] for queue in budget}
    assert quantity == {"X": pytest.approx(800), "Y": pytest.approx(700), "Z": pytest.approx(500)}
    assert rows["Units", "Milano", "", "2026"]["Variance"] == 2000


def _berkeley() -> VarianceRun:
    (men_in, men), (women_in, women) = BERKELEY["men"], BERKELEY["women"]
    names = "ABCDEF"

    def both(period: str, admitted: list[int], applied: list[int]) -> list[tuple[object, ...]]:
        counts = {name: float(each) for name, each in zip(names, applied, strict=True)}
        rates = {name: each / of for name, each, of in zip(names, admitted, applied, strict=True)}
        return [*_long("Applications", period, counts), *_long("Admitted", period, rates)]

    return _reviewed(
        {
            "Metrics": [
                ("Metric", "Kind", "Unit", "Weight"),
                ("Applications", "volume", "people", None),
                ("Admitted", "rate", "%", "Applications"),
            ],
            "Org": [("Node",), ("Berkeley",)],
            "Queues": [("Node",), *((name,) for name in names)],
            "Periods": YEAR,
            "Baseline": [LONG, *both("2025", men_in, men)],
            "Targets": [("Metric", "Value"), ("Applications", sum(men))],
            "Actuals": [LONG, *both("2026", women_in, women)],
        }
    )


def test_the_berkeley_reversal_of_1973_is_told_as_one() -> None:
    """Men as what was agreed, women as what happened: −14.16 points = +3.60 rate − 17.77 mix."""
    run = _berkeley()
    row = _rows(run)["Admitted", "Berkeley", "", "2026"]
    points = [round(100 * float(str(row[name])), 2) for name in ("Variance", "Rate effect", "Mix effect")]
    assert points == [-14.16, 3.60, -17.77]
    assert row["Check"] == 0
    assert run.data is not None
    texts = [str(cells[0].value) for cells in opened(run.data)["Review"].iter_rows() if cells[0].value]
    assert any(
        "The mix tells the story" in text and "+3.60 points" in text and "−17.77 points" in text for text in texts
    )


def test_a_department_alone_has_no_mix() -> None:
    row = _rows(_berkeley())["Admitted", "", "A", "2026"]
    assert (row["Mix effect"], row["Rate effect"]) == (pytest.approx(0), pytest.approx(89 / 108 - 512 / 825))


def test_the_adtributor_example_blames_the_device_type_from_a_workbook() -> None:
    """Advertisers as org, devices as queues; inside the printed totals, both are independent of each other."""
    (ads0, ads1), (devices0, devices1) = ADTRIBUTOR["advertiser"], ADTRIBUTOR["device"]
    teams, queues = ("A1", "A2", "A3", "A4"), ("PC", "Mobile", "Tablet")
    header = ("Metric", "Org", "Queue", "Period", "Value")

    def joint(period: str, ads: list[int], devices: list[int]) -> list[tuple[object, ...]]:
        return [
            ("Revenue", team, queue, period, 1000 * a * d / sum(ads))
            for team, a in zip(teams, ads, strict=True)
            for queue, d in zip(queues, devices, strict=True)
        ]

    run = _reviewed(
        {
            "Metrics": [("Metric", "Kind", "Unit", "Decimals"), ("Revenue", "volume", "$", "none")],
            "Org": [("Node", "Level"), *((team, "Advertiser") for team in teams)],
            "Queues": [("Node", "Level"), *((queue, "Device") for queue in queues)],
            "Periods": YEAR,
            "Baseline": [header, *joint("2025", ads0, devices0)],
            "Targets": [("Metric", "Value"), ("Revenue", 100_000)],
            "Actuals": [header, *joint("2026", ads1, devices1)],
        }
    )
    assert run.table is not None
    (review,) = make_reviews(run.table)
    assert review.level == "Device"
    named = {node_name(run.table.plan, review.table, each.node): round(each.power, 2) for each in review.segments}
    assert named == {"Tablet": 0.50, "Mobile": 0.48}
