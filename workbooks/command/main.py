"""The command ``targets``.

Owns: which commands there are, and that no traceback reaches a user.
Imports nothing heavy: a macro click starts this as a process.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import click

from workbooks.command.interrupts import Interrupts
from workbooks.version import __version__

USAGE, BUG, INTERRUPTED = 2, 70, 130

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment of numpy's linear algebra: our systems are many and small, on which its threads only wait for each other,
and sums must not depend on how many processors there are."""

COMMANDS: dict[str, str] = {
    "init": "Make a new plan workbook: blank, or a sample on real figures.",
    "check": "List everything that is wrong or surprising in a plan workbook.",
    "explain": "Explain one target on a page: from history to target, and what would move it.",
    "certify": "Check written results anew from the plan, and through a second solver.",
    "cascade": "Cascade the targets of a plan workbook and write the result sheets into it.",
    "compare": "Solve the plan under scenarios and write them side by side.",
    "reforecast": "Plan the rest of the time again, with what has ended at its actuals.",
    "split": "Make one workbook per site, to be answered there.",
    "collect": "Read the answers in those workbooks back.",
    "version": "Keep versions in the workbook, compare them, prove them unchanged, put one back.",
    "spread": "Spread a number by hand over the parts of a node.",
    "load": "Put rows of a file or a database into an input table of a plan workbook.",
    "undo": "Undo the last cascade of a plan workbook.",
    "batch": "Cascade many workbooks, each in a process of its own.",
    "seal": "Seal the targets as they stand: what is agreed, with a version.",
    "variance": "Compare actuals with what was agreed: effects, causes, and the page for the review.",
    "review": "Write the review as one self-contained web page.",
    "watch": "Cascade a plan workbook anew whenever it is saved.",
    "macros": "Put buttons into a workbook, or write them as an add-in.",
    "doctor": "Look at what buttons need on this computer, and say what to do.",
}

_UNLISTED = ("click",)
"""Commands that macros call and people need not see."""


class _Commands(click.Group):
    """The commands, each imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS and cmd_name not in _UNLISTED:
            return None
        from importlib import import_module

        found = getattr(import_module(f"workbooks.command.{cmd_name}"), cmd_name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


COLLECTED = (100_000, 20, 100)
"""How many objects may be made before loops among them are sought: a run makes millions, and hardly a loop."""


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: targets init plan.xlsx --sample example, then targets cascade plan.xlsx",
)
@click.version_option(__version__, prog_name="targets")
def targets() -> None:
    """Cascade a director's targets down the org tree and the queue tree of a planning workbook."""


def main() -> None:
    """Run the command line and end the process with the status of the contract."""
    gc.set_threshold(*COLLECTED)
    for threads in ONE_THREAD:
        os.environ.setdefault(threads, "1")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries, about their own matters: nothing that a user can mend
    _end(run_command(lambda: targets.main(standalone_mode=False)))


def _end(status: int) -> NoReturn:
    """End the process; where it is alone, without taking its modules apart one by one: a twentieth of a small run."""
    if threading.active_count() > 1:
        sys.exit(status)
    atexit._run_exitfuncs()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):  # nobody reads any more
            stream.flush()
    os._exit(status)


def run_command(command: Callable[[], object]) -> int:
    """Return the exit status of a command; a bug of ours leaves a report file instead of a traceback."""
    with Interrupts() as interrupts:
        try:
            status = command()
        except click.exceptions.Exit as ended:
            return ended.exit_code
        except click.ClickException as wrong:
            wrong.show()
            return USAGE
        except (KeyboardInterrupt, click.Abort):
            return _interrupted()
        except BrokenPipeError:
            status = 0
        except Exception:
            if interrupts.came:  # numpy's sorting, for one, makes a TypeError of it
                return _interrupted()
            from workbooks.command.report_file import write_report

            click.echo(write_report(), err=True)
            return BUG
    return status if isinstance(status, int) else 0


def _interrupted() -> int:
    """Say what was written before the interrupt, and return its status."""
    saving = sys.modules.get("workbooks.package.save")  # without it nothing was written
    names = ", ".join(path.name for path in saving.WRITTEN) if saving is not None else ""
    click.echo(f"Interrupted; {f'{names} was written before' if names else 'nothing was written'}.", err=True)
    return INTERRUPTED
