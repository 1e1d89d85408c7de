"""``targets undo``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbooks.undo import Undone


@click.command(epilog="Example: targets undo plan.xlsx")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
@click.option("--dry-run", is_flag=True, help="Say what would come back; write nothing.")
@click.option("--discard-edits", is_flag=True, help="Lose numbers typed over results since the run.")
def undo(book: Path, as_json: bool, quiet: bool, dry_run: bool, discard_edits: bool) -> int:
    """Undo the last run of targets cascade on BOOK.

    The whole file comes back if it is still just what the run wrote. If people have changed it since, only the
    engine's tables are put back. The last states of each workbook are kept on this computer; the environment variable
    TARGETS_UNDO names the folder, or is off.

    Exit status: 0 done, 1 there is nothing to undo or it was refused, 5 BOOK could not be written.
    """
    from workbooks.package.compose import TypedOver
    from workbooks.undo import undo_file

    done = undo_file(book, TypedOver.DISCARD if discard_edits else TypedOver.REFUSE, is_dry=dry_run)
    _tell(book, done, as_json=as_json, quiet=quiet)
    return int(done.status)


def _tell(book: Path, done: Undone, *, as_json: bool, quiet: bool) -> None:
    from engine.issues import stops
    from workbooks.command.output import say_issues

    if as_json:
        from workbooks.command.machine import Report, issue_reports

        report = Report(
            book=str(book), status=int(done.status), written=done.is_written, issues=issue_reports(done.issues)
        )
        click.echo(report.model_dump_json(indent=2))
        return
    if quiet and not stops(done.issues):
        return
    say_issues(done.issues)
    if stops(done.issues):
        click.echo(f"{book.name}: nothing was written")
        return
    what = "the workbook as it stood before the last run" if done.is_whole else "the engine's tables"
    click.echo(f"{book.name}: {what} {'came back' if done.is_written else 'would come back; nothing was written'}")
