"""``targets version``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbooks.version_run import VersionRun
    from workbooks.versions.compare import Difference

_MOST = 20
_STATUSES = ("draft", "proposed", "agreed")


@click.group(epilog="Example: targets version save plan.xlsx --name 2, then targets version verify plan.xlsx")
def version() -> None:
    """Keep versions of a plan in its workbook, compare them, prove them unchanged, put one back."""


@version.command(epilog="Example: targets version save plan.xlsx --name 2 --status proposed")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What it is called; by default Settings, else counted.")
@click.option(
    "--status",
    type=click.Choice((*_STATUSES, "sealed")),
    metavar="[draft|proposed|agreed]",
    default="draft",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def save(book: Path, name: str, status: str, as_json: bool, quiet: bool) -> int:
    """Keep the inputs and results of BOOK as a version, with their fingerprints. targets seal keeps a sealed one."""
    from workbooks.command.asked import asked_command
    from workbooks.run import RunOptions
    from workbooks.version_run import save_version

    if status == "sealed":
        raise click.UsageError(
            f"A version is sealed by: targets seal {book}" + (f' --version "{name}"' if name else "")
        )
    options = RunOptions(command=asked_command(), by=getpass.getuser())
    run, status_code = _change(book, lambda data: save_version(data, name, status, options), as_json, quiet)
    if run is not None and run.version is not None and status_code == 0 and not (as_json or quiet):
        kept = run.version
        click.echo(f"version {kept.name}, {kept.status}: inputs {kept.fingerprint}, results {kept.result_fingerprint}")
    return status_code


@version.command("list", epilog="Example: targets version list plan.xlsx")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON for machines.")
def list_(book: Path, as_json: bool) -> int:
    """List the versions that BOOK keeps, oldest first."""
    import json

    from workbooks.command.output import say_issues
    from workbooks.package.save import load
    from workbooks.versions.store import read_versions

    opened = load(book)
    if opened.data is None:
        say_issues(opened.issues)
        return 1
    kept = read_versions(opened.data)
    rows = [
        (each.name, each.status, each.at, each.by, each.fingerprint, each.result_fingerprint) for each in kept.versions
    ]
    headers = ("Version", "Status", "At", "By", "Inputs", "Results")
    if as_json:
        click.echo(json.dumps([dict(zip(headers, row, strict=True)) for row in rows], indent=2))
        return 0
    for row in _columns([headers, *rows]):
        click.echo(row)
    for name in kept.damaged:
        click.echo(f"{name}: changed where it is kept; it proves nothing any more", err=True)
    return 0


@version.command(epilog="Example: targets version compare plan.xlsx 1 now")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("first")
@click.argument("second", default="now")
@click.option("--json", "as_json", is_flag=True, help="Print every difference as JSON for machines.")
def compare(book: Path, first: str, second: str, as_json: bool) -> int:
    """Tell every cell in which two versions of BOOK differ; "now" is BOOK as it stands."""
    from workbooks.version_run import compare_versions

    run = _look(book, lambda data: compare_versions(data, first, second))
    if run is None or run.status:
        return 1
    _show(run.differences, [""] * len(run.differences), as_json=as_json)
    if not (as_json or run.differences):
        click.echo(f"{first} and {second}: every input and result is the same")
    return 0


@version.command(epilog="Example: targets version verify plan.xlsx")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("name", default="")
@click.option("--json", "as_json", is_flag=True, help="Print every difference as JSON for machines.")
def verify(book: Path, name: str, as_json: bool) -> int:
    """Prove that every input and result cell of BOOK is as version NAME has it, or name those that differ.

    Without NAME the version that was sealed last. Exit status: 0 unchanged, 3 something differs, 1 no such version.
    """
    from workbooks.version_run import verify_version

    run = _look(book, lambda data: verify_version(data, name))
    if run is None or run.verified is None:
        return 1
    found = run.verified
    _show(found.differences, found.since, as_json=as_json)
    if not as_json and found.is_unchanged:
        kept = found.version
        click.echo(f"version {kept.name}, {kept.status} {kept.at} by {kept.by}: every input and result is unchanged")
    return int(run.status)


@version.command(epilog='Example: targets version sign plan.xlsx --node Dublin --status agreed --by "Aoife Byrne"')
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--node", "nodes", multiple=True, help="Org node or queue, again for more; the whole plan if left out.")
@click.option("--status", required=True, type=click.Choice((*_STATUSES, "sealed")))
@click.option("--name", default="", help="The version that was looked at; by default the last one kept.")
@click.option("--by", default="", help="Who says so; by default you.")
@click.option("--comment", default="", help="What should be known about it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def sign(
    *, book: Path, nodes: tuple[str, ...], status: str, name: str, by: str, comment: str, as_json: bool, quiet: bool
) -> int:
    """Note in the table SignOff of BOOK how far somebody is with a version; the sheet Sign Off Status shows it all."""
    from workbooks.command.asked import asked_command
    from workbooks.command.output import say_change
    from workbooks.run import RunOptions
    from workbooks.run_file import change_file
    from workbooks.sign_run import SignRun, Word
    from workbooks.sign_run import sign as run_sign

    options = RunOptions(command=asked_command(), by=getpass.getuser())
    made: list[SignRun] = []

    def change(data: bytes) -> SignRun:
        made.append(run_sign(data, [Word(nodes, status, name, by, comment)], options))
        return made[0]

    done = change_file(book, change)
    details = {"words": made[0].words} if made else None
    say_change(book, done, as_json=as_json, quiet=quiet, details=details)
    if made and done.is_written and not (as_json or quiet):
        click.echo(made[0].words)
    return int(done.status)


@version.command(epilog="Example: targets version restore plan.xlsx 1")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say which tables would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def restore(book: Path, name: str, dry_run: bool, as_json: bool, quiet: bool) -> int:
    """Put the inputs of version NAME back into the input tables of BOOK. Cascade afterwards."""
    from workbooks.version_run import restore_version

    run, status = _change(book, lambda data: restore_version(data, name), as_json, quiet, is_dry=dry_run)
    if run is not None and status == 0 and not (as_json or quiet):
        click.echo(
            f"put back: {', '.join(run.tables) or 'nothing, all inputs are the same'}; now: targets cascade {book}"
        )
    return status


def _change(
    book: Path, change: Callable[[bytes], VersionRun], as_json: bool, quiet: bool, *, is_dry: bool = False
) -> tuple[VersionRun | None, int]:
    from workbooks.command.output import say_change
    from workbooks.run_file import change_file

    made: list[VersionRun] = []

    def changed(data: bytes) -> VersionRun:
        made.append(change(data))
        return made[0]

    done = change_file(book, changed, is_dry=is_dry)
    say_change(book, done, as_json=as_json, quiet=quiet, details=_details(made[0]) if made else None)
    return (made[0] if made else None), int(done.status)


def _details(run: VersionRun) -> dict[str, object]:
    """Return what machines are told of a version that was kept or put back."""
    found: dict[str, object] = {"tables": list(run.tables)}
    if run.version is not None:
        kept = run.version
        found |= {"version": kept.name, "status": kept.status, "at": kept.at, "by": kept.by}
        found |= {"inputs": kept.fingerprint, "results": kept.result_fingerprint}
    return found


def _look(book: Path, look: Callable[[bytes], VersionRun]) -> VersionRun | None:
    from workbooks.command.output import say_issues
    from workbooks.package.save import load

    opened = load(book)
    if opened.data is None:
        say_issues(opened.issues)
        return None
    run = look(opened.data)
    say_issues(run.issues)
    return run


def _show(differences: Sequence[Difference], since: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        import json
        from dataclasses import asdict

        both = zip(differences, since, strict=True)
        click.echo(json.dumps([{**asdict(each), "since": told} for each, told in both], ensure_ascii=False, indent=2))
        return
    inputs = sum(each.is_input for each in differences)
    if differences:
        click.echo(f"{inputs:,} input and {len(differences) - inputs:,} result cells or rows differ")
    if len(differences) > _MOST:
        click.echo(f"  {', '.join(f'{name}: {count:,}' for name, count in _by_table(differences).items())}")
    for each, told in list(zip(differences, since, strict=True))[:_MOST]:
        what = f" {each.what}" if each.what else ""
        ends = f"; {told}" if told else ""
        click.echo(f"  {each.where}{what}: {each.before or 'not there'} → {each.now or 'gone'}{ends}")
    if len(differences) > _MOST:
        click.echo(f"  … and {len(differences) - _MOST:,} more; all of them with --json")


def _by_table(differences: Sequence[Difference]) -> dict[str, int]:
    """Return how many differ on each sheet; cells beside a table count with it."""
    counts: dict[str, int] = {}
    for each in differences:
        name = each.table.removesuffix(", around")
        counts[name] = counts.get(name, 0) + 1
    return counts


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
