"""``targets doctor``."""

from __future__ import annotations

import click


@click.command(epilog="Example: targets doctor --it > for-it.txt")
@click.option("--it", "for_it", is_flag=True, help="Print a text for the IT department instead.")
def doctor(for_it: bool) -> int:
    """Look at what buttons in Excel or LibreOffice need on this computer, and say what to do for each finding.

    Exit status: 0 nothing to do, 1 something is missing.
    """
    from workbooks.doctor import examine, here
    from workbooks.it_text import it_text

    environment, home, platform = here()
    if for_it:
        click.echo(it_text(environment, home))
        return 0
    is_good = True
    for finding in examine(environment, home, platform):
        is_good &= finding.is_good
        sign = click.style("ok  ", fg="green") if finding.is_good else click.style("look", fg="yellow")
        click.echo(f"{sign} {finding.what}: {finding.found}")
        if finding.advice:
            click.echo(f"     → {finding.advice}")
    return 0 if is_good else 1
