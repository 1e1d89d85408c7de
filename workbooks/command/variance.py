"""``targets variance``."""

from __future__ import annotations

import getpass
from pathlib import Path

import click


@click.command(epilog="Example: targets variance plan.xlsx")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--discard-edits", is_flag=True, help="Lose numbers typed over results.")
def variance(book: Path, as_json: bool, quiet: bool, dry_run: bool, discard_edits: bool) -> int:
    """Compare the actuals in BOOK with what was agreed, and write Variance and Review into it.

    Actuals that cannot be used are set aside and named; the rest is computed. Exit status: 0 done,
    1 the input is wrong and nothing was written, 5 BOOK could not be written.
    """
    from workbooks.command.asked import asked_command
    from workbooks.command.output import say_change
    from workbooks.command.progress import Progress
    from workbooks.package.compose import TypedOver
    from workbooks.run import RunOptions
    from workbooks.run_file import change_file
    from workbooks.tabs.review_words import headlines
    from workbooks.variance_run import VarianceRun
    from workbooks.variance_run import variance as run_variance

    with Progress(is_shown=not (quiet or as_json)) as progress:
        options = RunOptions(
            typed_over=TypedOver.DISCARD if discard_edits else TypedOver.REFUSE,
            command=asked_command(),
            by=getpass.getuser(),
            on_step=progress.step,
        )
        runs: list[VarianceRun] = []

        def change(data: bytes) -> VarianceRun:
            runs.append(run_variance(data, options))
            return runs[-1]

        done = change_file(book, change, is_dry=dry_run)
    if runs and not (as_json or quiet):
        for sentence in headlines(runs[-1].table):
            click.echo(sentence)
    say_change(book, done, as_json=as_json, quiet=quiet)
    return int(done.status)
