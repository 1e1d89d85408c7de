"""``targets reforecast``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: targets reforecast plan.xlsx --smallest-move 25")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--keep-near", type=click.Choice(["agreed", "fair share"]),
              help="What numbers stay close to: what was sealed, or history; by default as in Settings.")  # fmt: skip
@click.option(
    "--move-only",
    multiple=True,
    metavar="NODE",
    help="A site, team or queue that may move; by default as in Settings.",
)
@click.option("--smallest-move", type=click.FloatRange(0), metavar="ITEMS",
              help="Numbers that would move by less stay as they were; by default as in Settings.")  # fmt: skip
@click.option("--smallest-rate-move", type=click.FloatRange(0), metavar="POINTS",
              help="The same of rates: points of shares, of others their unit; by default as in Settings.")  # fmt: skip
@click.option("--discard-edits", is_flag=True, help="Lose numbers typed over results.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def reforecast(
    *, book: Path, keep_near: str | None, move_only: tuple[str, ...], smallest_move: float | None,
    smallest_rate_move: float | None, discard_edits: bool, dry_run: bool, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Plan the rest of the time of BOOK again: what has ended (As of) stands at its actuals.

    Targets over the whole time ask the rest for what is missing, near what was agreed and in its season. The result
    sheets hold the new plan; Changes lists what was, what is now, and why. Agreed stays what it was.
    """
    from engine.building.lookup import UnknownNameError
    from workbooks.command.changing import change_book
    from workbooks.command.output import say_change
    from workbooks.reforecast_run import Wanted, reforecast_book

    wanted = Wanted(None if keep_near is None else keep_near == "agreed", move_only, smallest_move, smallest_rate_move)
    try:
        done, made = change_book(
            book,
            lambda data, options: reforecast_book(data, wanted, options),
            shows_progress=not (quiet or as_json),
            discard_edits=discard_edits,
            is_dry=dry_run,
        )
    except UnknownNameError as unknown:
        raise click.BadParameter(str(unknown), param_hint=f"--{unknown.field.lower()}") from None
    details = {"words": made.words.splitlines()} if made is not None else None
    say_change(book, done, as_json=as_json, quiet=quiet, details=details)
    if made is not None and made.words and not (as_json or quiet):
        click.echo(made.words)
    return int(done.status)
