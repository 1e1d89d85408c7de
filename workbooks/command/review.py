"""``targets review``."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

NOT_WRITTEN = 5


@click.command(epilog="Example: targets review plan.xlsx -o review.html")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), default=Path("review.html"), show_default=True,
    help="Where the page is written.",
)  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def review(book: Path, output: Path, quiet: bool) -> int:
    """Write the review of BOOK as one self-contained page: offline, in print, light and dark.

    BOOK itself stays as it is. Exit status: 0 done, 1 the input is wrong, 5 the page could not be written.
    """
    from workbooks.beside.read_back import lying_at
    from workbooks.command.asked import asked_command
    from workbooks.command.output import MOST_PLACES, count_issues, say_issues
    from workbooks.command.progress import Progress
    from workbooks.package.save import load
    from workbooks.run import RunOptions
    from workbooks.variance_run import page

    opened = load(book)
    with Progress(is_shown=not quiet) as progress:
        options = RunOptions(command=asked_command(), by=getpass.getuser(), on_step=progress.step)
        with lying_at(opened.path):
            made = page(opened.data, options) if opened.data is not None else None
    issues = opened.issues if made is None else made.issues
    if made is None or made.html is None:
        say_issues(issues, most=MOST_PLACES)
        click.echo(f"{book.name}: no page was written; {count_issues(issues)}")
        return 1
    try:
        output.write_text(made.html, encoding="utf-8")
    except OSError as failed:
        click.echo(f"{output} could not be written: {failed.strerror}", err=True)
        return NOT_WRITTEN
    if not quiet:
        say_issues(issues, most=MOST_PLACES)
        click.echo(f"{output}: written; {count_issues(issues)}")
    return 0
