"""Hours and people as targets, where the plan knows nothing of them: said so, and never a bug."""

import pytest

from engine.outcome import ExitStatus
from tests.builders import BASELINE
from tests.workbooks.books import SMALL, book, opened
from workbooks.run import cascade

BY_HOURS = [("Org", "Hours"), ("Team A", 5.0), ("Team B", 5.0), ("Lisbon", 5.0)]


@pytest.mark.parametrize(("asked", "capacity"), [("FTE", BY_HOURS), ("FTE", None), ("Hours", None)])
def test_people_asked_of_a_plan_that_counts_hours_are_summed_up_without_a_tab_of_their_own(asked, capacity):
    targets = [("Metric", "Org", "Value", "Sense"), ("Reviews", None, 700, None), (asked, "Team A", 0.01, "at least")]
    tables = {**SMALL, "Targets": targets, "Baseline": BASELINE}
    if capacity is not None:
        tables["Capacity"] = capacity
    run = cascade(book(tables))
    assert run.status in (ExitStatus.DONE, ExitStatus.TARGET_MISSED), run.issues
    summary = opened(run.data, data_only=True)["Summary"]
    told = [str(row[0].value) for row in summary.iter_rows()]
    assert [each for each in told if each.startswith(asked) and each.endswith("at least")]
