"""Answers kept for a later run: the same question has the same answer, so it need not be worked out again.

A question is known by a fingerprint of all that its answer hangs on; nothing but arrays of numbers is kept. Where
they are kept is for whoever hands the memory in: here nothing knows of files.

Owns: what a memory is, and the fingerprint of a question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Protocol

import numpy as np

from solver.sparse import csc_matrix, csr_matrix

Arrays = Mapping[str, np.ndarray]

Part = np.ndarray | csr_matrix | csc_matrix | str | None
"""What a question may be made of."""


_LENGTH = 40
"""Digits of a fingerprint."""

_LONG = 1_000
"""Numbers from which it is asked whether they are all the same."""


class Memory(Protocol):
    """Answers by fingerprints. What was put may be gone at any time; what is got is what was put, bit by bit."""

    @property
    def is_kept(self) -> bool:
        """Whether anything is kept at all: where not, nobody need make fingerprints."""
        ...

    def get(self, key: str) -> Arrays | None:
        """Return what was put under a fingerprint, None where there is nothing."""
        ...

    def put(self, key: str, answer: Arrays) -> None:
        """Keep an answer, in the place of the one that was kept so far."""
        ...

    def hint(self, key: str) -> Arrays | None:
        """Return what was put as a start for questions that are like this one; ``get`` is for the very same."""
        ...

    def wants_hint(self, key: str) -> bool:
        """Whether what is put under a fingerprint is ever given as a hint: making one may take its time."""
        ...


class Forgetful:
    """The memory that keeps nothing."""

    is_kept = False

    def get(self, key: str) -> Arrays | None:
        """Return nothing."""
        del key
        return None

    def hint(self, key: str) -> Arrays | None:
        """Return nothing."""
        del key
        return None

    def wants_hint(self, key: str) -> bool:
        """Return that none is wanted."""
        del key
        return False

    def put(self, key: str, answer: Arrays) -> None:
        """Keep nothing."""
        del key, answer


FORGETFUL = Forgetful()


class Remembering:
    """A memory for as long as the process lasts."""

    is_kept = True

    def __init__(self) -> None:
        self.answers: dict[str, Arrays] = {}

    def get(self, key: str) -> Arrays | None:
        """Return what was put."""
        return self.answers.get(key)

    hint = get

    def wants_hint(self, key: str) -> bool:
        """Return that the last one is given."""
        del key
        return True

    def put(self, key: str, answer: Arrays) -> None:
        """Keep a copy."""
        self.answers[key] = {name: np.array(array) for name, array in answer.items()}


class Trial:
    """A memory whose new answers are kept only once it is known that they may be.

    has_hinted : whether it gave any hint
    """

    is_kept = True

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._new: dict[str, Arrays] = {}
        self.has_hinted = False

    def get(self, key: str) -> Arrays | None:
        """Return what was put, here or before."""
        return self._new[key] if key in self._new else self._memory.get(key)

    def hint(self, key: str) -> Arrays | None:
        """Return what was put as a start."""
        found = self._memory.hint(key)
        self.has_hinted |= found is not None
        return found

    def wants_hint(self, key: str) -> bool:
        """Whether the memory behind wants it."""
        return self._memory.wants_hint(key)

    def put(self, key: str, answer: Arrays) -> None:
        """Keep an answer for the time being."""
        self._new[key] = answer

    def keep(self) -> None:
        """Keep all new answers."""
        for key, answer in self._new.items():
            self._memory.put(key, answer)


_STARTS = ("corner", "from")
"""Words with which the keys of starts begin."""


class Anchored(Trial):
    """A trial whose hints stay those of the run before and, where that has none, of the first that came to a question.

    So where a run starts does not hang on how many others came before it.
    """

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        self._first: dict[str, Arrays] = {}

    def hint(self, key: str) -> Arrays | None:
        """Return what was put as a start."""
        found = super().hint(key)
        return self._first.get(key) if found is None else found

    def wants_hint(self, key: str) -> bool:
        """Whether there is none yet."""
        return self.hint(key) is None

    def put(self, key: str, answer: Arrays) -> None:
        """Keep an answer for the time being."""
        super().put(key, answer)
        if key.startswith(_STARTS):
            self._first.setdefault(key, answer)

    def forget(self) -> None:
        """Forget all answers of runs that ended, but for where the first of them ended: there may be many."""
        self._new.clear()


class Unhinted:
    """A memory that knows what was asked before, and gives no hints for anything else."""

    is_kept = True

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, key: str) -> Arrays | None:
        """Return what was put."""
        return self._memory.get(key)

    def hint(self, key: str) -> Arrays | None:
        """Return nothing."""
        del key
        return None

    def wants_hint(self, key: str) -> bool:
        """Whether the memory behind wants it."""
        return self._memory.wants_hint(key)

    def put(self, key: str, answer: Arrays) -> None:
        """Keep an answer."""
        self._memory.put(key, answer)


def fingerprint(question: str, *parts: Part) -> str:
    """Return the fingerprint of a question.

    Parameters
    ----------
    question : what is asked, in a word that no other question has
    parts : all that the answer hangs on, in their order
    """
    digest = sha256(question.encode())  # processors have a unit for it: twice as fast as any other
    for part in parts:
        for array in _arrays(part):
            is_one = _is_one_number(array)
            digest.update(f"|{array.dtype.str}{array.shape}{'=' if is_one else ''}".encode())
            digest.update(np.ascontiguousarray(array[:1] if is_one else array).data if array.size else b"")
    return f"{question}-{digest.hexdigest()[:_LENGTH]}"


def _is_one_number(array: np.ndarray) -> bool:
    """Whether a long array holds one number throughout: found sooner than its fingerprint."""
    if array.ndim != 1 or len(array) < _LONG or array[0] != array[-1] or array[0] != array[len(array) // 2]:
        return False
    return bool((array == array[0]).all())


def _arrays(part: Part) -> tuple[np.ndarray, ...]:
    if part is None:
        return (np.zeros(0, dtype=np.int8),)
    if isinstance(part, str):
        return (np.frombuffer(part.encode(), dtype=np.uint8),)
    if isinstance(part, np.ndarray):
        return (part,)
    return (np.array(part.shape), part.indptr, part.indices, part.data)


def recalled(memory: Memory, key: Callable[[], str], work_out: Callable[[], Arrays]) -> Arrays:
    """Return the answer to a question: the one that is kept, or worked out now and kept.

    Parameters
    ----------
    key : makes the fingerprint of the question; not called where nothing is kept
    """
    if not memory.is_kept:
        return work_out()
    at = key()
    found = memory.get(at)
    if found is None:
        found = work_out()
        memory.put(at, found)
    return found
