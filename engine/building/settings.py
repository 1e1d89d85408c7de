"""Settings: how the plan is solved and what it is called.

Owns: matching rows of Settings to the settings of the field table, and their types.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import match_choice
from engine.building.journal import Journal
from engine.building.number_column import read_numbers
from engine.building.texts import did_you_mean, is_given, nearest, quoted, shown_list, text_of
from engine.fields import SETTINGS, Field, Setting, Type, normalise_header
from engine.issues import NOWHERE, Place
from engine.plan import Settings
from engine.tables import FAULTY, Inputs, InputTable
from solver.frozen import frozen

_BY_KEY = {normalise_header(setting.name): setting for setting in SETTINGS}


@frozen
class _Row:
    """One filled row of Settings."""

    table: InputTable
    record: int
    setting: Setting
    value: object


def read_settings(table: InputTable | None, journal: Journal) -> Settings:
    """Return the settings; defaults where a row or the table is missing."""
    if table is None or "Setting" not in table.values or "Value" not in table.values:
        return Settings()
    found: dict[str, object] = {}
    seen: dict[str, int] = {}
    for record, (name, value) in enumerate(zip(table.values["Setting"], table.values["Value"], strict=True)):
        if name is FAULTY or value is FAULTY:
            journal.spoil()
        if not is_given(name):
            continue
        setting = _BY_KEY.get(normalise_header(text_of(name)))
        if setting is None:
            _report_unknown(table, record, name, journal)
            continue
        if setting.name in seen:
            found_words = f"{setting.name} again; first in row {table.rows[seen[setting.name]]}"
            journal.add("TC211", table.place(record, "Setting"), found_words)
            continue
        seen[setting.name] = record
        if is_given(value):
            found[setting.name] = _typed(_Row(table, record, setting, value), journal)
    return _assembled({name: value for name, value in found.items() if value is not None})


def setting_place(inputs: Inputs, name: str) -> Place:
    """Return where the value of a setting stands, the table as a whole where it is not given."""
    table = inputs.tables.get("Settings")
    if table is None:
        return NOWHERE
    for record, found in enumerate(table.values.get("Setting", ())):
        if is_given(found) and normalise_header(text_of(found)) == normalise_header(name):
            return table.place(record, "Value")
    return table.whole()


def _report_unknown(table: InputTable, record: int, name: object, journal: Journal) -> None:
    guess = nearest(text_of(name), [setting.name for setting in SETTINGS])
    meant = f"; did you mean “{guess}”?" if guess else ""
    journal.add("TC502", table.place(record, "Setting"), quoted(name) + meant)


def _typed(row: _Row, journal: Journal) -> object:
    """Return the value in the type of its setting; None where it is wrong."""
    setting, place = row.setting, row.table.place(row.record, "Value")
    if setting.type is Type.CHOICE:
        return _choice(row, journal)
    if setting.type in {Type.NUMBER, Type.SHARE}:
        field = Field("Value", setting.type, setting.description, lower=setting.lower, upper=setting.upper)
        values = np.array([row.value], dtype=object)
        number = float(read_numbers(values, field, lambda _: place, journal)[0])
        return number if np.isfinite(number) else None
    return text_of(row.value)


def _choice(row: _Row, journal: Journal) -> str | None:
    setting, place = row.setting, row.table.place(row.record, "Value")
    chosen = match_choice(row.value, setting.choices)
    if chosen:
        return chosen
    found = f"{setting.name}: {quoted(row.value)}" + did_you_mean(text_of(row.value), setting.choices)
    journal.add("TC206", place, found, expected=shown_list(setting.choices))
    return None


def _assembled(found: dict[str, object]) -> Settings:
    default = Settings()
    numbers = ("Mix guard", "Time limit (s)", "Smallest move", "Smallest rate move")
    share, limit, move, rate_move = map(found.get, numbers)
    return Settings(
        plan_name=str(found.get("Plan name", default.plan_name)),
        cycle=str(found.get("Cycle", default.cycle)),
        version=str(found.get("Version", default.version)),
        scenario=str(found.get("Scenario", default.scenario)),
        fair_share_by=str(found.get("Fair share by", default.fair_share_by)),
        mix_guard=share if isinstance(share, float) else default.mix_guard,
        misses=str(found.get("Misses", default.misses)),
        solver=str(found.get("Solver", default.solver)),
        time_limit_s=limit if isinstance(limit, float) else default.time_limit_s,
        output_prefix=str(found.get("Output prefix", default.output_prefix)),
        formula_effects=str(found.get("Formula effects", default.formula_effects)),
        keep_near=str(found.get("Keep near", default.keep_near)),
        move_only=str(found.get("Move only", default.move_only)),
        smallest_move=move if isinstance(move, float) else default.smallest_move,
        smallest_rate_move=rate_move if isinstance(rate_move, float) else default.smallest_rate_move,
        leaf_rows=str(found.get("Leaf rows", default.leaf_rows)),
        as_of=str(found["As of"]) if "As of" in found else default.as_of,
    )
