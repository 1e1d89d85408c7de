"""``targets explain``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: targets explain plan.xlsx --org Dublin --period 2024Q1")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--metric", metavar="NAME", help="The metric; may be left out where there is one.")
@click.option("--org", metavar="NODE", help="Id, alias or path of a region, site, team or group; all org if left out.")
@click.option("--queue", metavar="NODE", help="A policy, queue or group; all queues if left out.")
@click.option("--period", metavar="PERIOD", help="A year, quarter, month …; the whole horizon if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON for machines.")
def explain(
    book: Path, metric: str | None, org: str | None, queue: str | None, period: str | None, as_json: bool
) -> int:
    """Explain one target of BOOK on a page: from history to target, line by line, and what would move it.

    The plan in BOOK is solved again; nothing is written. Exit status 0, or 1 if the input is wrong.
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
        raise click.BadParameter(str(unknown), param_hint=f"--{unknown.field.lower()}") from None
    if as_json:
        from workbooks.command.machine import explain_report

        click.echo(explain_report(str(book), found).model_dump_json(indent=2))
        return 0
    click.echo(found.text)
    if not found.is_written:
        click.echo(f"{book.name} does not hold this yet: its inputs changed since the last cascade, or none was run.",
                   err=True)  # fmt: skip
    return 0
