"""xlwings itself calls the worksheet functions; only what it needs of Windows stands in."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest

xlwings = pytest.importorskip("xlwings")

_OF_WINDOWS = ("pythoncom", "pywintypes", "win32com", "win32com.client", "xlwings.com_server", "xlwings._xlwindows")


@pytest.fixture
def udfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module of xlwings that Excel's add-in calls on Windows, with a program that passes values on."""
    stand_ins = {name: ModuleType(name) for name in _OF_WINDOWS}
    for name, module in stand_ins.items():
        monkeypatch.setitem(sys.modules, name, module)
    vars(stand_ins["pythoncom"])["CoInitialize"] = lambda: None
    vars(stand_ins["win32com.client"])["Dispatch"] = lambda thing: thing
    vars(stand_ins["xlwings.com_server"])["loop"] = None
    windows = stand_ins["xlwings._xlwindows"]
    vars(windows).update(Range=SimpleNamespace, is_range_instance=lambda argument: False)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    monkeypatch.delitem(sys.modules, "xlwings.udfs", raising=False)
    module = importlib.import_module("xlwings.udfs")
    monkeypatch.setattr(module, "ComRange", lambda found: found)
    passing = SimpleNamespace(
        prepare_xl_data_element=lambda value, *options, **more: value,
        clean_value_data=lambda data, *options, **more: data,
    )
    program = SimpleNamespace(name="excel", impl=passing, **vars(passing))
    monkeypatch.setitem(xlwings.engines.engines_by_name, "excel", program)
    monkeypatch.setattr(xlwings.engines, "active", program)
    monkeypatch.setattr(xlwings, "func", module.xlfunc, raising=False)
    yield module
    sys.modules.pop("xlwings.udfs", None)
    sys.modules.pop("workbooks.live.functions", None)


@pytest.mark.parametrize(
    ("function", "shown"), [("target", 3.5), ("achieved", 2.0), ("attainment", 2.0), ("why", "Reviews 2026 ")]
)
def test_excel_gets_what_a_function_returns(
    udfs: ModuleType, monkeypatch: pytest.MonkeyPatch, function: str, shown: object
) -> None:
    sys.modules.pop("workbooks.live.functions", None)
    functions = importlib.import_module("workbooks.live.functions")
    last = SimpleNamespace(
        target=lambda asked: 3.5,
        of_variance=lambda asked, header: 2.0,
        why=lambda asked: f"{asked.metric} {asked.period} {asked.org}",
    )
    monkeypatch.setattr(functions, "_last_run", lambda caller: last)
    monkeypatch.setattr(udfs, "get_udf_module", lambda module, wanted: functions)
    cells = ("Reviews", None, None, 2026.0, None)
    assert udfs.call_udf("workbooks.live.functions", function, cells, None, None) in (shown, [[shown]])
