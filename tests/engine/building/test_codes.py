"""Every code of the builder is brought about by a small workbook, with a place and words an analyst can use."""

import pytest

from engine.building import build_plan
from engine.codes import CODES
from engine.codes.assumed import ASSUMED
from engine.codes.building import BUILDING
from engine.issues import Severity
from tests.builders import issues_of
from tests.builders_cases import CASES as COMMON
from tests.builders_rates import CASES as OF_RATES

CASES = {**COMMON, **OF_RATES}


def test_every_code_has_a_case_and_every_case_a_code():
    assert set(CASES) == {kind.id for kind in (*BUILDING, *ASSUMED)}


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_case_of_a_code_brings_it_about(code):
    found = issues_of(CASES[code](), code)
    assert found, f"{code} was not raised"
    for issue in found:
        assert issue.found
        assert issue.expected
        assert issue.mend
        assert issue.place.sheet
        assert issue.place.row >= 1


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_case_stops_the_run_exactly_when_its_code_does_and_for_no_other_reason(code):
    plan, issues = build_plan(CASES[code]())
    stopping = {issue.code for issue in issues if issue.severity is Severity.STOP}
    assert stopping == ({code} if CODES[code].severity is Severity.STOP else set())
    assert (plan is None) == bool(stopping)
