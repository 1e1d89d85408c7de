"""``targets variance``."""

from __future__ import annotations

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
    from workbooks.command.changing import change_book
    from workbooks.command.output import say_change
    from workbooks.tabs.review_words import headlines
    from workbooks.variance_run import variance as run_variance

    done, made = change_book(
        book, run_variance, shows_progress=not (quiet or as_json), discard_edits=discard_edits, is_dry=dry_run
    )
    if made is not None and not (as_json or quiet):
        for sentence in headlines(made.table):
            click.echo(sentence)
    say_change(book, done, as_json=as_json, quiet=quiet, table=made.table if made is not None else None)
    return int(done.status)
