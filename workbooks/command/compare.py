"""``targets compare``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbooks.compare_run import CompareRun


@click.command(epilog='Example: targets compare plan.xlsx --scenario "Hiring freeze" --scenario "Two more teams"')
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--scenario", "names", multiple=True, metavar="NAME", help="One of the table Scenarios; all if left out.")
@click.option("--discard-edits", is_flag=True, help="Lose numbers typed over the last comparison.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def compare(*, book: Path, names: tuple[str, ...], discard_edits: bool, as_json: bool, quiet: bool) -> int:
    """Solve the plan of BOOK under scenarios and write them side by side into the sheet Scenario Compare.

    A scenario is a set of rows of the table Scenarios: which table, which row, which column, and the change: a number,
    "+5 %", "−20 FTE". The plan itself stays as it is.
    """
    from workbooks.command.asked import asked_command
    from workbooks.command.output import say_change
    from workbooks.command.progress import Progress
    from workbooks.compare_run import compare_scenarios
    from workbooks.package.compose import TypedOver
    from workbooks.run import RunOptions
    from workbooks.run_file import change_file

    made: list[CompareRun] = []
    with Progress(is_shown=not (quiet or as_json)) as progress:
        options = RunOptions(
            typed_over=TypedOver.DISCARD if discard_edits else TypedOver.REFUSE,
            command=asked_command(),
            by=getpass.getuser(),
            on_step=progress.step,
        )

        def change(data: bytes) -> CompareRun:
            made.append(compare_scenarios(data, names, options))
            return made[0]

        done = change_file(book, change)
    say_change(book, done, as_json=as_json, quiet=quiet)
    if made and not (as_json or quiet):
        for words in made[0].words:
            click.echo(words)
    return int(done.status)
