"""What earlier runs on a large workbook worked out, kept on this computer: what did not change is not worked out again.

Each answer is one file of plain arrays, named by the fingerprint of its question, in a folder of this user's that
nobody else may read. All of it may be removed at any time: a run then takes longer, and finds the same. A file that
is damaged, of another version or somebody else's is passed over. Two runs at once read and write the same answers; each
file is exchanged whole.

Owns: where answers lie, how many bytes they may take, and that they can be switched off.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import numpy as np

from solver.memory import Arrays, Forgetful
from workbooks.states import VARIABLE as UNDO
from workbooks.states import book_key, is_off, user_folder
from workbooks.version import __version__

VARIABLE = "TARGETS_RECALL"
"""Environment variable: ``off``, or the folder in which answers are kept."""

MOST_OF_A_BOOK = 64 * 2**20
"""Bytes of the answers of one workbook."""
MOST_BYTES = 256 * 2**20
"""Bytes of the answers of all workbooks."""
MOST_OF_AN_ANSWER = 16 * 2**20

LEAST_CELLS = 20_000
"""Cells of a plan from which on answers are kept: below, working them out takes no longer than writing them down."""

_END, _NEW = ".answer", ".new"
_DIGEST = 32
_STALE_S = 24 * 3600
"""Age from which a file that was never finished counts as left behind."""


class Recall:
    """The answers of one workbook, as a ``solver.memory.Memory``.

    asked, known : how many answers were asked for, and how many of them were there
    """

    is_kept = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked = self.known = 0
        self._made = ""

    def __reduce__(self) -> tuple[type[Forgetful], tuple[()]]:
        """Be forgetful elsewhere: what is kept stays on this computer."""
        return Forgetful, ()

    def get(self, key: str) -> Arrays | None:
        """Return what was put under a fingerprint, None where there is nothing that can be trusted."""
        self.asked += 1
        file = self._file(key)
        try:
            with file.open("rb") as source:
                digest, data = source.read(_DIGEST), source.read()
            found = _arrays_in(data) if digest == self._digest(key, data) else None
        except (OSError, ValueError):
            return None
        if found is None:
            return None
        with suppress(OSError):
            os.utime(file)  # the oldest go first: what is used is not old
        self.known += 1
        return found

    def hint(self, key: str) -> Arrays | None:
        """Return what was put as a start: it is no answer, and not counted as one."""
        asked, known = self.asked, self.known
        found = self.get(key)
        self.asked, self.known = asked, known
        return found

    def wants_hint(self, key: str) -> bool:
        """Return that the last one is given, in a later run."""
        del key
        return True

    def put(self, key: str, answer: Arrays) -> None:
        """Keep an answer, where there is room and it can be written."""
        if sum(array.nbytes for array in answer.values()) > MOST_OF_AN_ANSWER:
            return
        data = _as_bytes(answer)
        temporary: Path | None = None
        with suppress(OSError):  # nothing hangs on it
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=_NEW, dir=self._folder)
            temporary = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(self._digest(key, data))
                file.write(data)  # a file that a crash leaves half written is found by its digest
            temporary.replace(self._file(key))
            return
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def forget_old(self) -> None:
        """Forget the oldest answers of the workbook, then the oldest of all, until few enough are left."""
        if not self._folder.is_dir():
            return
        _bound(_answers(self._folder), MOST_OF_A_BOOK)
        with suppress(OSError):
            everything = [each for own in list(self._folder.parent.iterdir()) for each in _answers(own)]
            _bound(everything, MOST_BYTES)

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}{_END}"

    def _digest(self, key: str, data: bytes) -> bytes:
        self._made = self._made or _made_by()
        digest = sha256(f"{self._made} {key} ".encode())
        digest.update(data)
        return digest.digest()


def recall_of(book: Path) -> Recall | None:
    """Return what is kept of a workbook, None where that is switched off. book : symbolic links followed."""
    asked, undo = os.environ.get(VARIABLE, ""), os.environ.get(UNDO, "")
    # who wants no states kept wants no numbers kept, unless it is said
    if is_off(asked) or (not asked and is_off(undo)):
        return None
    of_all = Path(undo) if undo else user_folder()
    return Recall((Path(asked) if asked else of_all / "recall") / book_key(book))


def _as_bytes(answer: Arrays) -> bytes:
    """Return arrays one behind the other, after a line with what they are: read ten times as fast as an archive."""
    line = json.dumps([(name, array.dtype.str, array.shape) for name, array in answer.items()])
    return b"".join([line.encode(), b"\n", *(np.ascontiguousarray(array).tobytes() for array in answer.values())])


def _arrays_in(data: bytes) -> dict[str, np.ndarray]:
    """Return arrays by their names, as they were written."""
    at = data.index(b"\n") + 1
    found = {}
    for name, dtype, shape in json.loads(data[:at]):
        count = math.prod(shape)
        array = np.frombuffer(data, np.dtype(dtype), count, at) if count else np.zeros(0, np.dtype(dtype))
        found[name] = array.reshape(shape).copy()  # whoever gets them may write on them
        at += array.nbytes
    return found


def _made_by() -> str:
    """Return what made an answer: this version of the program, and of all that reckons for it."""
    import scipy

    from solver.highs import version  # only large plans ask

    return f"{__version__} numpy {np.__version__} scipy {scipy.__version__} HiGHS {version()} {_source()}"


def _source() -> str:
    """Return a word for the code as it lies on the disk: whoever changes it must not be told what the old one found."""
    digest = sha256()
    for package in ("engine", "solver"):
        for file in _python_files(Path(__file__).parent.parent / package):
            status = file.stat()
            digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def _python_files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Yield files of code in and below a folder, in the order of their names: hundreds of them, at every run."""
    with os.scandir(folder) as entries:
        for each in sorted(entries, key=lambda entry: entry.name):
            if each.name.endswith(".py"):
                yield each
            elif each.name != "__pycache__" and each.is_dir():
                yield from _python_files(each.path)


def _answers(own: Path) -> Iterator[Path]:
    if own.is_dir():
        yield from list(own.glob(f"*{_END}"))
        for left in list(own.glob(f"*{_NEW}")):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > _STALE_S:
                    left.unlink()


def _bound(answers: Iterator[Path] | list[Path], most: int) -> None:
    found = []
    for each in answers:
        with suppress(OSError):  # another run may have forgotten it meanwhile
            status = each.stat()
            found.append((status.st_mtime_ns, status.st_size, each))
    total = sum(size for _, size, _ in found)
    for _, size, each in sorted(found):
        if total <= most:
            return
        with suppress(OSError):
            each.unlink()
        total -= size
