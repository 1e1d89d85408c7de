"""``targets explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbooks.explain import Explanation

_NOT_HELD = "does not hold this yet: its inputs changed since the last cascade, or none was run."
_NOT_WRITTEN = 5


@click.command(epilog="Example: targets explain plan.xlsx --org Dublin --period 2024Q1 -o dublin.html")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--metric", metavar="NAME",
              help="A metric, or a built-in one of hours, people or waiting; not needed if there is one.")  # fmt: skip
@click.option("--org", metavar="NODE", help="Id, alias or path of a region, site, team or group; all org if left out.")
@click.option("--queue", metavar="NODE", help="A policy, queue or group; all queues if left out.")
@click.option("--period", metavar="PERIOD", help="A year, quarter, month …; the whole horizon if left out.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the page into this file, to print or send: .html a web page, else plain text.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON for machines.")
def explain(
    *,
    book: Path,
    metric: str | None,
    org: str | None,
    queue: str | None,
    period: str | None,
    output: Path | None,
    as_json: bool,
) -> int:
    """Explain one target of BOOK on a page: from history to target, line by line, and what would move it.

    The plan in BOOK is solved again; BOOK stays as it is. Exit status 0, 1 if the input is wrong, 5 if the page could
    not be written.
    """
    from engine.building.lookup import UnknownNameError
    from engine.issues import stops
    from workbooks.beside.read_back import lying_at
    from workbooks.command.output import say_issues
    from workbooks.explain import Asked
    from workbooks.explain import explain as explain_target
    from workbooks.package.save import load
    from workbooks.run import read_plan

    opened = load(book)
    if opened.data is None:
        say_issues(opened.issues)
        return 1
    with lying_at(opened.path):
        read = read_plan(opened.data)
    if read.plan is None:
        say_issues([each for each in read.issues if stops([each])])
        return 1
    try:
        with lying_at(opened.path):
            found = explain_target(opened.data, read, Asked(metric, org, queue, period))
    except UnknownNameError as unknown:
        raise click.BadParameter(str(unknown), param_hint=[f"--{each.lower()}" for each in unknown.fields]) from None
    if as_json:
        from workbooks.command.machine import explain_report

        click.echo(explain_report(str(book), found).model_dump_json(indent=2))
        return 0
    if output is None:
        click.echo(found.text)
    elif (failed := _write(found, book, output)) is not None:
        click.echo(f"{output} could not be written: {failed}", err=True)
        return _NOT_WRITTEN
    else:
        click.echo(f"{output}: written")
    if not found.is_written:
        click.echo(f"{book.name} {_NOT_HELD}", err=True)
    return 0


def _write(found: Explanation, book: Path, output: Path) -> str | None:
    """Write the page; return why it could not be, None where it was."""
    from workbooks.page.explain_page import explain_page

    made = found.text
    if output.suffix.casefold() in (".html", ".htm"):
        made = explain_page(found.page, f"From {book.name}." if found.is_written else f"{book.name} {_NOT_HELD}")
    try:
        output.write_text(made, encoding="utf-8")
    except OSError as failed:
        return failed.strerror or str(failed)
    return None
