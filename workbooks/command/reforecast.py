"""``targets reforecast``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbooks.reforecast_run import ReforecastRun


@click.command(epilog="Example: targets reforecast plan.xlsx --smallest-move 25")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--keep-near", type=click.Choice(["agreed", "fair share"]), default="agreed", show_default=True,
              help="What numbers stay close to: what was sealed, or history.")  # fmt: skip
@click.option(
    "--move-only", multiple=True, metavar="NODE", help="A site, team or queue that may move; all if left out."
)
@click.option("--smallest-move", type=click.FloatRange(0), default=0.0, metavar="ITEMS",
              help="Numbers that would move by less stay as they were.")  # fmt: skip
@click.option("--discard-edits", is_flag=True, help="Lose numbers typed over results.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def reforecast(
    *, book: Path, keep_near: str, move_only: tuple[str, ...], smallest_move: float, discard_edits: bool,
    dry_run: bool, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Plan the rest of the time of BOOK again: what has ended (As of) stands at its actuals.

    Targets over the whole time ask the rest for what is missing, near what was agreed and in its season. The result
    sheets hold the new plan; Changes lists what was, what is now, and why. Agreed stays what it was.
    """
    from engine.building.lookup import UnknownNameError
    from workbooks.command.asked import asked_command
    from workbooks.command.output import say_change
    from workbooks.command.progress import Progress
    from workbooks.package.compose import TypedOver
    from workbooks.reforecast_run import Wanted, reforecast_book
    from workbooks.run import RunOptions
    from workbooks.run_file import change_file

    wanted = Wanted(keep_near == "agreed", move_only, smallest_move)
    made: list[ReforecastRun] = []
    with Progress(is_shown=not (quiet or as_json)) as progress:
        options = RunOptions(
            typed_over=TypedOver.DISCARD if discard_edits else TypedOver.REFUSE,
            command=asked_command(),
            by=getpass.getuser(),
            on_step=progress.step,
        )

        def change(data: bytes) -> ReforecastRun:
            made.append(reforecast_book(data, wanted, options))
            return made[0]

        try:
            done = change_file(book, change, is_dry=dry_run)
        except UnknownNameError as unknown:
            raise click.BadParameter(str(unknown), param_hint=f"--{unknown.field.lower()}") from None
    say_change(book, done, as_json=as_json, quiet=quiet)
    if made and made[0].words and not (as_json or quiet):
        click.echo(made[0].words)
    return int(done.status)
