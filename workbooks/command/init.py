"""``targets init``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: targets init plan.xlsx --sample enforcement")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--sample", metavar="NAME", help="Fill it with a sample; --sample list names them.")
@click.option("--replace", is_flag=True, help="Replace BOOK if it exists.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def init(book: Path, sample: str | None, replace: bool, quiet: bool) -> int:
    """Make the plan workbook BOOK: a template to fill in, or a sample on real figures; .xlsm gets buttons."""
    from engine.issues import Issue, stops
    from workbooks.command.output import say_issues
    from workbooks.package.save import NOT_WRITTEN, write_new
    from workbooks.template.blank import blank_workbook
    from workbooks.template.samples import find_samples

    samples = find_samples()
    if sample is not None and sample not in samples:
        listed = "\n".join(f"  {name:<14} {each.description}" for name, each in samples.items())
        if sample == "list":
            click.echo(listed)
            return 0
        raise click.BadParameter(f"there is no sample {sample!r}. The samples:\n{listed}", param_hint="--sample")
    data = blank_workbook() if sample is None else samples[sample].make()
    if book.suffix.casefold() == ".xlsm":
        from workbooks.macros.add import add_macros

        with_macros = add_macros(data)
        if isinstance(with_macros, Issue):
            say_issues((with_macros,))
            return 1
        data = with_macros
    issues = write_new(book, data, replace=replace)
    if issues:
        say_issues(issues)
    if stops(issues):
        return 5 if any(each.code in NOT_WRITTEN for each in issues) else 1
    if not quiet:
        after = f"targets cascade {book}" if book.suffix.casefold() != ".xlsm" else "the button Cascade on Control"
        click.echo(f"{book} is made. Open it and start with the sheet Start, then: {after}")
    return 0
