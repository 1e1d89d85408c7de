"""``targets click``: what the buttons call."""

from __future__ import annotations

import getpass
from pathlib import Path

import click as cli


@cli.command(name="click", epilog="The buttons of a macro workbook call this; there is no need to.")
@cli.argument("request", type=cli.Path(path_type=Path, exists=True, dir_okay=False))
def click(request: Path) -> int:
    """Do what a button asks for: REQUEST is a file that the macro wrote, and names the file for the answer.

    Without a copy in the request, the open workbook itself is read and written, in Excel.
    """
    from workbooks.click.lines import escaped, written_lines
    from workbooks.click.on_copy import click_on_copy
    from workbooks.click.request import read_request
    from workbooks.click.work import By
    from workbooks.command.report_file import write_report
    from workbooks.live.click import click_live

    asked = read_request(request.read_text(encoding="ascii"))
    try:
        answer = (click_live if asked.copy is None else click_on_copy)(asked, By(getpass.getuser()))
    except Exception:
        if asked.answer is not None:
            asked.answer.write_text(written_lines([("status", "70"), ("message", escaped(write_report()))]), "ascii")
        raise
    if asked.answer is None:
        cli.echo(answer.message, err=True)  # for whoever waits for no file: the script that Excel starts on a Mac
    return answer.status
