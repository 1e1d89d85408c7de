"""The habits of the house that no linter holds: modules have one subject, functions fit on a screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import SLOW

ROOT = Path(__file__).parents[1]
ROOMS = ("engine", "solver", "workbooks", "samples", "tests", ".ci")
MOST_LINES_OF_A_MODULE, MOST_LINES_OF_A_FUNCTION = 400, 60


def _modules() -> Iterator[tuple[Path, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def _too_long(path: Path, text: str) -> Iterator[str]:
    if (lines := text.count("\n")) > MOST_LINES_OF_A_MODULE:
        yield f"{path}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{path}:{node.lineno} {node.name}: {lines} lines"


def test_no_module_has_over_400_lines_and_no_function_over_60() -> None:
    modules = list(_modules())
    assert {path.parts[0] for path, _ in modules} >= {"engine", "solver", "workbooks", "tests"}
    assert [told for path, text in modules for told in _too_long(path, text)] == []


def test_what_is_too_long_is_seen() -> None:
    line = "    x = 1\n"
    assert list(_too_long(Path("a.py"), "def f():\n" + line * 59)) == []
    assert list(_too_long(Path("a.py"), "def f():\n" + line * 60)) == ["a.py:1 f: 61 lines"]
    assert list(_too_long(Path("a.py"), "x = 1\n" * 401)) == ["a.py: 401 lines"]


def test_frozen_classes_are_made_in_one_way() -> None:
    slow = "@dataclass(frozen=True, " + "slots=True)"  # a millisecond each, where solver.frozen costs next to nothing
    assert [str(path) for path, text in _modules() if path.parts[0] in ROOMS[:3] and slow in text] == []


def test_what_the_everyday_suite_leaves_out_is_there() -> None:
    assert [each for each in SLOW if not (ROOT / "tests" / each).exists()] == []
