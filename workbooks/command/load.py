"""``targets load``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.issues import Issue
    from workbooks.load.load_table import Loaded

_MOST_PLACES = 5


@click.command(epilog="Example: targets load plan.xlsx --table Actuals --from actuals.csv")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--table", required=True, metavar="TABLE", help="The input table to be filled: Actuals, Inflow …")
@click.option("--from", "where", required=True, metavar="SOURCE", envvar="TARGETS_LOAD_FROM", show_envvar=True,
              help="A .csv or .parquet file, or a database: postgresql+psycopg://user@host/name.")  # fmt: skip
@click.option("--query", default="", metavar="SQL", help="What to ask the database for; @FILE reads it from a file.")
@click.option("--column", "renamed", multiple=True, metavar="THEIRS=OURS",
              help="Their column under our header; may be given several times.")  # fmt: skip
@click.option("--append", "is_added", is_flag=True, help="Keep the rows that are there and add below them.")
@click.option("--dry-run", is_flag=True, help="Check everything; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def load(
    *, book: Path, table: str, where: str, query: str, renamed: tuple[str, ...], is_added: bool, dry_run: bool,
    as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Put rows of a file or a database into an input table of BOOK, in place of those that are there.

    Everything else in BOOK stays as it is. The rows are checked first; where anything stops, nothing is written.
    A password for a database belongs into its own place (PGPASSWORD, a service file), or the whole address into
    TARGETS_LOAD_FROM. Exit status: 0 done, 1 something is wrong, 5 BOOK could not be written.
    """
    from engine.issues import Issue, stops
    from workbooks.load.load_table import Loaded, LoadOptions, known_table
    from workbooks.load.load_table import load_table as loaded_with
    from workbooks.load.sources import read_source
    from workbooks.package.save import NOT_WRITTEN
    from workbooks.package.save import load as opened_file
    from workbooks.run_file import save_undoable

    name = known_table(table)
    if name is None:
        raise click.BadParameter(f"there is no input table {table!r}", param_hint="--table")
    opened = opened_file(book)
    issues: tuple[Issue, ...] = opened.issues
    done = Loaded(None, ())
    if opened.data is not None:
        source = read_source(where, _query(query))
        if isinstance(source, Issue):
            issues = (source,)
        else:
            done = loaded_with(opened.data, name, source, LoadOptions(is_added, _pairs(renamed)))
            issues = done.issues
    is_written = False
    if done.data is not None and not dry_run:
        told = save_undoable(opened, done.data)
        issues, is_written = (*issues, *told), not stops(told)
    status = 5 if any(each.code in NOT_WRITTEN for each in issues) else 0 if done.data is not None else 1
    _tell(book, name, done, issues, status, is_written=is_written, as_json=as_json, quiet=quiet)
    return status


def _query(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except OSError as failed:
        raise click.BadParameter(f"{text[1:]}: {failed.strerror}", param_hint="--query") from failed


def _pairs(renamed: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for each in renamed:
        theirs, equals, ours = each.partition("=")
        if not equals:
            raise click.BadParameter(f"{each!r} is not THEIRS=OURS", param_hint="--column")
        pairs[theirs.strip()] = ours.strip()
    return pairs


def _tell(
    book: Path, table: str, done: Loaded, issues: tuple[Issue, ...], status: int, *, is_written: bool, as_json: bool,
    quiet: bool,
) -> None:  # fmt: skip
    from workbooks.command.output import count_issues, say_issues

    if as_json:
        from workbooks.command.machine import Report, issue_reports

        report = Report(
            book=str(book), status=status, written=is_written, issues=issue_reports(issues),
            details={"table": table, "before": done.before, "after": done.after},
        )  # fmt: skip
        click.echo(report.model_dump_json(indent=2))
        return
    if quiet and is_written:
        return
    say_issues(issues, most=_MOST_PLACES)
    told = f"{table}: {done.before:,} rows before, {done.after:,} after; " if done.data is not None else ""
    click.echo(f"{book.name}: {told}{'written' if is_written else 'nothing was written'}; {count_issues(issues)}")
