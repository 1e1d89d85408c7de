"""``targets cascade``."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.workers import Workers
    from workbooks.command.progress import Progress
    from workbooks.run import Run, RunOptions
    from workbooks.run_file import FileRun


@click.command(epilog="Example: targets cascade plan.xlsx --save-lp plan.lp")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option(
    "--save-lp",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the linear program to FILE, in the names of the workbook.",
)
@click.option(
    "--worth",
    type=click.Choice(["none", "usual", "top", "all"]),
    default="usual",
    show_default=True,
    help="How much to find out by solving again: what closes misses, what hours and limits are worth. "
    "usual: what a small plan allows, and nothing under a time limit; top: the 20 largest of each; all: everything, "
    "which may take a hundred times as long as the plan.",
)
@click.option("--keep-edits", "edits", flag_value="keep", help="Keep numbers typed over results, as rows of Limits.")
@click.option("--discard-edits", "edits", flag_value="discard", help="Lose numbers typed over results.")
@click.option("--dask", metavar="ADDRESS",
              help="Do what can be done side by side on this Dask cluster: tcp://host:8786")  # fmt: skip
@click.option("--fresh", is_flag=True, help="Work everything out anew, whatever earlier runs on BOOK found.")
@click.option("--live", is_flag=True, help="In the workbook as it is open in Excel, saved or not; nothing is saved.")
def cascade(
    *,
    book: Path,
    as_json: bool,
    quiet: bool,
    dry_run: bool,
    save_lp: Path | None,
    worth: str,
    edits: str | None,
    dask: str | None,
    fresh: bool,
    live: bool,
) -> int:
    """Cascade the targets of BOOK down both trees and write the result sheets into it.

    Exit status: 0 all targets met, 1 the input is wrong and nothing was written, 3 a target is not met,
    4 limits contradict each other or capacity, 5 BOOK could not be written.
    """
    from workbooks.command.progress import Progress
    from workbooks.run_file import FileOptions, cascade_file

    if live:
        if dry_run or as_json or dask or fresh or save_lp is not None:
            raise click.UsageError("--live goes with --quiet, --keep-edits and --discard-edits alone.")
        return _cascade_live(book, edits, quiet=quiet)
    with Progress(is_shown=not (quiet or as_json)) as progress, _workers(dask) as workers:

        def announce(run: Run) -> None:
            if not (quiet or as_json):
                click.echo(f"{run.numbers_changed:,} numbers will change in {book.name}", err=True)

        options = replace(_options(edits, worth, progress), workers=workers)
        done = cascade_file(book, FileOptions(options, dry_run, fresh, announce))
    if save_lp is not None and done.run.outcome is not None:
        _save_lp(done.run, save_lp)
    _tell(book, done, as_json=as_json, quiet=quiet)
    return int(done.run.status)


@contextmanager
def _workers(dask: str | None) -> Iterator[Workers]:
    """Yield who does what can be done side by side: this machine's cores, or a cluster."""
    from workbooks.workers import CORES, OnExecutor

    if dask is None:
        yield CORES
        return
    from workbooks.batch.executors import NoClusterError, cluster

    try:
        with cluster(dask) as there:
            yield OnExecutor(there.executor, there.is_anybody_there)
    except NoClusterError as missing:
        raise click.UsageError(str(missing)) from missing


def _cascade_live(book: Path, edits: str | None, *, quiet: bool) -> int:
    from workbooks.click.request import Request
    from workbooks.click.work import By
    from workbooks.live.click import click_live

    verb = ("cascade",) if edits is None else ("cascade", edits)
    # Excel knows full names alone; a bare one of no file is a workbook that was never saved
    name = str(book.resolve() if book.exists() else book)
    answer = click_live(Request(verb, book=name), By(getpass.getuser()))
    if not (quiet and answer.met != "–"):
        click.echo(answer.message)
    return answer.status


def _options(edits: str | None, worth: str, progress: Progress) -> RunOptions:
    from engine.whatif.asking import Asking
    from workbooks.command.asked import asked_command
    from workbooks.package.compose import TypedOver
    from workbooks.run import RunOptions

    typed_over = {None: TypedOver.REFUSE, "keep": TypedOver.KEEP, "discard": TypedOver.DISCARD}[edits]
    return RunOptions(
        typed_over=typed_over, command=asked_command(), by=getpass.getuser(), asking=Asking(worth),
        on_step=progress.step, on_expected=progress.expect)  # fmt: skip


def _save_lp(run: Run, file: Path) -> None:
    from engine.formulation.naming import named_program
    from solver.lp_text import lp_text

    if run.outcome is not None:
        file.write_text(lp_text(*named_program(run.outcome.plan)), encoding="utf-8")


def _tell(book: Path, done: FileRun, *, as_json: bool, quiet: bool) -> None:
    from workbooks.command.output import MOST_PLACES, count_issues, say_issues, summary_lines

    run = done.run
    if as_json:
        from workbooks.command.machine import Report, issue_reports, result_report

        result = result_report(run.outcome, run.numbers_changed) if run.outcome is not None else None
        report = Report(
            book=str(book),
            status=int(run.status),
            written=done.is_written,
            issues=issue_reports(run.issues),
            result=result,
        )
        click.echo(report.model_dump_json(indent=2))
        return
    if quiet and run.data is not None:
        return
    say_issues(run.issues, most=MOST_PLACES)
    for line in summary_lines(run.outcome) if run.outcome is not None else ():
        click.echo(line)
    if done.known:
        click.echo(
            f"what has not changed was not worked out again: {done.known:,} of {done.asked:,} answers were known"
        )
    if run.data is not None and not done.is_written:
        click.echo(f"{run.numbers_changed:,} numbers would change in {book.name}")
    if done.is_written:
        click.echo(f"{book.name}: written; {count_issues(run.issues)}")
    else:
        click.echo(f"{book.name}: nothing was written; {count_issues(run.issues)}")
