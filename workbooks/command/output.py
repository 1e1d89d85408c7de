"""What a command says: to a person as lines, to a machine as JSON.

Owns: how issues and results look in a terminal, and the shape of ``--json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.codes import CODES
from engine.issues import Issue, Severity
from workbooks.addresses import reference

if TYPE_CHECKING:
    from engine.outcome import Outcome
    from engine.variance.table import VarianceTable
    from workbooks.run_file import Changed

MOST_PLACES = 5
"""Places named per code where a command has more to say than issues."""

_WORDS = {
    Severity.STOP: ("stops the run", "red"),
    Severity.CONFLICT: ("conflict", "yellow"),
    Severity.NOTE: ("note", ""),
}
_ORDER = (Severity.STOP, Severity.CONFLICT, Severity.NOTE)


def where(issue: Issue) -> str:
    """Return the place of an issue as a person reads it: ``'Capacity'!D17``."""
    return reference(issue.place) or issue.place.table or "the workbook"


def sorted_issues(issues: Iterable[Issue]) -> list[Issue]:
    """Return issues with the gravest first, then from top to bottom of each sheet."""
    return sorted(
        issues,
        key=lambda each: (
            (_ORDER.index(each.severity), "", 0, 0, each.code, "")
            if each.code == "TC720"  # lines of one contradiction stay together, as they come
            else (
                _ORDER.index(each.severity),
                each.place.sheet,
                each.place.row,
                each.place.column,
                each.code,
                each.found,
            )
        ),
    )


def say_issues(issues: Sequence[Issue], *, most: int | None = None) -> None:
    """Print issues to standard error, the gravest first, those of one code together.

    Parameters
    ----------
    most : places named per code, unless it stops the run; None = all
    """
    by_code: dict[str, list[Issue]] = {}
    for each in sorted_issues(issues):
        by_code.setdefault(each.code, []).append(each)
    for code, listed in by_code.items():
        kind = CODES[code]
        word, colour = _WORDS[listed[0].severity]  # the gravest of them; a run may tell of a kind more mildly
        click.echo(click.style(f"{code} {word}: {kind.title}", fg=colour or None, bold=True), err=True)
        shown = listed if most is None or kind.severity is Severity.STOP else listed[:most]
        expected, mend = (_common({getattr(each, what) for each in listed}, getattr(kind, what)) for what in _SAID)
        for each in shown:
            click.echo(f"  {where(each)}: {each.found}{_own_words(each, expected, mend)}", err=True)
        if len(shown) < len(listed):
            click.echo(f"  … and {len(listed) - len(shown):,} more; see Diagnostics", err=True)
        click.echo(f"  expected: {expected}", err=True)
        click.echo(f"  mend: {mend}", err=True)


_SAID = ("expected", "mend")


def _common(said: set[str], usual: str) -> str:
    """Return what all cases say, or the usual words where they differ."""
    return next(iter(said)) if len(said) == 1 else usual


def _own_words(each: Issue, expected: str, mend: str) -> str:
    """Return what a case says that is not said below all of them."""
    own_expected = f" (expected: {each.expected})" if each.expected != expected else ""
    own_mend = f" → {each.mend}" if each.mend != mend else ""
    return own_expected + own_mend


def count_issues(issues: Sequence[Issue]) -> str:
    """Return how many issues there are of each kind, in words."""
    counts = [
        (sum(each.severity is severity for each in issues), singular, plural)
        for severity, singular, plural in (
            (Severity.STOP, "problem that stops the run", "problems that stop the run"),
            (Severity.CONFLICT, "conflict", "conflicts"),
            (Severity.NOTE, "note", "notes"),
        )
    ]
    said = [f"{count:,} {singular if count == 1 else plural}" for count, singular, plural in counts if count]
    return ", ".join(said) if said else "nothing to mend"


def say_change(
    book: Path,
    done: Changed,
    *,
    as_json: bool,
    quiet: bool,
    table: VarianceTable | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Print what a command that changes a workbook came to.

    Parameters
    ----------
    table : of a review, whose standings machines are told
    details : what else machines are told; people are told by the command
    """
    if as_json:
        from workbooks.command.machine import Report, issue_reports, standing_reports

        report = Report(
            book=str(book),
            status=int(done.status),
            written=done.is_written,
            issues=issue_reports(done.issues),
            standings=None if table is None else standing_reports(table),
            details=None if details is None else dict(details),
        )
        click.echo(report.model_dump_json(indent=2))
        return
    if quiet and done.is_written:
        return
    say_issues(done.issues, most=MOST_PLACES)
    written = "written" if done.is_written else "nothing was written"
    click.echo(f"{book.name}: {written}; {count_issues(done.issues)}")


def summary_lines(outcome: Outcome) -> list[str]:
    """Return the result in a few lines: what was asked, planned, missed, and how it was solved."""
    results, asked = outcome.targets, outcome.plan.targets
    lines = [f"{int(results.met.sum()):,} of {len(asked):,} targets met · {len(outcome.value):,} cells"]
    broken = int(outcome.limits.contradicted.sum())
    if broken:
        lines.append(f"{broken:,} of {len(outcome.limits.breach):,} limits cannot be kept; see Diagnostics")
    lines.append(f"{outcome.solved}; certificate {'holds' if outcome.certificate.holds else 'DOES NOT HOLD'}")
    return lines
