"""``targets spread``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbooks.spread_run import SpreadRun

_METHODS = ("proportional", "equal", "repeat", "percent change", "straight line", "growth", "like")


@click.command(
    epilog='Example: targets spread plan.xlsx --org Dublin --over Month --method "straight line" --value 9000'
)
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--over", "level", required=True, metavar="LEVEL", help="The level of the parts: Site, Queue, Month …")
@click.option("--method", type=click.Choice(_METHODS), default="proportional", show_default=True,
              help="How to spread, as planners call it.")  # fmt: skip
@click.option("--value", "total", type=float, metavar="NUMBER",
              help="What the parts come to; by default what Targets ask, else what stands there.")  # fmt: skip
@click.option("--number", type=float, help="The value to repeat; the first value of a straight line or a growth.")
@click.option("--last", type=float, help="The last value of a straight line.")
@click.option("--percent", type=float, help="By how many per cent to change, or to grow from part to part.")
@click.option("--like", metavar="NODE", help="Another team, queue or period whose shape to follow.")
@click.option("--metric", metavar="NAME", help="The metric; may be left out where there is one.")
@click.option("--org", metavar="NODE", help="Whose number it is; all org if left out.")
@click.option("--queue", metavar="NODE", help="A policy or queue; all queues if left out.")
@click.option("--period", metavar="PERIOD", help="A year, quarter …; the whole horizon if left out.")
@click.option("--priority", type=click.FloatRange(0, min_open=True), help="Of new rows; by default that of the node's.")
@click.option("--dry-run", is_flag=True, help="Show the parts; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
def spread(
    *, book: Path, level: str, method: str, total: float | None, number: float | None, last: float | None,
    percent: float | None, like: str | None, metric: str | None, org: str | None, queue: str | None,
    period: str | None, priority: float | None, dry_run: bool, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Spread a number of BOOK by hand over the parts of a node, as rows of Targets.

    What Limits hold stays, the others take the rest, and the parts come to the total. Rows of Targets that ask for a
    part, or for the node, are changed; the others are added. Cascade afterwards.
    Exit status: 0 done, 1 it cannot be spread and nothing was written, 5 BOOK could not be written.
    """
    from engine.building.lookup import UnknownNameError
    from engine.spreading.methods import Asked, Method
    from workbooks.command.output import say_change
    from workbooks.run_file import change_file
    from workbooks.spread_run import Wanted, spread_targets

    if (like is not None) != (method == "like"):
        raise click.UsageError("--like goes with --method like, and --method like needs it.")
    rate = None if percent is None else percent / 100
    asked = Asked(Method(method), total, number, rate, last)
    wanted = Wanted(asked, level, metric, org, queue, period, like, priority)
    made: list[SpreadRun] = []

    def change(data: bytes) -> SpreadRun:
        made.append(spread_targets(data, wanted))
        return made[0]

    try:
        done = change_file(book, change, is_dry=dry_run)
    except UnknownNameError as unknown:
        raise click.BadParameter(str(unknown), param_hint=f"--{unknown.field.lower()}") from None
    if made and not (as_json or quiet):
        _show(made[0])
    say_change(book, done, as_json=as_json, quiet=quiet, details=_details(made[0]) if made else None)
    return int(done.status)


def _details(run: SpreadRun) -> dict[str, object]:
    parts = [{"part": row.name, "before": row.before, "after": row.after, "held": row.is_held} for row in run.rows]
    return {"before_is": run.before_is, "parts": parts}


def _show(run: SpreadRun) -> None:
    """Print the parts, before and after."""
    if not run.rows:
        return
    width = max(len(row.name) for row in run.rows)
    click.echo(f"{'':<{width}} {run.before_is:>14} {'asked now':>14}")
    for row in run.rows:
        click.echo(f"{row.name:<{width}} {row.before:>14,.10g} {row.after:>14,.10g}{'  held' if row.is_held else ''}")
    before, after = sum(row.before for row in run.rows), sum(row.after for row in run.rows)
    click.echo(f"{'Total':<{width}} {before:>14,.10g} {after:>14,.10g}")
