"""``targets certify``."""

from __future__ import annotations

from pathlib import Path

import click

_NAMED = 20


@click.command(epilog="Example: targets certify plan.xlsx")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--solver", "second", default="cbc", show_default=True, help="The other solver, by name.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing; the exit status tells.")
def certify(book: Path, second: str, quiet: bool) -> int:
    """Check the results written in BOOK anew, and solve its plan once more with another solver.

    Nothing is written. Exit status 0 if everything holds and all agree, 3 if there is a difference, 1 if BOOK holds no
    result of its own plan: none was written, or inputs changed since.
    """
    from solver.solvers import NAMES
    from workbooks.addresses import reference
    from workbooks.beside.read_back import lying_at
    from workbooks.certify import NothingWrittenError, second_opinion
    from workbooks.command.output import say_issues
    from workbooks.package.compose import edit_words
    from workbooks.package.save import load
    from workbooks.run import read_plan

    if second not in NAMES:
        raise click.BadParameter(f"unknown: {second}; known: {', '.join(NAMES)}", param_hint="--solver")
    opened = load(book)
    if opened.data is None:
        say_issues(opened.issues)
        return 1
    try:
        with lying_at(opened.path):
            opinion = second_opinion(opened.data, read_plan(opened.data), second)
    except NothingWrittenError as nothing:
        if not quiet:
            click.echo(f"{book.name}: {nothing}", err=True)
        return 1
    if not quiet:
        for proof in opinion.proofs:
            mark = "holds" if proof.holds else "DOES NOT HOLD"
            click.echo(f"{mark:<14} {proof.what}: off by {proof.worst:.2g}, allowed {proof.allowed:.2g}")
        for edit, was in zip(opinion.edits[:_NAMED], opinion.were, strict=False):
            click.echo(f"{'TYPED OVER':<14} {reference(edit.place)}: {edit_words(edit)}{_was_words(edit.value, was)}")
        if len(opinion.edits) > _NAMED:
            click.echo(f"{'TYPED OVER':<14} and {len(opinion.edits) - _NAMED:,} more cells")
        for words in opinion.differences:
            click.echo(f"{'DIFFERS':<14} {words}")
        count = f"{opinion.compared:,} target{'' if opinion.compared == 1 else 's'}"
        agreed = "agree" if not opinion.differences else "do not all agree"
        click.echo(f"{book.name}, HiGHS and {opinion.second}: {count} compared; they {agreed}")
    return 0 if opinion.holds else 3


def _was_words(now: object, was: float | None) -> str:
    """Return what stood in a cell, and by how much that was changed; "" where nobody knows."""
    if was is None:
        return ""
    by = f" ({now - was:+,.6g})" if isinstance(now, float) else ""
    return f", was {was:,.12g}{by}"
