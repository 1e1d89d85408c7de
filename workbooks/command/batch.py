"""``targets batch``."""

from __future__ import annotations

import getpass
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from engine.outcome import ExitStatus
    from workbooks.batch.executors import Workers
    from workbooks.batch.journal import BookResult
    from workbooks.command.progress import Progress

_MOST_NAMED = 20


def _in_a_folder(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Refuse what could only be found wrong when the night is over."""
    del context, parameter
    if value is not None and not value.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {value.absolute().parent}")
    if value is not None and value.suffix.casefold() in (".xlsx", ".xlsm"):
        raise click.BadParameter("that is the name of a workbook")
    return value


def _known_format(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and value.suffix.casefold() not in (".json", ".csv", ".html"):
        raise click.BadParameter("its name must end in .json, .csv or .html")
    return _in_a_folder(context, parameter, value)


@click.command(epilog="Example: targets batch plans/ --jobs 4 --report night.html")
@click.argument("paths", nargs=-1)
@click.option(
    "--list", "lists", multiple=True, type=click.File(encoding="utf-8-sig"), help="Also the paths in this file."
)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Workbooks at a time; default: one per core.")
@click.option("--dask", metavar="ADDRESS", help="Run on the Dask cluster with this scheduler.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), callback=_known_format, metavar="FILE",
              help="Write the table of results as .json, .csv or .html.")  # fmt: skip
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", default="targets-batch.jsonl",
              callback=_in_a_folder, show_default=True,
              help="Add a line of JSON per event; also what is skipped when done.")  # fmt: skip
@click.option("--time-limit", type=click.FloatRange(0.1), default=600.0, show_default=True, metavar="SECONDS",
              help="Of each workbook.")  # fmt: skip
@click.option("--retries", type=click.IntRange(0), default=1, show_default=True,
              help="Further tries of a workbook that is open elsewhere, or whose process dies.")  # fmt: skip
@click.option("--again", is_flag=True, help="Also run what the log says is done and unchanged.")
@click.option("--discard-edits", is_flag=True, help="Lose numbers typed over results.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing; the exit status tells.")
def batch(
    *, paths: tuple[str, ...], lists: Sequence[TextIO], jobs: int | None, dask: str | None,
    report: Path | None, log: Path, time_limit: float, retries: int, again: bool, discard_edits: bool, quiet: bool,
) -> int:  # fmt: skip
    """Cascade many workbooks: PATHS are workbooks, folders, or patterns such as "plans/*.xlsx".

    Each runs in a process of its own: one that is broken, open elsewhere or never ends costs no other. Run again,
    the batch goes on where it stopped. Exit status: the first of 70, 5, 1, 4, 3, 0 that any workbook has.
    """
    from engine.outcome import ExitStatus
    from workbooks.batch.executors import NoClusterError
    from workbooks.batch.find import find_books
    from workbooks.batch.journal import Journal
    from workbooks.batch.messages import Asked
    from workbooks.batch.report import worst_of
    from workbooks.batch.run_batch import BatchOptions, run_batch
    from workbooks.command.asked import asked_command
    from workbooks.command.progress import Progress

    books = find_books(paths, [line for each in lists for line in each])
    if not books:
        raise click.UsageError("There is no workbook under the paths that were given.")
    asked = Asked(command=asked_command(), by=getpass.getuser(), discard_edits=discard_edits)
    try:
        journal = Journal(log)
    except OSError as barred:
        raise click.BadParameter(f"{log}: {barred.strerror}", param_hint="--log") from barred
    try:
        with Progress(is_shown=not quiet) as progress, _workers(dask, jobs) as workers:
            told = _Told(len(books), progress)
            options = BatchOptions(asked, time_limit, retries, is_again=again, on_result=told)
            results = run_batch(books, workers, journal, options)
    except NoClusterError as missing:
        raise click.UsageError(str(missing)) from missing
    except KeyboardInterrupt:
        click.echo(
            "Interrupted; what is done stands in the workbooks and in the log. Run again for the rest.", err=True
        )
        return ExitStatus.INTERRUPTED
    finally:
        journal.close()
    if not quiet:
        _tell(results)
    return int(worst_of(results, () if report is None else _reported(report, results)))


def _reported(path: Path, results: Sequence[BookResult]) -> Sequence[ExitStatus]:
    """Write the report; return what that adds to the exit status."""
    from datetime import UTC, datetime

    from engine.outcome import ExitStatus
    from workbooks.batch.report import write_report

    try:
        write_report(path, results, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    except OSError as failed:
        click.echo(f"{path}: the report could not be written: {failed.strerror}; the log holds the results", err=True)
        return (ExitStatus.NOT_WRITTEN,)
    return ()


def _workers(dask: str | None, jobs: int | None) -> AbstractContextManager[Workers]:
    from workbooks.batch.executors import cluster, processes
    from workbooks.workers import usable_cores

    return cluster(dask) if dask else processes(jobs or usable_cores())


class _Told:
    """Says how far a batch is, and how long the rest will take at the pace so far."""

    def __init__(self, count: int, progress: Progress) -> None:
        self._count, self._progress = count, progress
        self._done = self._run = 0
        self._started = time.monotonic()

    def __call__(self, result: BookResult) -> None:
        from workbooks.batch.words import workbooks

        self._done += 1
        self._run += not result.from_earlier
        left = ""
        if self._run:
            seconds = (time.monotonic() - self._started) / self._run * (self._count - self._done)
            left = f" · {_spoken(seconds)} left"
        self._progress.step(f"{self._done:,} of {workbooks(self._count)}{left}")


def _spoken(seconds: float) -> str:
    """Return a time as people say it.

    >>> _spoken(4000), _spoken(90), _spoken(4)
    ('1 h 7 min', '2 min', '4 s')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _tell(results: Sequence[BookResult]) -> None:
    from workbooks.batch.words import WORDS, count_words, first_problem, workbooks

    wrong = [each for each in results if each.status]
    for each in wrong[:_MOST_NAMED]:
        code, where, found, _ = first_problem(each)
        what = f": {code} {where + ': ' if where else ''}{found}" if code else ""
        click.echo(f"{each.book}: {WORDS[each.status]}{what}", err=True)
    if len(wrong) > _MOST_NAMED:
        click.echo(f"… and {len(wrong) - _MOST_NAMED:,} more; see --report", err=True)
    earlier = sum(each.from_earlier for each in results)
    skipped = f" ({earlier:,} done before and unchanged)" if earlier else ""
    click.echo(f"{workbooks(len(results))}{skipped}: {count_words(results)}")
