"""``targets compare``."""

from __future__ import annotations

from pathlib import Path

import click


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
    from workbooks.command.changing import change_book
    from workbooks.command.output import say_change
    from workbooks.compare_run import compare_scenarios

    done, made = change_book(
        book,
        lambda data, options: compare_scenarios(data, names, options),
        shows_progress=not (quiet or as_json),
        discard_edits=discard_edits,
    )
    details = {"words": list(made.words)} if made is not None else None
    say_change(book, done, as_json=as_json, quiet=quiet, details=details)
    if made is not None and not (as_json or quiet):
        for words in made.words:
            click.echo(words)
    return int(done.status)
