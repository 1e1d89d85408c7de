"""Rows of programs stand in an order of their own, whatever order a workbook has: to the last digit."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from engine.formulation.problem import formulate
from solver.sparse import csr_matrix
from tests.permutations import mixed_tables, permuted
from tests.plan_inputs import Tables, book_of
from workbooks.run import read_plan

_POSITIONS = ("plan", "source", "keys", "inflow_keys")
"""What points back into tables and trees, which do stand in another order."""


def _numbers(part: object, name: str = "") -> Iterator[tuple[str, np.ndarray]]:
    if is_dataclass(part):
        for field in fields(part):
            if field.name not in _POSITIONS:
                yield from _numbers(getattr(part, field.name), f"{name}.{field.name}")
    elif isinstance(part, csr_matrix):
        yield from ((f"{name}.{each}", getattr(part, each)) for each in ("indptr", "indices", "data"))
    elif isinstance(part, np.ndarray):
        yield name, part


def _problem(tables: Tables) -> dict[str, np.ndarray]:
    plan = read_plan(book_of(tables)).plan
    assert plan is not None
    return dict(_numbers(formulate(plan)))


@pytest.mark.parametrize("seed", [1, 5, 7])  # with backlogs in several queues
def test_the_order_of_tables_changes_no_digit_of_a_problem(seed):
    tables = mixed_tables(seed)
    usual, other = _problem(tables), _problem(permuted(tables, np.random.default_rng(seed)))
    assert ".capacity.matrix.data" in usual
    assert usual.keys() == other.keys()
    assert [name for name in usual if not np.array_equal(usual[name], other[name], equal_nan=True)] == []
