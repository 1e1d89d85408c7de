"""The periods of the plan: those after the history, each like one of it.

Owns: how far the plan reaches, and which history each of its periods takes.
"""

from __future__ import annotations

from datetime import timedelta

from engine.building.spans import Span
from solver.frozen import frozen
from workbooks.importing.guesses import Told
from workbooks.importing.periods import PLANNED, Grain, Naming, following, number_of, period_of
from workbooks.template.contents import FilledTable, Value, by_rows

_WEEKS_A_YEAR = 52  # so that weekdays stay what they are


@frozen
class PlanCalendar:
    """Periods of history and plan, by name.

    history : span → name; planned : spans of the plan; like : the history each takes
    """

    grain: Grain
    history: dict[Span, str]
    planned: list[Span]
    like: list[Span]
    naming: Naming

    @property
    def last(self) -> Span:
        """The last period of history."""
        return max(self.history)

    def parent(self, span: Span) -> str | None:
        """Return the quarter of a week or month; None for longer periods."""
        if self.grain not in (Grain.WEEK, Grain.MONTH):
            return None
        year, number = number_of(span, self.grain)
        if self.grain is Grain.MONTH:
            return f"{year} Q{(number - 1) // 3 + 1}"
        return f"{year} Q{min((number - 1) // 13, 3) + 1}"


def plan_calendar(spans: list[Span], grain: Grain, naming: Naming, asked: int | None, told: Told) -> PlanCalendar:
    """Return the calendar of a plan that follows its history.

    Parameters
    ----------
    spans : of the history, in time order, not empty
    asked : how many periods somebody wants; None = as usual for the grain
    """
    count = asked or min(PLANNED[grain], len(spans))
    planned = following(spans[-1], grain, count)
    like, why = _likes(spans, planned, grain)
    history = {span: naming.name(span) for span in spans}
    names = [naming.name(span) for span in planned]
    told.guess("plan periods", f"{len(spans)} periods of history, {history[spans[0]]} … {history[spans[-1]]}",
               f"{names[0]} … {names[-1]}, by {grain.value}" if count > 1 else f"{names[0]}, a {grain.value}",
               "What follows the history; another length: --periods N", is_sure=False)  # fmt: skip
    told.guess("column Like", f"{names[0]} like {history[like[0]]}", why, "Change Like in Periods", is_sure=False)
    return PlanCalendar(grain, history, planned, like, naming)


def _likes(spans: list[Span], planned: list[Span], grain: Grain) -> tuple[list[Span], str]:
    """Return the history of each planned period: a year earlier where all of it is there, else the last block."""
    known = set(spans)
    earlier = [_year_earlier(span, grain) for span in planned]
    if all(span in known for span in earlier):
        return earlier, "each like the same period a year earlier"
    block = spans[-len(planned) :]
    return [block[at % len(block)] for at in range(len(planned))], "each like one of the last block of equal length"


def _year_earlier(span: Span, grain: Grain) -> Span:
    if grain is Grain.WEEK:
        back = timedelta(weeks=_WEEKS_A_YEAR)
        return Span(span.first - back, span.last - back)
    return period_of(span.first.replace(year=span.first.year - 1), grain)


def periods_table(calendar: PlanCalendar) -> FilledTable:
    """Return the table Periods."""
    parents = [calendar.parent(span) for span in calendar.planned]
    quarters = dict.fromkeys(each for each in parents if each is not None)
    rows: list[tuple[Value, ...]] = [(quarter, None, "Quarter", None, None, None) for quarter in quarters]
    for span, parent, like in zip(calendar.planned, parents, calendar.like, strict=True):
        level = calendar.grain.value.capitalize()
        rows.append((calendar.naming.name(span), parent, level, span.first, span.last, calendar.history[like]))
    return FilledTable(by_rows(("Period", "Parent", "Level", "Start", "End", "Like"), rows))
