"""Trees come as Node and Parent or as level columns, and nodes go by id, alias and path."""

import pytest

from tests.builders import ORG, QUEUES, TARGETS, codes_of, issues_of, plan_of, small

LEVELS = [
    ("Region", "Site", "Team"),
    ("EMEA", "Dublin", "Team A"),
    ("EMEA", "Dublin", "Team B"),
    ("EMEA", "Lisbon", "Team A"),
    ("Americas", "Austin", None),
]


def target(org=None, queue=None, period=None):
    return [*TARGETS, ("Reviews", org, queue, period, 300)]


def scope(org_table, name):
    plan = plan_of(small(Org=org_table, Baseline=None, Targets=target(org=name)))
    return plan.org.paths[plan.targets.scope.org[1]]


def test_level_columns_make_a_tree_whose_levels_are_the_headers():
    tree = plan_of(small(Org=LEVELS, Baseline=None)).org
    assert tree.levels == ("Region", "Site", "Team")
    assert [tree.names[node] for node in tree.leaves] == ["Team A", "Team B", "Team A", "Austin"]
    assert tree.ids[0] == "All"


def test_names_that_are_not_unique_have_their_path_as_id():
    tree = plan_of(small(Org=LEVELS, Baseline=None)).org
    assert {"EMEA/Dublin/Team A", "EMEA/Lisbon/Team A", "Team B", "Dublin"} <= set(tree.ids)


@pytest.mark.parametrize("name", ["EMEA/Dublin/Team A", "dublin/team a", " Dublin / Team A "])
def test_a_path_or_its_end_names_a_node(name):
    assert scope(LEVELS, name).endswith("EMEA/Dublin/Team A")


def test_a_short_name_of_several_nodes_is_refused_with_the_choices():
    (issue,) = issues_of(small(Org=LEVELS, Baseline=None, Targets=target(org="Team A")), "TC306")
    assert "EMEA/Dublin/Team A" in issue.expected
    assert "EMEA/Lisbon/Team A" in issue.expected


def test_an_alias_names_its_node_and_may_stand_as_a_parent():
    org = [("Node", "Parent", "Alias"), ("DUB", None, "Dublin; D1"), ("Team A", "Dublin"), ("Team B", "d1"), ("LIS",)]
    plan = plan_of(small(Org=org, Baseline=None, Targets=target(org="D1")))
    assert plan.org.ids == ("All", "DUB", "Team A", "Team B", "LIS")
    assert plan.org.ids[plan.targets.scope.org[1]] == "DUB"


def test_numbers_and_texts_are_one_id():
    org = [("Node", "Parent"), (101, None), ("102", "101")]
    plan = plan_of(small(Org=org, Baseline=None, Targets=target(org="102")))
    assert plan.org.ids == ("101", "102")
    assert plan.targets.scope.org[1] == 1


def test_siblings_stay_in_table_order_and_several_roots_get_one_above():
    org = [("Node", "Parent"), ("Zeta", None), ("Alpha", None), ("Mid", "Zeta"), ("Early", "Zeta")]
    assert plan_of(small(Org=org, Baseline=None)).org.ids == ("All", "Zeta", "Mid", "Early", "Alpha")


def test_the_root_made_for_several_roots_can_be_named():
    org = [("Node", "Parent"), ("Zeta", None), ("Alpha", None)]
    plan = plan_of(small(Org=org, Baseline=None, Targets=TARGETS[:1] + target(org="All")[2:]))
    assert plan.targets.scope.org.tolist() == [0]


def test_a_circle_is_named_in_full_and_once():
    org = [("Node", "Parent"), ("A", "C"), ("B", "A"), ("C", "B"), ("D", "A")]
    (issue,) = issues_of(small(Org=org, Baseline=None), "TC310")
    assert issue.found == "A → C → B → A"


def test_an_orphan_is_asked_what_it_meant():
    (issue,) = issues_of(small(Org=[*ORG, ("Cork", "EMAE", "Site")]), "TC308")
    assert "did you mean “EMEA”?" in issue.found
    assert (issue.place.row, issue.place.column) == (7, 2)


def test_a_duplicate_names_both_rows():
    (issue,) = issues_of(small(Org=[*ORG, (" dublin ", "EMEA", "Site")]), "TC307")
    assert issue.place.row == 7
    assert "first in row 3" in issue.found


def test_several_faults_are_found_at_once():
    org = [*ORG, ("Cork", "EMAE", "Site"), ("Galway", "Galway", "Site"), ("Dublin", None, "Site")]
    assert codes_of(small(Org=org)) >= {"TC307", "TC308", "TC309"}


def test_a_broken_tree_brings_no_issues_of_names_that_refer_to_it():
    assert "TC301" not in codes_of(small(Org=[*ORG, ("Cork", "Cork", "Site")]))


def test_an_unknown_name_is_listed_once_with_its_number_of_rows():
    baseline = [("Metric", "Org", "Queue", "Period", "Value")]
    baseline += [("Reviews", "Dublinn", "Hate", f"2025-{month:02}", 5) for month in range(1, 13)]
    (issue,) = issues_of(small(Baseline=baseline), "TC301")
    assert "in 12 rows" in issue.found
    assert issue.place.row == 2


def test_a_name_typed_instead_of_an_id_leads_to_the_id():
    org = [("Node", "Parent", "Name"), ("DUB", None, "Dublin"), ("LIS", None, "Lisbon")]
    (issue,) = issues_of(small(Org=org, Baseline=None, Targets=target(org="Dublin")), "TC301")
    assert "“DUB”" in issue.found


def test_level_columns_give_each_row_to_its_last_level():
    queues = [("Area", "Queue", "Handle time (s)"), ("Spam", None, 30), ("Spam", "Bots", None), ("Spam", "Scams", 90)]
    plan = plan_of(small(Queues=queues, Baseline=None))
    leaves = [plan.queues.ids[node] for node in plan.queues.leaves]
    hours = {leaves[queue]: hours for queue, hours in zip(plan.cells.queue, plan.cells.hours, strict=True)}
    assert hours == pytest.approx({"Bots": 30 / 3600, "Scams": 90 / 3600})


def test_the_mix_guard_of_a_queue_is_inherited_and_falls_back_to_the_setting():
    queues = [(*QUEUES[0], "May lose"), ("Hate", None, 60, None), ("Spam", None, 30, 0), ("Bots", "Spam", None, None)]
    queues += [("Scams", "Spam", 90, 0.2)]
    plan = plan_of(small(Queues=queues, Settings=[("Setting", "Value"), ("Mix guard", 0.1)]))
    assert dict(zip((plan.queues.ids[node] for node in plan.queues.leaves), plan.may_lose, strict=True)) == {
        "Hate": 0.1,
        "Bots": 0,
        "Scams": 0.2,
    }
