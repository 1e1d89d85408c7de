"""``targets watch``."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbooks.click.answer import Answer


@click.command(epilog="Example: targets watch plan.xlsx")
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def watch(book: Path) -> int:
    """Cascade BOOK anew whenever it is saved, until you press Ctrl+C.

    In Excel, where the workbook is open there, else in the file.
    """
    try:
        import watchfiles  # noqa: F401  # an extra: said before anything is watched
    except ImportError:
        click.echo("Watching needs the package watchfiles: pip install 'target-cascade[watch]'", err=True)
        return 1
    from workbooks.watch import watch_book

    def tell(answer: Answer) -> None:
        click.echo(f"{datetime.now().astimezone():%H:%M:%S}  {answer.message}")

    click.echo(f"Watching {book}; save it to cascade, press Ctrl+C to end.")
    watch_book(book.resolve(), getpass.getuser(), tell)
    return 0
