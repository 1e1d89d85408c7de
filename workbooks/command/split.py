"""``targets split``."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.issues import Issue


@click.command(epilog="Example: targets split plan.xlsx --level Site -o packs/ --due 2026-02-15")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--by", type=click.Choice(["org", "queue"]), default="org", show_default=True, help="The tree that is split."
)
@click.option(
    "--level", required=True, metavar="LEVEL", help="One workbook per node of this level: Region, Site, Policy …"
)
@click.option("-o", "--output", "folder", required=True, type=click.Path(path_type=Path, file_okay=False),
              help="The folder for the workbooks.")  # fmt: skip
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="The day by which to answer.")
@click.option("--version", default="", help="What the proposal is called; by default Settings.")
@click.option("--replace", is_flag=True, help="Replace workbooks that are in the folder already.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def split(
    *, book: Path, by: str, level: str, folder: Path, due: datetime | None, version: str, replace: bool, as_json: bool,
    quiet: bool,
) -> int:  # fmt: skip
    """Make one workbook per site of BOOK: its own targets, to be accepted or answered with other numbers.

    A pack holds the targets, hours, limits and actuals of its own subtree and nothing of anybody else. It is filled
    in without macros, and read back with targets collect. BOOK remembers what was sent. With --by queue, queues or
    policies are asked instead of sites: for their backlogs and turnaround, too.
    """
    from engine.outcome import ExitStatus
    from workbooks.command.output import say_change
    from workbooks.packs.folder import in_the_way, write_packs
    from workbooks.run_file import change_file
    from workbooks.split_run import SplitRun
    from workbooks.split_run import split as run_split

    made: list[SplitRun] = []

    def change(data: bytes) -> SplitRun:
        run = run_split(data, level, due.date().isoformat() if due else "", version, by)
        stopped = in_the_way(folder, run.packs, replace=replace)
        if stopped:  # the workbook is not to remember packs that nobody gets
            run = changed(run, status=ExitStatus.NOT_WRITTEN, issues=(*run.issues, *stopped), data=None)
        made.append(run)
        return run

    done = change_file(book, change)
    failed: list[Issue] = []
    files: list[str] = []
    if made and not done.status:
        for path, issues in write_packs(folder, made[0].packs, replace=replace):
            failed += issues
            files += [] if issues else [str(path)]
    if failed:
        done = changed(done, status=ExitStatus.NOT_WRITTEN, issues=(*done.issues, *failed))
    say_change(book, done, as_json=as_json, quiet=quiet, details={"files": files})
    if not (as_json or quiet):
        for file in files:
            click.echo(file)
    return int(done.status)
