"""Published cases from workbook input to the tab, to the digits they are printed with."""

from __future__ import annotations

from math import log

import pytest

from engine.variance.nodes import node_name
from engine.variance.review import make_reviews
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


def _berkeley(**more: Rows) -> VarianceRun:
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
            "Actuals": [LONG, *both("2026", women_in, women), *more.get("also", ())],
        }
    )


def test_a_share_above_one_is_set_aside_and_named_and_the_rest_stands() -> None:
    run = _berkeley(also=[("Admitted", "A", "2026-03-01", 1.2)])
    (found,) = [each for each in run.issues if each.code == "TC801"]
    assert (found.place.sheet, found.place.row) == ("Actuals", 14)
    assert "1.2, a share above 100 %" in found.found
    assert _rows(run) == _rows(_berkeley())


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
    named = {node_name(run.table.plan, review.table.nodes, each.node): round(each.power, 2) for each in review.segments}
    assert named == {"Tablet": 0.50, "Mobile": 0.48}


def test_sales_mix_and_quantity_of_milano_in_pounds() -> None:
    """Contribution = units × margin: quantity 28,900 favourable, mix 32,900 adverse, as Drury prints them."""
    budget, sold, margin = (8000.0, 7000.0, 5000.0), (6000.0, 7000.0, 9000.0), (20.0, 12.0, 9.0)
    products = "XYZ"

    def both(period: str, units: tuple[float, ...]) -> list[tuple[object, ...]]:
        return [
            *_long("Units", period, dict(zip(products, units, strict=True))),
            *_long("Margin", period, dict(zip(products, margin, strict=True))),
        ]

    run = _reviewed(
        {
            "Metrics": [
                ("Metric", "Kind", "Unit", "Weight", "Formula"),
                ("Units", "volume", "units", None, None),
                ("Margin", "rate", "£", "Units", None),
                ("Contribution", "formula", "£", None, "[Units] * [Margin]"),
            ],
            "Org": [("Node",), ("Milano",)],
            "Queues": [("Node",), *((each,) for each in products)],
            "Periods": YEAR,
            "Baseline": [LONG, *both("2025", budget)],
            "Targets": [("Metric", "Value"), ("Units", 20000)],
            "Actuals": [LONG, *both("2026", sold)],
        }
    )
    rows = _rows(run)
    total = rows["Contribution", "Milano", "", "2026"]
    assert (total["Agreed"], total["Actual"], total["Variance"]) == (289_000, 285_000, -4_000)
    assert (total["Volume effect"], total["Mix effect"]) == (pytest.approx(28_900), pytest.approx(-32_900))
    assert total["Rate effect"] == pytest.approx(0)
    mix = [rows["Contribution", "", each, "2026"]["Mix effect"] for each in products]
    assert mix == [pytest.approx(-56_000), pytest.approx(-8_400), pytest.approx(31_500)]


def test_one_industry_of_the_lmdi_example_by_logarithms_on_request() -> None:
    """Industry 1 of the example in Ang's guides: 50 × 0.2 × 3.0 = 30 becomes 80 × 0.5 × 2.0 = 80."""
    mean = 50 / log(80 / 30)
    names = {"Activity": (50.0, 80.0), "Structure": (0.2, 0.5), "Intensity": (3.0, 2.0)}

    def factors(period: str, side: int) -> list[tuple[object, ...]]:
        return [("Firms", "All", period, 10.0), *((name, "All", period, each[side]) for name, each in names.items())]

    run = _reviewed(
        {
            "Settings": [("Setting", "Value"), ("Formula effects", "lmdi")],
            "Metrics": [
                ("Metric", "Kind", "Unit", "Weight", "Formula"),
                ("Firms", "volume", "firms", None, None),
                *((name, "rate", "units", "Firms", None) for name in names),
                ("Energy", "formula", "Mtoe", None, "[Activity] * [Structure] * [Intensity]"),
            ],
            "Org": [("Node",), ("Industry 1",)],
            "Queues": [("Node",), ("All",), ("None",)],
            "Periods": YEAR,
            "Baseline": [LONG, *factors("2025", 0)],
            "Targets": [("Metric", "Value"), ("Firms", 10)],
            "Actuals": [LONG, *factors("2026", 1)],
        }
    )
    row = _rows(run)["Energy", "Industry 1", "", "2026"]
    assert (row["Agreed"], row["Actual"]) == (pytest.approx(30), pytest.approx(80))
    for name, (before, after) in names.items():
        assert row[f"{name} effect"] == pytest.approx(mean * log(after / before))
    assert row["Check"] == 0


def test_births_of_austria_and_chile_by_three_factors_as_in_das_gupta() -> None:
    """Example 2.2: 20.3278726 = 10.4340333 + 10.5608476 − 0.6670084, Austria as agreed, Chile as what happened."""
    names = ("Births per woman 15-49", "Women 15-49", "Women")
    austria, chile = (51.78746, 0.45919, 0.52638), (84.90502, 0.75756, 0.51065)

    def factors(period: str, values: tuple[float, ...]) -> list[tuple[object, ...]]:
        rates = [(name, "All", period, value) for name, value in zip(names, values, strict=True)]
        return [("People", "All", period, 1000.0), *rates]

    run = _reviewed(
        {
            "Metrics": [
                ("Metric", "Kind", "Unit", "Weight", "Formula"),
                ("People", "volume", "people", None, None),
                *((name, "rate", "per 1", "People", None) for name in names),
                ("Birth rate", "formula", "per 1000", None, " * ".join(f"[{name}]" for name in names)),
            ],
            "Org": [("Node",), ("World",)],
            "Queues": [("Node",), ("All",), ("None",)],
            "Periods": YEAR,
            "Baseline": [LONG, *factors("2025", austria)],
            "Targets": [("Metric", "Value"), ("People", 1000)],
            "Actuals": [LONG, *factors("2026", chile)],
        }
    )
    row = _rows(run)["Birth rate", "World", "", "2026"]
    assert round(float(str(row["Variance"])), 7) == 20.3278726
    found = [round(float(str(row[f"{name} effect"])), 7) for name in names]
    assert found == [10.4340333, 10.5608476, -0.6670084]
    assert row["Check"] == 0
