"""Answers by fingerprints of their questions."""

from __future__ import annotations

import numpy as np

from solver.memory import FORGETFUL, Remembering, Trial, Unhinted, fingerprint, recalled
from solver.sparse import csr_matrix

ONE = {"answer": np.array([1.0])}


def test_questions_have_one_fingerprint_where_all_their_parts_are_the_same() -> None:
    matrix, values = csr_matrix(np.eye(2)), np.array([1.0, 2.0])
    assert fingerprint("a", matrix, values) == fingerprint("a", csr_matrix(np.eye(2)), values[::1].copy())


def test_another_word_number_kind_shape_or_place_is_another_question() -> None:
    values = np.array([1.0, 2.0])
    asked = [
        fingerprint("a", values),
        fingerprint("b", values),
        fingerprint("a", np.nextafter(values, 9)),
        fingerprint("a", values.astype(np.float32)),
        fingerprint("a", values[:, None]),
        fingerprint("a", values[:1], values[1:]),
        fingerprint("a", csr_matrix(values)),
        fingerprint("a", csr_matrix(np.array([0.0, 1.0, 2.0]))),
        fingerprint("a", None, values),
        fingerprint("a", "values", values),
    ]
    assert len(set(asked)) == len(asked)


def test_an_answer_is_worked_out_once() -> None:
    memory, times = Remembering(), []

    def work_out() -> dict[str, np.ndarray]:
        times.append(1)
        return ONE

    for _ in range(2):
        assert recalled(memory, lambda: "key", work_out)["answer"] == 1.0
    assert len(times) == 1
    for _ in range(2):
        recalled(FORGETFUL, lambda: "key", work_out)
    assert len(times) == 3


def test_what_was_kept_does_not_change_with_its_array() -> None:
    memory, values = Remembering(), np.array([1.0])
    memory.put("key", {"answer": values})
    values[0] = 2.0
    assert memory.get("key") == ONE


def test_a_trial_keeps_its_answers_only_when_told() -> None:
    memory = Remembering()
    memory.put("old", ONE)
    trial = Trial(memory)
    trial.put("new", ONE)
    assert trial.get("new") == trial.get("old") == ONE
    assert not trial.has_hinted
    assert trial.hint("old") == ONE
    assert trial.has_hinted
    assert memory.get("new") is None
    trial.keep()
    assert memory.get("new") == ONE


def test_a_memory_without_hints_knows_its_answers() -> None:
    memory = Remembering()
    unhinted = Unhinted(memory)
    unhinted.put("key", ONE)
    assert unhinted.get("key") == memory.get("key") == ONE
    assert unhinted.hint("key") is None
