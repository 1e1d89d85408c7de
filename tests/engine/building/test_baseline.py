"""History of several levels and shapes comes down to the leaf pairs and periods of the plan."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import BASELINE, PERIODS, QUEUES, Rows, cell_values, codes_of, issues_of, plan_of, small

HEADER = BASELINE[0]


def reviews(*rows) -> Rows:
    return [HEADER, *(("Reviews", *row) for row in rows)]


def values(**tables):
    return {key[1:]: value for key, value in cell_values(plan_of(small(**tables))).items()}


def test_three_shapes_mean_the_same():
    long = values()
    wide = [("Metric", "Org", "Queue", "2025-01", "2025-02")]
    wide += [("Reviews", "Team A", "Hate", 100, 110), ("Reviews", "Team B", "Bots", 200, 220)]
    wide += [("Reviews", "Lisbon", "Scams", 0, 40)]
    by_metric = [("Org", "Queue", "Period", "Reviews"), *(row[1:] for row in BASELINE[1:])]
    assert values(Baseline=wide) == long
    assert values(Baseline=by_metric) == long


def test_period_headers_may_be_dates_and_month_texts():
    import datetime

    wide = [("Metric", "Org", "Queue", datetime.datetime(2025, 1, 1), "Feb-25")]
    wide += [("Reviews", "Team A", "Hate", 100, 110)]
    assert list(values(Baseline=wide).values()) == [100, 110]


def test_a_column_of_remarks_beside_periods_is_left_alone_and_named():
    wide = [("Metric", "Org", "Queue", "2025-01", "2025-02", "Remark"), ("Reviews", "Team A", "Hate", 1, 2, "odd")]
    (note,) = issues_of(small(Baseline=wide), "TC513")
    assert "Remark" in note.found
    assert note.place.column == 6


def test_blanks_in_a_wide_table_are_not_given_and_zeros_are_zero():
    wide = [("Metric", "Org", "Queue", "2025-01", "2025-02"), ("Reviews", "Team A", "Hate", None, 0)]
    first, second = values(Baseline=wide).values()
    assert np.isnan(first)
    assert second == 0


def test_an_explicit_zero_keeps_a_pair_eligible():
    baseline = reviews(("Team A", "Hate", "2025-01", 5), ("Team B", "Hate", "2025-01", 0))
    assert ("Team B", "Hate", "2026-01") in values(Baseline=baseline)


def test_what_a_coarser_row_leaves_over_goes_to_the_leaves_not_covered():
    baseline = reviews(
        ("Team A", "Spam", "2025-01", 100),
        ("Team A", "Bots", "2025-01", 30),
        ("Team A", "Scams", "2025-02", 7),
        ("Team A", "Bots", "2025-02", 3),
    )
    found = values(Baseline=baseline)
    assert found["Team A", "Bots", "2026-01"] == 30, "the finest row wins"
    assert found["Team A", "Scams", "2026-01"] == 70


def test_leaves_share_by_their_own_sizes_in_the_nearest_period_that_has_them():
    baseline = reviews(
        ("Team A", "Spam", "2025-02", 100),
        ("Team A", "Bots", "2025-01", 30),
        ("Team A", "Scams", "2025-01", 10),
        ("Team A", "Bots", "2024-06", 1),
        ("Team A", "Scams", "2024-06", 99),
    )
    found = values(Baseline=baseline)
    assert found["Team A", "Bots", "2026-02"] == pytest.approx(75)
    assert found["Team A", "Scams", "2026-02"] == pytest.approx(25)


def test_leaves_that_nothing_is_known_about_share_evenly():
    found = values(Baseline=reviews(("Dublin", "Spam", "2025-01", 100)))
    for team in ("Team A", "Team B"):
        for queue in ("Bots", "Scams"):
            assert found[team, queue, "2026-01"] == pytest.approx(25)
    assert len(found) == 8


def test_a_rest_finds_leaves_that_have_no_row_anywhere():
    baseline = reviews(("Dublin", "Hate", "2025-01", 100), ("Team A", "Hate", "2025-01", 60))
    found = values(Baseline=baseline)
    assert found["Team B", "Hate", "2026-01"] == pytest.approx(40)


def test_a_rest_within_rounding_finds_no_new_leaves():
    baseline = reviews(("Dublin", "Hate", "2025-01", 100.2), ("Team A", "Hate", "2025-01", 100))
    assert ("Team B", "Hate", "2026-01") not in values(Baseline=baseline)
    assert "TC508" not in codes_of(small(Baseline=baseline))


def test_finer_rows_that_say_more_than_the_coarser_one_are_reported_and_win():
    baseline = reviews(
        ("Dublin", "Hate", "2025-01", 90), ("Team A", "Hate", "2025-01", 60), ("Team B", "Hate", "2025-01", 50)
    )
    found = values(Baseline=baseline)
    assert found["Team A", "Hate", "2026-01"] == 60
    (note,) = issues_of(small(Baseline=baseline), "TC508")
    assert note.found == "90; finer rows say 110"
    assert note.place.row == 2


def test_a_row_over_the_whole_horizon_is_shared_over_its_leaf_periods():
    found = values(Baseline=reviews(("Team A", "Hate", "2026Q1", 100)))
    assert found == {("Team A", "Hate", "2026-01"): 50, ("Team A", "Hate", "2026-02"): 50}


def test_levels_cascade_from_the_finest_to_the_coarsest():
    baseline = reviews(
        (None, None, "2025-01", 1000),
        ("Dublin", None, "2025-01", 400),
        ("Team A", None, "2025-01", 100),
        ("Team A", "Hate", "2025-01", 60),
        ("Team B", "Hate", "2025-02", 5),
        ("Lisbon", "Bots", "2025-02", 5),
    )
    found = values(Baseline=baseline)
    january = {key[:2]: value for key, value in found.items() if key[2] == "2026-01"}
    assert january["Team A", "Hate"] == 60
    assert sum(value for (org, _), value in january.items() if org == "Team A") == pytest.approx(100)
    assert january["Team B", "Hate"] == pytest.approx(300)
    assert january["Lisbon", "Bots"] == pytest.approx(600)


def test_skills_decide_who_may_work_and_history_elsewhere_is_reported():
    skills = [("Org", "Queue"), ("Dublin", "Hate"), ("Lisbon", "All")]
    book = small(Skills=skills)
    plan = plan_of(book)
    found = {key[1:]: value for key, value in cell_values(plan).items()}
    assert {key[:2] for key in found} == {
        ("Team A", "Hate"), ("Team B", "Hate"), ("Lisbon", "Hate"), ("Lisbon", "Bots"), ("Lisbon", "Scams")
    }  # fmt: skip
    assert np.isnan(found["Team B", "Hate", "2026-01"])
    assert plan.outside_baseline.tolist() == [420]
    (note,) = issues_of(book, "TC507")
    assert note.amount == 420


def test_a_coarser_row_is_shared_among_those_who_may_work():
    skills = [("Org", "Queue"), ("Team A", "Hate"), ("Team A", "Scams"), ("Lisbon", "Hate")]
    baseline = reviews(("Team A", "Spam", "2025-01", 80), ("Lisbon", "Spam", "2025-01", 9))
    plan = plan_of(small(Skills=skills, Baseline=baseline))
    assert cell_values(plan)["Reviews", "Team A", "Scams", "2026-01"] == 80
    assert plan.outside_baseline.tolist() == [9]


def test_skills_of_one_metric_open_nothing_to_the_others():
    metrics = [("Metric", "Kind", "Uses capacity"), ("Reviews", "volume", "yes"), ("Appeals", "volume", "no")]
    skills = [("Org", "Queue", "Metric"), ("Team A", "Hate", None), ("Lisbon", "Bots", "Appeals")]
    plan = plan_of(small(Metrics=metrics, Skills=skills, Baseline=None))
    assert {key[:3] for key in cell_values(plan)} == {
        ("Reviews", "Team A", "Hate"), ("Appeals", "Team A", "Hate"), ("Appeals", "Lisbon", "Bots")
    }  # fmt: skip
    assert plan.cells.hours[plan.cells.metric == 1].tolist() == [0] * 4


def test_a_metric_without_history_is_open_to_every_pair():
    metrics = [("Metric", "Kind", "Uses capacity"), ("Reviews", "volume", "yes"), ("Appeals", "volume", "no")]
    plan = plan_of(small(Metrics=metrics))
    assert np.bincount(plan.cells.metric).tolist() == [6, 18]


def test_cells_stand_in_canonical_order():
    cells = plan_of(small(Baseline=None, Queues=[QUEUES[0], ("b", None, 1), ("A", None, 1), ("c", None, 1)])).cells
    plan = plan_of(small(Baseline=None, Queues=[QUEUES[0], ("b", None, 1), ("A", None, 1), ("c", None, 1)]))
    names = [plan.queues.ids[plan.queues.leaves[queue]] for queue in cells.queue[:6]]
    assert names == ["A", "A", "b", "b", "c", "c"]


def test_the_same_key_twice_names_both_cells():
    (issue,) = issues_of(small(Baseline=[*BASELINE, ("Reviews", "team a", "HATE", "2025-01", 7)]), "TC211")
    assert issue.place.row == 8
    assert issue.place.column == 5
    assert issue.found == "7; row 2 says 100 about the same"


def test_two_columns_of_one_period_are_duplicates():
    wide = [("Metric", "Org", "Queue", "2025-01", "Jan-25"), ("Reviews", "Team A", "Hate", 1, 2)]
    (issue,) = issues_of(small(Baseline=wide), "TC211")
    assert issue.found == "2; row 2, column “2025-01”, says 1 about the same"


def test_a_lone_blank_among_filled_cells_is_noted_and_a_blank_column_is_not():
    assert "TC509" in codes_of(small(Baseline=[*BASELINE, ("Reviews", None, "Hate", "2025-01", 700)]))
    by_queue = reviews((None, "Hate", "2025-01", 10), (None, "Bots", "2025-01", 10))
    assert "TC509" not in codes_of(small(Baseline=by_queue))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "Dublin", "Team A", "Team B", "Lisbon"]),
            st.sampled_from([None, "Hate", "Spam", "Bots", "Scams"]),
            st.sampled_from(["2025-01", "2025-02"]),
            st.integers(0, 1000),
        ),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[:3],
    )
)
def test_leaves_never_add_up_to_less_than_a_row_above_them(rows):
    found = values(Baseline=reviews(*rows), Periods=[PERIODS[0], ("2026-01", None), ("2026-02", None)])
    inside = {
        None: {"Team A", "Team B", "Lisbon", "Hate", "Bots", "Scams"},
        "Dublin": {"Team A", "Team B"},
        "Spam": {"Bots", "Scams"},
    }
    for org, queue, period, value in rows:
        total = sum(
            np.nan_to_num(cell)
            for (team, leaf, month), cell in found.items()
            if team in inside.get(org, {org}) and leaf in inside.get(queue, {queue}) and month[-2:] == period[-2:]
        )
        assert total >= value * 0.995 - 1e-9 or issues_of(small(Baseline=reviews(*rows)), "TC508")


def test_hundreds_of_faults_of_a_kind_are_twenty_and_a_count():
    rows = [("Reviews", f"Nobody {number}", "Hate", "2025-01", 1) for number in range(300)]
    found = issues_of(small(Baseline=[*BASELINE, *rows]), "TC301")
    assert len(found) == 21
    assert found[-1].found.startswith("280 more")
    assert found[-1].place.row == 8 + 20
    twice = [("Reviews", "Team A", "Hate", "2025-01", number) for number in range(300)]
    found = issues_of(small(Baseline=[*BASELINE, *twice]), "TC211")
    assert [issue.place.row for issue in found[:3]] == [8, 9, 10]
    assert found[-1].found.startswith("280 more")


def test_a_hundred_thousand_rows_all_arrive():
    teams = [("Node",), *((f"T{team}",) for team in range(100))]
    queues = [("Node", "Handle time"), *((f"Q{queue}", 30) for queue in range(84))]
    rows = reviews(
        *(
            (f"T{team}", f"Q{queue}", f"2025-{month:02}", float(team * queue + month))
            for team in range(100)
            for queue in range(84)
            for month in range(1, 13)
        )
    )
    periods = [("Period",), *((f"2026-{month:02}",) for month in range(1, 13))]
    plan = plan_of(small(Org=teams, Queues=queues, Periods=periods, Baseline=rows))
    assert len(plan.cells) == 100_800
    assert plan.cells.baseline.sum() == sum(row[4] for row in rows[1:])
