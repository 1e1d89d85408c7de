"""How many random plans the referee judges: a sample every day, all with ``--plans 240``."""

import pytest

BLOCK = 20


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give tests of ``seeds`` the plans in blocks, those of ``some_seeds`` half of them, unless they say which."""
    for name, part in (("seeds", 1), ("some_seeds", 2)):
        if name in metafunc.fixturenames and not any(metafunc.definition.iter_markers("parametrize")):
            blocks = _blocks(metafunc.config.getoption("plans") // part)
            metafunc.parametrize(name, blocks, ids=str)


def _blocks(count: int) -> list[range]:
    return [range(first, first + BLOCK) for first in range(0, count, BLOCK)]


@pytest.fixture
def plans(request: pytest.FixtureRequest) -> int:
    """How many random plans are judged."""
    return int(request.config.getoption("plans"))
