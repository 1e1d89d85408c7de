"""What a command says: to a person as lines, to a machine as JSON.

Owns: how issues and results look in a terminal, and the shape of ``--json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from engine.issues import Issue, Severity
from workbooks.addresses import reference

if TYPE_CHECKING:
    from engine.outcome import Outcome

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
            _ORDER.index(each.severity),
            each.place.sheet,
            each.place.row,
            each.place.column,
            each.code,
            each.found,
        ),
    )


def say_issues(issues: Sequence[Issue], *, most_notes: int = 20) -> None:
    """Print issues to standard error, the gravest first; long lists of notes are cut, and that is said."""
    notes = 0
    for each in sorted_issues(issues):
        if each.severity is Severity.NOTE:
            notes += 1
            if notes > most_notes:
                continue
        word, colour = _WORDS[each.severity]
        title = click.style(f"{word} {each.code}", fg=colour or None, bold=True)
        click.echo(f"{title}  {where(each)}: {each.found}", err=True)
        click.echo(f"    expected: {each.expected}", err=True)
        click.echo(f"    mend: {each.mend}", err=True)
    if notes > most_notes:
        click.echo(f"… and {notes - most_notes} more notes; --json lists them all", err=True)


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


def summary_lines(outcome: Outcome) -> list[str]:
    """Return the result in a few lines: what was asked, planned, missed, and how it was solved."""
    results, asked = outcome.targets, outcome.plan.targets
    lines = [f"{int(results.met.sum()):,} of {len(asked):,} targets met · {len(outcome.value):,} cells"]
    broken = int((outcome.limits.breach > 0).sum())
    if broken:
        lines.append(f"{broken:,} of {len(outcome.limits.breach):,} limits cannot be kept; see Diagnostics")
    lines.append(f"{outcome.solved}; certificate {'holds' if outcome.certificate.holds else 'DOES NOT HOLD'}")
    return lines
