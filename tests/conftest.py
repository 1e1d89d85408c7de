"""What all tests share: the option that writes golden files anew, and a folder of their own for undo."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.calc import SHARED
from tests.counts import count_all
from tests.undoing import undoing_in
from workbooks.command.main import ONE_THREAD

# how long an example takes says nothing on a machine that does other things too; every day the same examples are tried
settings.register_profile("everyday", deadline=None, derandomize=True)
settings.register_profile("all", deadline=None)
settings.load_profile("everyday")

EVERYDAY_PLANS, ALL_PLANS = 40, 240
GOLDEN = Path(__file__).parent / "golden"

SLOW = (
    "safety",
    "referee",
    "properties/test_promises.py",
    "engine/decision/test_edits.py",
    "engine/decision/test_split.py",
    "engine/whatif/test_second_runs.py",
    "engine/whatif/test_misses_alone.py",
    "engine/whole/test_by_period.py",
    "engine/whole/test_rounding.py",
    "workbooks/batch",
    "workbooks/packs/test_by_queue.py",
    "workbooks/test_near_agreed.py",
    "workbooks/test_recalculation.py",
    "workbooks/test_reforecast_run.py",
    "workbooks/test_whole_cycle.py",
)
"""What the everyday suite leaves out: each takes 6 seconds and more, in all a third of the time of the whole."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew, to be looked at in git")
    parser.addoption("--plans", type=int, default=EVERYDAY_PLANS, help="random plans that the referee judges")
    parser.addoption("--all", action="store_true", help="try all random cases; every day a sample of each is tried")


def pytest_configure(config: pytest.Config) -> None:
    """Set the counts before any module that asks for them is imported."""
    # tests start the command some hundred times: compiling every module each time is a third of what a start takes
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # as commands do, before numpy is loaded: threads of two processes on two cores mostly wait for each other
    for threads in ONE_THREAD:
        os.environ.setdefault(threads, "1")
    if config.getoption("--all"):
        count_all()
        settings.load_profile("all")
        if config.option.plans == EVERYDAY_PLANS:
            config.option.plans = ALL_PLANS


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Use all cores, as pytest-xdist counts them, for folders of tests; run single files in this process."""
    is_small = all(Path(asked.partition("::")[0]).is_file() for asked in config.args)
    return 0 if is_small else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow; begin with the files that take longest, which drive a LibreOffice: so that no core waits."""
    slow = [Path(__file__).parent / each for each in SLOW]
    for item in items:
        if any(item.path.is_relative_to(each) for each in slow):
            item.add_marker("slow")
    driving = {item.path for item in items if item.get_closest_marker("office")}
    items.sort(key=lambda item: item.path not in driving)


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give all tests of this process a folder for temporary files of their own, in which nothing may be left behind."""
    tmp_path_factory.getbasetemp()  # where pytest keeps its own: it sees to them itself
    with tempfile.TemporaryDirectory(prefix="tc-") as folder, pytest.MonkeyPatch.context() as patched:
        for name in ("TMPDIR", "TMP", "TEMP"):
            patched.setenv(name, folder)
        patched.setattr(tempfile, "tempdir", folder)
        yield
        left = sorted(path.name for path in Path(folder).iterdir())
        assert left == [], "tests or what they called left temporary files behind"


@pytest.fixture(scope="session", autouse=True)
def _states_of_tests_alone(_nothing_is_left: None) -> Iterator[None]:
    """Let no test touch the states that undo keeps for the person at this machine."""
    with tempfile.TemporaryDirectory() as folder, undoing_in(Path(folder)):
        yield


@pytest.fixture(scope="session", autouse=True)
def _office_ends(_nothing_is_left: None) -> Iterator[None]:
    """End the LibreOffice that tests of this process share."""
    yield
    SHARED.end()


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Compare a text with its golden file; with --update-golden, write the file."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.read_text(encoding="utf-8") == text, f"{name} differs; look, then --update-golden"

    return check
