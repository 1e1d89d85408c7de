"""``targets macros``: buttons in a workbook, or beside it."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(epilog="Example: targets macros add plan.xlsx")
def macros() -> None:
    """Put buttons into a workbook, or write them as an add-in."""


@macros.command(epilog="Example: targets macros add plan.xlsx")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the .xlsm file if it exists.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def add(book: Path, replace: bool, quiet: bool) -> int:
    """Make BOOK.xlsm from BOOK.xlsx: the same workbook with a sheet Control and its buttons. BOOK.xlsx stays.

    A workbook that has macros of its own is refused; its macros are never opened.
    """
    from engine.issues import Issue
    from workbooks.command.output import say_issues
    from workbooks.macros.add import add_macros
    from workbooks.package.save import NOT_WRITTEN, load, write_new

    opened = load(book)
    if opened.data is None:
        say_issues(opened.issues)
        return 5 if any(each.code in NOT_WRITTEN for each in opened.issues) else 1
    made = add_macros(opened.data)
    target = book.with_suffix(".xlsm")
    issues = (made,) if isinstance(made, Issue) else write_new(target, made, replace=replace)
    if issues:
        say_issues(issues)
        return 5 if any(each.code in NOT_WRITTEN for each in issues) else 1
    if not quiet:
        click.echo(f"{target} is made, {book.name} stays as it is.")
        click.echo("Added: a sheet Control with buttons, the macros behind them, and code names where sheets had none.")
    return 0


@macros.command(epilog="Example: targets macros export buttons")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def export(folder: Path, quiet: bool) -> int:
    """Write the add-in Targets.xlam, and the same macros as .bas modules to import, into FOLDER."""
    from workbooks.macros.addin import add_in
    from workbooks.macros.modules import MODULES, exported

    made = {"Targets.xlam": add_in(), **{f"{name}.bas": exported(name) for name in MODULES}}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in made.items():
            (folder / name).write_bytes(data)
    except OSError as failed:
        click.echo(f"{folder} could not be written: {failed.strerror or failed}", err=True)
        return 5
    if not quiet:
        click.echo(f"{folder}: {', '.join(made)}")
        click.echo("In Excel: File, Options, Add-ins, Go, Browse to Targets.xlam; its buttons are on the tab Data.")
    return 0


@macros.command(epilog="Example: targets macros install")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def install(quiet: bool) -> int:
    """Note for this user where targets is, so that buttons find it; on a Mac, put its script into Excel's folder."""
    import os
    import sys

    from workbooks.macros.install import STORE_PYTHON, is_store_python, this_command
    from workbooks.macros.install import install as write_files

    if is_store_python(sys.base_prefix):
        click.echo(STORE_PYTHON, err=True)
        return 1
    command = this_command()
    if command is None:
        click.echo("There is no targets executable beside this Python; install target-cascade with pip.", err=True)
        return 1
    try:
        written = write_files(command, os.environ, Path.home(), sys.platform)
    except OSError as failed:
        click.echo(f"{failed.filename} could not be written: {failed.strerror or failed}", err=True)
        return 5
    if not quiet:
        click.echo(f"Buttons will start {command}")
        for path in written:
            click.echo(f"  noted in {path}")
    return 0
