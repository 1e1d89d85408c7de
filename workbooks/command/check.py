"""``targets check``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: targets check plan.xlsx --json")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing; the exit status tells (1: something stops a run).")
def check(book: Path, as_json: bool, quiet: bool) -> int:
    """List everything that is wrong or surprising in BOOK, each with its cell and how to mend it.

    Nothing is written. Exit status 1 if anything stops a run, else 0.
    """
    from engine.issues import stops
    from workbooks.beside.read_back import lying_at
    from workbooks.command.output import count_issues, say_issues
    from workbooks.package.save import load
    from workbooks.variance_run import check_book

    opened = load(book)
    with lying_at(opened.path):
        issues = opened.issues if opened.data is None else (*opened.issues, *check_book(opened.data).issues)
    status = 1 if stops(issues) else 0
    if as_json:
        from workbooks.command.machine import Report, issue_reports

        report = Report(book=str(book), status=status, written=False, issues=issue_reports(issues))
        click.echo(report.model_dump_json(indent=2))
    elif not quiet:
        say_issues(issues)
        click.echo(f"{book.name}: {count_issues(issues)}")
    return status
