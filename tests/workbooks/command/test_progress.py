"""The line that says what is being done, and how long it may still take."""

from __future__ import annotations

from tests.workbooks.books import small_book
from workbooks.command.progress import Forecast
from workbooks.run import RunOptions, cascade


class Clock:
    """Seconds, set by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def told(forecast: Forecast, clock: Clock, at: float, what: str) -> str:
    clock.seconds = 100.0 + at
    forecast.step(what)
    return forecast.__rich__()


def test_a_short_run_says_what_it_does_and_no_more() -> None:
    clock = Clock()
    assert told(Forecast(clock), clock, 0.2, "reading the workbook") == "reading the workbook"


def test_a_long_run_says_how_long_it_may_still_take_and_when_it_takes_longer() -> None:
    clock = Clock()
    forecast = Forecast(clock)
    forecast.expect(90)
    assert told(forecast, clock, 10, "fairness") == "fairness · 10 s, about 1 min 20 s to go"
    assert told(forecast, clock, 95, "writing") == "writing · 1 min 35 s, longer than expected"


def test_periods_one_by_one_tell_how_many_are_left() -> None:
    clock = Clock()
    forecast = Forecast(clock)
    told(forecast, clock, 4, "period 1 of 12")
    assert told(forecast, clock, 14, "period 2 of 12") == "period 2 of 12 · 14 s, about 1 min 50 s to go"
    assert told(forecast, clock, 24, "period 3 of 12") == "period 3 of 12 · 24 s, about 1 min 40 s to go"


def test_a_run_expects_to_take_as_long_as_the_last_one() -> None:
    expected: list[float] = []
    options = RunOptions(on_expected=expected.append)
    first = cascade(small_book(), options)
    cascade(first.data or b"", options)
    assert [1 <= each < 30 for each in expected] == [True, True]
