"""Numbers along the axis of a chart."""

import pytest

from workbooks.tabs.looks import axis_step


@pytest.mark.parametrize(
    ("longest", "step"), [(67_861_292, 2e7), (4.0, 1.0), (4.1, 2.0), (9, 5.0), (0.3, 0.1), (80, 20.0), (0, 0), (-3, 0)]
)
def test_at_most_four_numbers_stand_along_the_longest_bar(longest: float, step: float) -> None:
    assert axis_step(longest) == pytest.approx(step)
