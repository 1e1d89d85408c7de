"""Settings say how a plan is solved; what is not said is a default."""

import pytest

from engine.fields import SETTINGS
from engine.plan import Settings
from tests.builders import codes_of, issues_of, plan_of, small


def settings(*rows):
    return small(Settings=[("Setting", "Value"), *rows])


def test_without_the_table_defaults_hold_and_they_are_those_of_the_field_table():
    found = plan_of(small()).settings
    assert found == Settings()
    for setting in SETTINGS:
        name = setting.name.lower().replace("(s)", "s").replace(" ", "_")
        if hasattr(found, name):
            assert getattr(found, name) == setting.default


def test_settings_are_matched_without_case_spaces_and_unit():
    found = plan_of(
        settings(
            ("plan_name", "H1"), ("MIX GUARD", 0.1), ("Time limit", 30), ("misses", "Concentrate"),
            ("Fair share by", "EVEN"), ("Version", 3), ("output prefix", "TC "), ("Cycle", None),
        )
    ).settings  # fmt: skip
    assert found == Settings(
        plan_name="H1", mix_guard=0.1, time_limit_s=30, misses="concentrate", fair_share_by="even", version="3",
        output_prefix="TC",
    )  # fmt: skip


def test_an_unknown_setting_is_noted_with_the_nearest():
    (note,) = issues_of(settings(("Mix gard", 0.1)), "TC502")
    assert "did you mean “Mix guard”?" in note.found


def test_to_stay_near_what_was_sealed_waits_for_a_seal():
    rows = settings(("Keep near", "Agreed"), ("Move only", "Dublin"), ("Smallest move", 5),
                    ("Smallest rate move", 0.5))  # fmt: skip
    (note,) = issues_of(rows, "TC645")
    assert note.found == "Keep near, Move only, Smallest move, Smallest rate move"
    assert plan_of(rows).settings.move_only == "Dublin"
    assert plan_of(rows).settings.smallest_rate_move == 0.5
    assert not codes_of(settings(("Keep near", "Fair share"), ("Smallest move", 0))) & {"TC645", "TC206"}


def test_who_may_move_must_be_known_by_name():
    (issue,) = issues_of(settings(("Move only", "Dublin, Dubln")), "TC301")
    assert issue.found.startswith("“Dubln”, neither an org node nor a queue")


def test_a_setting_given_twice_stops_the_run():
    (issue,) = issues_of(settings(("Mix guard", 0.1), ("Mix guard", 0.2)), "TC211")
    assert issue.place.row == 3
    assert "first in row 2" in issue.found


@pytest.mark.parametrize(("row", "code"), [(("Solver", "/usr/bin/cbc"), "TC206"), (("Mix guard", -1), "TC204")])
def test_wrong_values_stop_the_run(row, code):
    assert codes_of(settings(row)) >= {code}
