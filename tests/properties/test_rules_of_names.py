"""Rules of the contract on how inputs are found and named; each holds for any way of writing them.

Headers · ids, aliases and paths · a blank node · dates and month texts · the order of periods · blank, 0 and n/a ·
three shapes of values · two shapes of trees · the order of rows.
"""

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recompute import judge
from tests.builders import BASELINE, METRICS, ORG, QUEUES, TARGETS, cell_values, plan_of, small
from tests.workbooks.books import SMALL, book
from workbooks.run import read_plan

some = settings(max_examples=10, deadline=None, derandomize=True)
few = settings(max_examples=5, deadline=None, derandomize=True)

DATED = [("Period", "Parent", "Start", "End")] + [("2026Q1", None)] + [
    (f"2026-{month:02}", "2026Q1", datetime.datetime(2026, month, 1), datetime.datetime(2026, month, last))
    for month, last in ((1, 31), (2, 28), (3, 31))
]  # fmt: skip
TEAMS, LEAF_QUEUES, MONTHS = ("Team A", "Team B", "Lisbon"), ("Hate", "Bots", "Scams"), ("2026-01", "2026-02")
HEADERS = ("Metric", "Org", "Queue", "Period", "Value")


@st.composite
def written(draw, words):
    """A name in any case, with space around it."""
    letters = [letter.upper() if draw(st.booleans()) else letter.lower() for letter in words]
    return " " * draw(st.integers(0, 2)) + "".join(letters) + " " * draw(st.integers(0, 2))


def node_of(plan, row, tree):
    scope = plan.targets.scope
    return {"Org": plan.org.ids[scope.org[row]], "Queue": plan.queues.ids[scope.queue[row]],
            "Period": plan.periods.ids[scope.period[row]]}[tree]  # fmt: skip


@given(st.data())
@some
def test_a_header_is_found_in_any_case_with_signs_line_breaks_and_a_unit(data):
    def header(words):
        glue = data.draw(st.sampled_from([" ", "_", "-", "\n", "  "]))
        return data.draw(written(words)).replace(" ", glue) + data.draw(st.sampled_from(["", " (s)", "(h) ", "*"]))

    queues = [tuple(header(each) for each in QUEUES[0]), *QUEUES[1:]]
    order = data.draw(st.permutations(range(3)))
    moved = [tuple((*row, None, None)[at] for at in order) for row in queues]
    assert np.array_equal(plan_of(small(Queues=moved)).cells.hours, plan_of(small()).cells.hours)


@given(st.data())
@some
def test_an_id_an_alias_and_a_path_name_the_same_node_in_any_case(data):
    org = [("Node", "Parent", "Level", "Alias")]
    org += [(*row, f"alias of {row[0]}, {row[0]} 2") for row in ORG[1:]]
    path = {"EMEA": "EMEA", "Dublin": "EMEA/Dublin", "Team A": "Dublin/Team A", "Team B": "EMEA/Dublin/Team B"}
    node = data.draw(st.sampled_from(sorted(path)))
    name = data.draw(written(data.draw(st.sampled_from([node, f"alias of {node}", f"{node} 2", path[node]]))))
    plan = plan_of(small(Org=org, Targets=[TARGETS[0], ("Reviews", name, None, None, 50)]))
    assert node_of(plan, 0, "Org") == node


@given(st.integers(1, 9999), st.booleans(), st.booleans())
@some
def test_a_number_and_its_text_are_one_id(number, first_as_text, then_as_text):
    def written_as(is_text):
        return str(number) if is_text else float(number)

    org = [*ORG[:4], (written_as(first_as_text), "Dublin", "Team"), ORG[5]]
    baseline = [(row[0], written_as(then_as_text) if row[1] == "Team B" else row[1], *row[2:]) for row in BASELINE]
    plan = plan_of(small(Org=org, Baseline=baseline))
    assert cell_values(plan)["Reviews", str(number), "Bots", "2026-01"] == 200


@given(st.sampled_from(["Org", "Queue", "Period"]), st.sampled_from([None, "", "  "]))
@some
def test_a_blank_node_is_everything(column, blank):
    row = {"Metric": "Reviews", "Org": "Team A", "Queue": "Hate", "Period": "2026-01", "Value": 9} | {column: blank}
    plan = plan_of(small(Targets=[HEADERS, tuple(row.values())]))
    scope = plan.targets.scope
    assert {"Org": scope.org[0], "Queue": scope.queue[0], "Period": scope.period[0]}[column] == 0


@given(st.integers(1, 3), st.integers(1, 28), st.sampled_from(["date", "Jan-26", "iso"]))
@some
def test_a_day_or_a_month_stands_for_the_period_that_holds_it(month, day, kind):
    name = ("Jan", "Feb", "Mar")[month - 1]
    value = {"date": datetime.datetime(2026, month, day), "Jan-26": f"{name}-26", "iso": f"2026-{month:02}"}[kind]
    plan = plan_of(small(Periods=DATED, Targets=[HEADERS, ("Reviews", None, None, value, 9)]))
    assert node_of(plan, 0, "Period") == f"2026-{month:02}"


@given(st.permutations(DATED[2:]), st.booleans())
@some
def test_periods_stand_in_time_order_by_start_else_in_table_order(rows, has_start):
    table = [DATED[0], DATED[1], *(row if has_start else row[:2] for row in rows)]
    plan = plan_of(small(Periods=table, Baseline=None, Skills=[("Org", "Queue"), ("Lisbon", "Hate")]))
    names = [row[0] for row in (sorted(rows) if has_start else rows)]
    assert [plan.periods.ids[leaf] for leaf in plan.periods.leaves] == names


VALUES = st.one_of(st.none(), st.sampled_from(["-", "–", "n/a", "N/A", " n/a "]), st.integers(0, 900))


@given(st.dictionaries(st.tuples(st.sampled_from(TEAMS), st.sampled_from(LEAF_QUEUES)), VALUES, min_size=1))
@few
def test_blank_a_dash_and_na_are_not_given_and_0_is_zero(given_values):
    rows = [("Reviews", team, queue, "2025-01", value) for (team, queue), value in given_values.items()]
    baseline = [BASELINE[0], ("Reviews", "Team A", "Hate", "2025-02", 5), *rows]
    read = read_plan(book(SMALL | {"Baseline": baseline}))
    found = cell_values(read.plan)
    told = [issue for issue in read.issues if "n/a" in issue.found or "“-”" in issue.found or "“–”" in issue.found]
    assert len(told) <= 3  # once per column, not once per cell
    for (team, queue), value in given_values.items():
        known = found.get(("Reviews", team, queue, "2026-01"), np.nan)
        assert known == pytest.approx(value if isinstance(value, int) else np.nan, nan_ok=True)


@given(st.sampled_from([None, "", 0, 40]))
@some
def test_a_blank_maximum_is_no_limit_and_0_lets_nothing_through(most):
    limits = [("Metric", "Org", "Min", "Max"), ("Reviews", "Team A", 0, most)]
    found = judge(plan_of(small(Limits=limits)))
    done = found.value[found.plan.cells.org == 0].sum()
    assert done <= most + 0.5 if isinstance(most, int) else done > 40


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(TEAMS), st.sampled_from(LEAF_QUEUES), st.sampled_from(["2025-01", "2025-02"])),
    st.integers(0, 900), min_size=1,
)  # fmt: skip


@given(CELLS)
@some
def test_three_shapes_of_values_mean_the_same(values):
    pairs = sorted({key[:2] for key in values})
    months = ("2025-01", "2025-02")
    long = [HEADERS, *(("Reviews", *key, value) for key, value in values.items())]
    by_period = [("Metric", "Org", "Queue", *months), *(
        ("Reviews", *pair, *(values.get((*pair, month)) for month in months)) for pair in pairs
    )]  # fmt: skip
    by_metric = [("Org", "Queue", "Period", "Reviews"), *((*key, value) for key, value in values.items())]
    plans = [plan_of(small(Baseline=table)) for table in (long, by_period, by_metric)]
    found = [cell_values(plan) for plan in plans]
    assert found[0].keys() == found[1].keys() == found[2].keys()
    for key, value in found[0].items():
        assert [each[key] for each in found] == pytest.approx([value] * 3, nan_ok=True)


PATHS = st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.sampled_from("123"))


@given(st.lists(PATHS, min_size=1, unique=True))
@some
def test_a_tree_of_level_columns_is_the_tree_of_its_parents(paths):
    paths = sorted(paths)
    levels = [("Region", "Site", "Team")]
    levels += [(region, region + site, region + site + team) for region, site, team in paths]
    nodes = dict.fromkeys([(region, None, "Region") for region, _, _ in paths])
    nodes |= dict.fromkeys([(region + site, region, "Site") for region, site, _ in paths])
    nodes |= dict.fromkeys([(region + site + team, region + site, "Team") for region, site, team in paths])
    leaf = levels[1][2]
    tables = {"Baseline": [BASELINE[0], ("Reviews", leaf, "Hate", "2025-01", 5)]}
    by_level, by_parent = (
        plan_of(small(Org=table, **tables)).org for table in (levels, [("Node", "Parent", "Level"), *nodes])
    )
    assert {by_level.path_of(node) for node in range(len(by_level))} == {
        by_parent.path_of(node) for node in range(len(by_parent))
    }
    assert set(by_level.level) == set(by_parent.level)


@given(st.randoms(use_true_random=False))
@few
def test_the_order_of_rows_of_any_table_changes_nothing(random):
    targets = [("Metric", "Org", "Queue", "Value", "Sense"), ("Reviews", None, None, 700, None),
               ("Reviews", "Dublin", None, 500, "at least"), ("Reviews", None, "Spam", 320, "at most")]  # fmt: skip
    limits = [("Metric", "Org", "Max"), ("Reviews", "Lisbon", 60), ("Reviews", "Team A", 400)]
    tables = {"Org": ORG, "Queues": QUEUES, "Baseline": BASELINE, "Targets": targets, "Limits": limits}
    shuffled = {name: [rows[0], *random.sample(list(rows[1:]), len(rows) - 1)] for name, rows in tables.items()}
    usual, other = (judge(plan_of(small(**each))) for each in (tables, shuffled))
    assert other.value == pytest.approx(usual.value, abs=1e-9)


def test_the_small_book_is_what_these_rules_are_tried_on():
    assert METRICS[1][0] == "Reviews"
    assert set(cell_values(plan_of(small()))) >= {("Reviews", "Team A", "Hate", month) for month in MONTHS}
