"""A sample of what ``python -m tests.referee.second_solver`` compares: HiGHS and CBC on random plans."""

import pytest

from tests.referee.second_solver import disagreements, mixed, plain


@pytest.mark.parametrize("seed", [3, 10, 25, 29, 32, 34])
def test_highs_and_cbc_miss_every_target_by_the_same(seed):
    assert not list(disagreements(plain(seed)))


@pytest.mark.parametrize("seed", [1, 2, 4, 51, 108])
def test_highs_and_cbc_agree_where_a_plan_mixes_everything(seed):
    # 51 and 108 could split what is too much among several rows of one priority in many ways
    assert not list(disagreements(mixed(seed)))
