"""``targets init``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from workbooks.importing.book import ImportOptions, ImportResult


@click.command(epilog="Example: targets init plan.xlsx --from export.csv")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--sample", metavar="NAME", help="Fill it with a sample; --sample list names them.")
@click.option(
    "--from",
    "sources",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="EXPORT",
    multiple=True,
    help="Fill it from a .csv or .xlsx export; every guess is listed. Again for one that joins it: headcount beside"
    " volumes.",
)
@click.option("--sheet", metavar="NAME", help="Sheet of EXPORT; without it, the one with the most records.")
@click.option(
    "--column",
    "columns",
    metavar="HEADER=ROLE",
    multiple=True,
    help="What a column of EXPORT is: org, queue, period, year, metric, volume, rate, sample, handle time, fte, hours,"
    " inflow, backlog or ignore.",
)
@click.option("--periods", type=click.IntRange(1, 120), metavar="N", help="Periods to plan after those of EXPORT.")
@click.option("--replace", is_flag=True, help="Replace BOOK if it exists.")
@click.option("--json", "as_json", is_flag=True, help="Print guesses and findings as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def init(
    book: Path, sample: str | None, sources: tuple[Path, ...], replace: bool, as_json: bool, quiet: bool, **reading: Any
) -> int:
    """Make the plan workbook BOOK: a template to fill in, a sample on real figures, or a plan from an export.

    An .xlsm gets buttons.
    """
    if not sources:
        if any(reading.values()):
            raise click.UsageError("--sheet, --column and --periods say how an export is read: add --from EXPORT.")
        return _make(book, sample, replace=replace, quiet=quiet)
    if sample is not None:
        raise click.UsageError("--sample and --from fill the same workbook: give one of them.")
    return _import(book, sources, _options(**reading), replace=replace, as_json=as_json, quiet=quiet)


def _make(book: Path, sample: str | None, *, replace: bool, quiet: bool) -> int:
    from workbooks.template.blank import blank_workbook
    from workbooks.template.samples import find_samples

    samples = find_samples()
    if sample is not None and sample not in samples:
        listed = "\n".join(f"  {name:<14} {each.description}" for name, each in samples.items())
        if sample == "list":
            click.echo(listed)
            return 0
        raise click.BadParameter(f"there is no sample {sample!r}. The samples:\n{listed}", param_hint="--sample")
    status = _write(book, blank_workbook() if sample is None else samples[sample].make(), replace=replace)
    if status == 0 and not quiet:
        click.echo(f"{book} is made. Open it and start with the sheet Start, then: {_next_step(book)}")
    return status


def _has_buttons(book: Path) -> bool:
    return book.suffix.casefold() == ".xlsm"


def _next_step(book: Path) -> str:
    return "the button Cascade on Control" if _has_buttons(book) else f"targets cascade {book}"


def _write(book: Path, data: bytes, *, replace: bool) -> int:
    from engine.issues import Issue, stops
    from workbooks.command.output import say_issues
    from workbooks.package.save import NOT_WRITTEN, write_new

    if _has_buttons(book):
        from workbooks.macros.add import add_macros

        with_macros = add_macros(data)
        if isinstance(with_macros, Issue):
            say_issues((with_macros,))
            return 1
        data = with_macros
    issues = write_new(book, data, replace=replace)
    say_issues(issues)
    if not stops(issues):
        return 0
    return 5 if any(each.code in NOT_WRITTEN for each in issues) else 1


def _options(sheet: str | None, columns: tuple[str, ...], periods: int | None) -> ImportOptions:
    from workbooks.importing.book import ImportOptions
    from workbooks.importing.vocabulary import Role

    roles = {}
    for column in columns:
        header, _, role = column.rpartition("=")
        if not header or role.strip().casefold() not in set(Role):
            listed = ", ".join(Role)
            raise click.BadParameter(f"{column!r} is no HEADER=ROLE; roles are {listed}", param_hint="--column")
        roles[header.strip().casefold()] = Role(role.strip().casefold())
    return ImportOptions(sheet, roles, periods)


def _import(
    book: Path, sources: Sequence[Path], options: ImportOptions, *, replace: bool, as_json: bool, quiet: bool
) -> int:
    from workbooks.importing.book import import_book

    (name, data), *more = [(source.name, _bytes_of(source)) for source in sources]
    result = import_book(name, data, options, more)
    unknown = set(options.roles) - {header.casefold() for header in result.headers}
    if unknown and result.headers:
        listed = ", ".join(result.headers)
        raise click.BadParameter(f"no column {', '.join(sorted(unknown))}; there are {listed}", param_hint="--column")
    status = 1 if result.data is None else _write(book, result.data, replace=replace)
    if as_json:
        from workbooks.command.machine import Report, guess_reports, issue_reports

        report = Report(
            book=str(book),
            status=status,
            written=status == 0,
            issues=issue_reports(result.issues),
            guesses=guess_reports(result.guesses),
        )
        click.echo(report.model_dump_json(indent=2))
    else:
        _tell(book, result, status, quiet=quiet)
    return status


def _bytes_of(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as failed:
        raise click.BadParameter(f"{source} cannot be read: {failed.strerror}", param_hint="--from") from failed


def _tell(book: Path, result: ImportResult, status: int, *, quiet: bool) -> None:
    from workbooks.addresses import reference
    from workbooks.command.output import count_issues, say_issues

    if not quiet or result.data is None:
        say_issues(result.issues)
    if quiet or status != 0:
        return
    for title, is_sure in (("Guesses to look at", False), ("Read so", True)):
        click.echo(click.style(f"{title}:", bold=True))
        for guess in result.guesses:
            if guess.is_sure is is_sure:
                where = reference(guess.place)
                shown = f"  {where}: " if where else "  "
                click.echo(f"{shown}{guess.about}: {guess.found} → {guess.taken} ({guess.why})")
    click.echo(f"{book} is made; {count_issues(result.issues)}. Confirm its sheet Guesses, put your targets in, then:")
    click.echo(_next_step(book))
