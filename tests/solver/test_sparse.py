"""Importing scipy.sparse through its one door."""

import subprocess
import sys

_LOADED = "import sys; print(*(name for name in ('numpy.f2py', 'numpy.testing') if name in sys.modules))"


def _printed(*lines: str) -> str:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(lines)], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_sparse_matrices_come_without_numpys_fortran_wrapper_and_test_tools() -> None:
    assert _printed("import solver.sparse", _LOADED) == ""
    assert _printed("import scipy.sparse", _LOADED) == "numpy.f2py numpy.testing", "scipy mended itself: drop the door"


def test_numpy_is_whole_afterwards() -> None:
    assert _printed("import solver.sparse, numpy", "print(numpy.testing.__name__, numpy.f2py.__name__)") == (
        "numpy.testing numpy.f2py"
    )
    assert _printed("import numpy.testing, solver.sparse", "print(numpy.testing.__name__)") == "numpy.testing"


def test_scipy_works_as_ever_after_it() -> None:
    script = (
        "from solver.sparse import csr_matrix",
        "import numpy, scipy.stats, scipy.optimize, scipy.sparse.linalg",
        "print(scipy.sparse.linalg.spsolve(csr_matrix(numpy.eye(2)).tocsc(), numpy.ones(2)), scipy.stats.norm.cdf(0))",
    )
    assert _printed(*script) == "[1. 1.] 0.5"
