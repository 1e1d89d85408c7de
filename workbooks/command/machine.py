"""The answer to ``--json``: one object, the same for every command.

Owns: its shape, as pydantic models, so that machines can ask for a schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from engine.issues import Issue
from workbooks.addresses import reference
from workbooks.command.output import sorted_issues

if TYPE_CHECKING:
    from engine.outcome import Outcome
    from engine.variance.table import VarianceTable
    from workbooks.explain import Explanation
    from workbooks.importing.guesses import Guess


class IssueReport(BaseModel):
    """One problem or finding."""

    severity: str = Field(description="stop, conflict or note")
    code: str = Field(description="TC…, see the reference")
    where: str = Field(description="'Sheet'!Cell, or empty for the whole workbook")
    table: str
    field: str
    found: str
    expected: str
    mend: str
    amount: float | None
    unit: str


class ResultReport(BaseModel):
    """What a cascade came to."""

    cells: int
    targets: int
    targets_met: int
    limits_broken: int
    certificate_holds: bool
    is_complete: bool
    solved: str
    numbers_changed: int


class GuessReport(BaseModel):
    """One reading of an export that a person should confirm."""

    about: str
    where: str = Field(description="'File or sheet'!Cell of the export, or empty")
    found: str
    taken: str = Field(description="how it was read")
    why: str
    is_sure: bool = Field(description="false where another reading is about as likely")


class StandingReport(BaseModel):
    """Where a metric stands in a review: all org over all queues, to date; null where nobody knows."""

    metric: str
    period: str
    compared: float | None = Field(description="what was agreed, without what nobody reported")
    not_reported: float | None
    actual: float | None
    variance: float | None
    attainment: float | None = Field(description="actual ÷ compared; 2 − that where lower is better")
    status: str = Field(description="green, amber, red or no data")
    blocked_by: dict[str, float] = Field(description="what each constraint took, in the metric's unit")
    ends_at: float | None = Field(description="where the longest unfinished period is expected to end")
    ends_low: float | None = Field(description="lower bound of the 80 % interval")
    ends_high: float | None
    target: float | None = Field(description="what was agreed for all of that period")
    chance: float | None = Field(description="of meeting that target")


class Report(BaseModel):
    """What a command says to a machine."""

    book: str
    status: int = Field(description="the exit status of the command")
    written: bool
    issues: list[IssueReport]
    result: ResultReport | None = None
    guesses: list[GuessReport] | None = None
    standings: list[StandingReport] | None = None
    details: dict[str, Any] | None = Field(default=None, description="what else the command tells people, by name")


def standing_reports(table: VarianceTable) -> list[StandingReport]:
    """Return where each metric stands, for machines."""
    from engine.variance.attainment import Status
    from engine.variance.nodes import TOP
    from engine.variance.review import make_reviews

    def known(value: float) -> float | None:
        return value if isfinite(value) else None

    found = []
    for one in make_reviews(table):
        block, ending = one.table.block, one.endings[0] if one.endings else None
        causes = {cause: float(items[TOP, TOP]) for cause, items in one.table.blocked.items.items()}
        found.append(
            StandingReport(
                metric=table.plan.metrics.ids[one.table.metric],
                period=table.plan.periods.ids[int(table.periods.node[TOP])],
                compared=known(one.at_top(block.compared)),
                not_reported=known(one.at_top(block.not_reported)),
                actual=known(one.at_top(block.actual)),
                variance=known(one.at_top(block.variance)),
                attainment=known(one.at_top(one.table.attainment)),
                status=Status(int(one.table.status[TOP, TOP])).label,
                blocked_by={cause: amount for cause, amount in causes.items() if amount > 0},
                ends_at=None if ending is None else known(ending.expected),
                ends_low=None if ending is None else known(ending.low),
                ends_high=None if ending is None else known(ending.high),
                target=None if ending is None else known(ending.target),
                chance=None if ending is None else known(ending.chance),
            )
        )
    return found


def issue_reports(issues: Sequence[Issue]) -> list[IssueReport]:
    """Return issues for machines, in the order in which people see them."""
    return [
        IssueReport(
            severity=each.severity.value,
            code=each.code,
            where=reference(each.place),
            table=each.place.table,
            field=each.place.field,
            found=each.found,
            expected=each.expected,
            mend=each.mend,
            amount=each.amount,
            unit=each.unit,
        )
        for each in sorted_issues(issues)
    ]


def guess_reports(guesses: Sequence[Guess]) -> list[GuessReport]:
    """Return guesses for machines, the least certain first."""
    return [
        GuessReport(
            about=each.about,
            where=reference(each.place),
            found=each.found,
            taken=each.taken,
            why=each.why,
            is_sure=each.is_sure,
        )
        for each in guesses
    ]


def result_report(outcome: Outcome, numbers_changed: int) -> ResultReport:
    """Return the result of a cascade for machines."""
    return ResultReport(
        cells=len(outcome.value),
        targets=len(outcome.targets.met),
        targets_met=int(outcome.targets.met.sum()),
        limits_broken=int(outcome.limits.contradicted.sum()),
        certificate_holds=outcome.certificate.holds,
        is_complete=outcome.is_complete,
        solved=outcome.solved,
        numbers_changed=numbers_changed,
    )


class LineReport(BaseModel):
    """One line of an explanation."""

    words: str
    amount: float


class ExplainReport(BaseModel):
    """Why a target is what it is: history and lines add up to fair share, and on to the target."""

    book: str
    history: float
    fair: float
    target: float
    written: bool = Field(description="whether the workbook's Cascade holds this target")
    before: list[LineReport] = Field(description="from history to fair share")
    after: list[LineReport] = Field(description="from fair share to target")
    levers: list[LineReport] = Field(description="changes, and what the target moves by when all is solved again")


def explain_report(book: str, found: Explanation) -> ExplainReport:
    """Return an explanation for machines."""
    bridge = found.bridge

    def lines(pairs: Iterable[tuple[str, float]]) -> list[LineReport]:
        return [LineReport(words=words, amount=amount) for words, amount in pairs]

    return ExplainReport(
        book=book,
        history=bridge.history,
        fair=bridge.fair,
        target=bridge.target,
        written=found.is_written,
        before=lines((line.words, line.amount) for line in bridge.before),
        after=lines((line.words, line.amount) for line in bridge.after),
        levers=lines((lever.words, lever.change) for lever in found.levers),
    )
