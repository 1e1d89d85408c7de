"""Published cases from workbook input to the tab, to the digits they are printed with."""

from __future__ import annotations

import pytest

from engine.variance.nodes import node_name
from engine.variance.review import make_reviews
from tests.engine.variance.test_published import ADTRIBUTOR, BERKELEY, HORNGREN, LMDIR
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


def _drinks(*, in_dollars: bool) -> dict[tuple[str, str, str, str], Row]:
    """Three drinks of Horngren et al., Cost Accounting, 13th ed. (2009), pages 517 to 519."""
    budget, sold, margin = ({name: float(one[at]) for name, one in HORNGREN.items()} for at in range(3))
    more = [("Margin", "rate", "$", "Units", None), ("Contribution", "formula", "$", None, "[Units] * [Margin]")]

    def both(period: str, units: dict[str, float]) -> list[tuple[object, ...]]:
        return [*_long("Units", period, units), *(_long("Margin", period, margin) if in_dollars else [])]

    return _rows(
        _reviewed(
            {
                "Metrics": [
                    ("Metric", "Kind", "Unit", "Weight", "Formula"),
                    ("Units", "volume", "units", None, None),
                    *(more if in_dollars else []),
                ],
                "Org": [("Node",), ("Company",)],
                "Queues": [("Node",), *((each,) for each in budget)],
                "Periods": YEAR,
                "Baseline": [LONG, *both("2025", budget)],
                "Targets": [("Metric", "Value"), ("Units", sum(budget.values()))],
                "Actuals": [LONG, *both("2026", sold)],
            }
        )
    )


def test_mix_and_volume_of_three_drinks_in_units() -> None:
    """3,000,000 sold at 16, 24 and 60 per cent are 480,000, 720,000 and 1,800,000."""
    rows = _drinks(in_dollars=False)
    mix = [rows["Units", "", drink, "2026"]["Mix effect"] for drink in HORNGREN]
    assert mix == [pytest.approx(0, abs=1e-6), pytest.approx(180_000), pytest.approx(-180_000)]
    assert rows["Units", "Company", "", "2026"]["Variance"] == 500_000


def test_sales_mix_and_quantity_of_three_drinks_in_dollars_as_in_horngren() -> None:
    rows = _drinks(in_dollars=True)
    drinks = [rows["Contribution", "", drink, "2026"] for drink in HORNGREN]
    assert [row["Volume effect"] for row in drinks] == pytest.approx([160_000, 144_000, 750_000])
    assert [row["Mix effect"] for row in drinks] == pytest.approx([0, 216_000, -450_000], abs=1e-6)
    assert [row["Variance"] for row in drinks] == pytest.approx([160_000, 360_000, 300_000])
    total = rows["Contribution", "Company", "", "2026"]
    assert (total["Volume effect"], total["Mix effect"]) == (pytest.approx(1_054_000), pytest.approx(-234_000))
    assert (total["Rate effect"], total["Variance"]) == (pytest.approx(0), 820_000)


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
    rows = _rows(run)
    lost = [rows["Revenue", "", device, "2026"]["To parent"] for device in named]
    assert sum(map(float, map(str, lost))) == pytest.approx(-49_000)  # as printed: 49 of the 50 lost


def test_two_sectors_by_logarithms_as_in_the_package_lmdir() -> None:
    """The setting Formula effects = lmdi: each sector is a queue, each factor a metric, eight decimals are printed."""
    names = ("Factor 1", "Factor 2", "Factor 3")

    def factors(period: str, side: int) -> list[tuple[object, ...]]:
        return [
            *((("Firms", sector, period, 10.0)) for sector in LMDIR),
            *(
                (name, sector, period, float(each[side][at]))
                for sector, each in LMDIR.items()
                for at, name in enumerate(names)
            ),
        ]

    rows = _rows(
        _reviewed(
            {
                "Settings": [("Setting", "Value"), ("Formula effects", "lmdi")],
                "Metrics": [
                    ("Metric", "Kind", "Unit", "Weight", "Formula"),
                    ("Firms", "volume", "firms", None, None),
                    *((name, "rate", "units", "Firms", None) for name in names),
                    ("Energy", "formula", "PJ", None, " * ".join(f"[{name}]" for name in names)),
                ],
                "Org": [("Node",), ("Country",)],
                "Queues": [("Node",), *((sector,) for sector in LMDIR)],
                "Periods": YEAR,
                "Baseline": [LONG, *factors("2025", 0)],
                "Targets": [("Metric", "Value"), ("Firms", 20)],
                "Actuals": [LONG, *factors("2026", 1)],
            }
        )
    )
    for sector, (_, _, printed) in LMDIR.items():
        row = rows["Energy", "", sector, "2026"]
        assert [round(float(str(row[f"{name} effect"])), 8) for name in names] == list(printed)
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
