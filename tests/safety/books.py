"""The books that faults, rounds and mutants work on: plans put into workbooks with people's things in them."""

from __future__ import annotations

from functools import cache

from tests.corpus.made import kept
from tests.corpus.put_in import with_inputs
from tests.workbooks.books import small_book
from workbooks.run import cascade


@cache
def six_books() -> dict[str, bytes]:
    """Return books before their first run, and one before its second."""
    made = kept()
    found = {name: with_inputs(made[name]) for name in ("charts", "buttons", "strict", "utf16")}
    found["small"] = small_book()
    again = cascade(small_book()).data
    if again is None:
        raise SystemExit("the small book does not cascade")
    return found | {"second run": again}
