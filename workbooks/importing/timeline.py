"""Facts on the periods of the plan's length: days added up, periods of other lengths named and left out.

Owns: which grain an export is planned in, and the step from its periods to those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.building.spans import Span
from engine.building.texts import text_of
from solver.frozen import frozen
from workbooks.importing.columns import Column
from workbooks.importing.export import Export
from workbooks.importing.facts import Fact
from workbooks.importing.guesses import Told
from workbooks.importing.periods import Grain, Naming, grain_of, naming, period_of, planning_grain, usual_grain
from workbooks.importing.vocabulary import Role, words_of

_ENDING = ("ending", "end", "ende", "bis", "fin")


@frozen
class Timeline:
    """How the periods of an export become those of a plan.

    week_start : weekday on which weeks begin, 0 = Monday
    naming : what periods are called
    """

    grain: Grain
    week_start: int
    naming: Naming

    def plan_span(self, span: Span) -> Span | None:
        """Return the plan's kind of period for one of the export's; None where it is of another length."""
        if span.days == 1:
            return period_of(span.first, self.grain, self.week_start)
        return span if grain_of(span) is self.grain else None


def find_timeline(export: Export, columns: Sequence[Column], facts: Sequence[Fact], told: Told) -> Timeline | None:
    """Return the timeline of an export; None where no record has a period."""
    spans = {fact.span for fact in facts}
    usual = usual_grain(spans)
    if usual is None:
        return None
    grain = planning_grain(spans, usual)
    if grain is not usual:
        told.guess("periods", "days", f"added up to {grain.value}s", "Targets are set for longer periods",
                   is_sure=False)  # fmt: skip
    column = next((each for each in columns if each.role is Role.PERIOD), None)
    names = naming(grain, _last_name(export, column, facts))
    return Timeline(grain, _week_start(spans, grain, column), names)


def _week_start(spans: set[Span], grain: Grain, column: Column | None) -> int:
    days = Counter(span.first.weekday() for span in spans if span.days == 1)
    if grain is not Grain.WEEK or len(days) != 1:
        return 0
    day = next(iter(days))
    ends = column is not None and bool(set(words_of(column.header).split()) & set(_ENDING))
    return (day + 1) % 7 if ends else day


def _last_name(export: Export, column: Column | None, facts: Sequence[Fact]) -> str:
    """Return what the export calls its last period, "" where it is a date or the name of a column."""
    last = max(facts, key=lambda fact: fact.span)
    if column is None or last.span.days == 1:
        return ""
    value = export.records[last.record][column.at]
    return text_of(value) if isinstance(value, str) else ""


def fit(export: Export, facts: Sequence[Fact], timeline: Timeline, told: Told) -> list[Fact]:
    """Return the facts whose periods are part of the plan's kind of period; those of other lengths are named."""
    fitted = []
    for fact in facts:
        span = timeline.plan_span(fact.span)
        if span is None:
            words = f"{fact.span.first} to {fact.span.last}, which is no {timeline.grain.value} like the others"
            told.add("TC275", export.place(fact.record, 0), words)
        else:
            fitted.append(fact)
    _tell_shared(export, facts, told)
    return fitted


def _tell_shared(export: Export, facts: Sequence[Fact], told: Told) -> None:
    counts = Counter((fact.org, fact.queue, fact.span, tuple(fact.values)) for fact in facts)
    shared = sum(count - 1 for count in counts.values())
    if shared:
        key = next(key for key, count in counts.items() if count > 1)
        first = next(fact for fact in facts if (fact.org, fact.queue, fact.span, tuple(fact.values)) == key)
        told.guess("rows of one team, queue and period", f"{shared} rows more than one",
                   "added up; rates are averaged by their weight", "Other columns tell them apart",
                   place=export.place(first.record, 0), is_sure=False)  # fmt: skip
