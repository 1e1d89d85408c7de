"""Rows, columns and sheets in another order change no number and no word; a sample of ``tests.permutations``."""

from dataclasses import replace

import pytest

from tests import permutations
from tests.bench.books import SIZES, plan_book
from tests.permutations import differences, mixed_tables, tables_in


@pytest.mark.parametrize("hours_there", [1.05, 0.95], ids=["met", "short"])
def test_a_plan_is_the_same_in_any_order_of_rows_columns_and_sheets(hours_there):
    size = replace(SIZES["1k"], queues=1, hours_there=hours_there)
    assert list(differences(tables_in(plan_book(size)), seed=1, orders=1)) == []


@pytest.mark.parametrize("plan", [1, 5])  # 5: two prices of nearly one size, which the order of backlogs swapped
def test_so_is_a_plan_that_mixes_everything(plan):
    assert list(differences(mixed_tables(plan), seed=plan + 1, orders=1)) == []


def test_other_numbers_would_be_seen(monkeypatch):
    tables = mixed_tables(1)
    tables["Targets"][1][6] = 1.05 * float(tables["Targets"][1][6])
    monkeypatch.setattr(permutations, "permuted", lambda _tables, _rng: tables)
    assert list(differences(mixed_tables(1), seed=1, orders=1))
