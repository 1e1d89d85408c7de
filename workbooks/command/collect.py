"""``targets collect``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbooks.collect_run import CollectRun


@click.command(epilog="Example: targets collect plan.xlsx packs/")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, required=True)
@click.option("--reconcile/--no-reconcile", "is_reconciled", default=True, show_default=True,
              help="Also solve the plan that moves accepted numbers least.")  # fmt: skip
@click.option("--take", "taken", multiple=True, metavar="NODE",
              help="Take counters of this node and below into Limits; again for more nodes, or all.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def collect(
    *, book: Path, paths: tuple[str, ...], is_reconciled: bool, taken: tuple[str, ...], as_json: bool, quiet: bool
) -> int:
    """Read the answers in packs back into the sheet Responses of BOOK. PATHS are files, folders or patterns.

    Who has answered, who is overdue, counter-proposals beside the proposal, the gap at every node, and the plan that
    moves accepted numbers least. A pack that is stale, changed or sent back twice with different answers is named and
    not taken. Nothing of it becomes a target by itself: what you take, becomes rows of Limits with owner and reason.
    """
    from engine.building.lookup import UnknownNameError
    from workbooks.batch.find import find_books
    from workbooks.collect_run import collect as run_collect
    from workbooks.command.asked import asked_command
    from workbooks.command.output import say_change
    from workbooks.run import RunOptions
    from workbooks.run_file import change_file

    found = [path for path in find_books(paths) if path.resolve() != book.resolve()]
    missing = [path for path in found if not path.is_file()]
    if missing or not found:
        raise click.UsageError(f"There is no file {missing[0]}." if missing else "There is no pack there.")
    files = [(path, path.read_bytes()) for path in found]
    options = RunOptions(command=asked_command(), by=getpass.getuser())
    made: list[CollectRun] = []

    def change(data: bytes) -> CollectRun:
        made.append(run_collect(data, files, options, is_reconciled=is_reconciled, taken=taken))
        return made[0]

    try:
        done = change_file(book, change)
    except UnknownNameError as unknown:
        raise click.BadParameter(str(unknown), param_hint="--take") from None
    say_change(book, done, as_json=as_json, quiet=quiet, details=_details(made[0]) if made else None)
    if made and not (as_json or quiet) and not done.status:
        _show(made[0])
    return int(done.status)


def _details(run: CollectRun) -> dict[str, object]:
    from dataclasses import asdict

    return {"sites": dict(run.state), "numbers": [asdict(row) for row in run.rows], "words": run.words}


def _show(run: CollectRun) -> None:
    from workbooks.tabs.responses import answered_words

    click.echo(answered_words(run.state))
    for row in run.rows:
        if row.told:
            click.echo(row.told)
    if run.words:
        click.echo(run.words)
