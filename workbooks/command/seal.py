"""``targets seal``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: targets seal plan.xlsx --version 2")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--version", "version", default="", help="What the version is called; by default Settings, else counted.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def seal(book: Path, version: str, as_json: bool, quiet: bool) -> int:
    """Seal the targets of BOOK as they stand in Cascade: they become what is agreed, in the sheet Agreed.

    Variance measures actuals against them, whatever is cascaded later, and Targets and Limits may ask for
    "% of agreed". Exit status: 0 done, 1 the cascade is not that of the inputs and nothing was written,
    5 BOOK could not be written.
    """
    from workbooks.command.changing import change_book
    from workbooks.command.output import say_change
    from workbooks.seal_run import seal as run_seal

    done, run = change_book(
        book, lambda data, options: run_seal(data, version, options), shows_progress=not (quiet or as_json)
    )
    made = run.seal if run is not None else None
    details = {"version": made.version, "at": made.at, "inputs": made.fingerprint} if made is not None else None
    say_change(book, done, as_json=as_json, quiet=quiet, details=details)
    if made is not None and done.is_written and not (as_json or quiet):
        met = f", {run.met}" if run is not None and run.met else ""
        click.echo(f"sealed: version {made.version}, {made.at}, inputs {made.fingerprint}{met}")
    return int(done.status)
