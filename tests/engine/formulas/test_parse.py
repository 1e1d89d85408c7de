"""The language of formulas: what it reads, what it refuses, and where."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formulas.expression import as_text, evaluate, names_in
from engine.formulas.parse import LONGEST, Fault, parse

NUMBERS = {"Reviews": 600.0, "Appeals": 30.0, "FTE": 5.0, "Working days": 20.0}


def value(text):
    found = parse(text)
    assert not isinstance(found, Fault), found
    return float(evaluate(found, lambda name: np.array(NUMBERS[name.words])))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Reviews] / FTE", 120),
        ("= [Reviews] ÷ (FTE × Working days)", 6),
        ("[Reviews] − [Appeals] + 1", 571),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - 2 - 3", 5),
        ("100 / 5 / 2", 10),
        ("-[Appeals] * -2", 60),
        ("5 % × [Reviews]", 30),
        (".5*[Reviews]", 300),
        ("[ Reviews ]:FTE", 120),
        ("((((7))))", 7),
    ],
)
def test_a_formula_comes_to_what_a_person_works_out(text, expected):
    assert value(text) == pytest.approx(expected)


def test_divided_by_nothing_is_unknown_and_so_is_all_that_needs_it():
    assert np.isnan(value("1 + [Reviews] / (FTE - 5)"))


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("[Reviews] /", 12, "the end"),
        ("([Reviews] + 1", 1, "never closed"),
        ("[Reviews] 2", 11, "“2”"),
        ("[Reviews", 1, "“[”"),
        ("2 ^ 3", 3, "“^”"),
        ("__import__('os').system('true')", 1, "“_”"),
        ("[A]; [B]", 4, "“;”"),
        ("1,5 * FTE", 2, "“,”"),
        (")", 1, "“)”"),
        ("", 1, "the end"),
        ("  + 1", 3, "“+”"),
    ],
)
def test_what_is_no_formula_is_named_with_its_character(text, at, words):
    found = parse(text)
    assert isinstance(found, Fault)
    assert found.at == at
    assert words in found.words


def test_nothing_is_too_long_or_too_deep_to_be_refused():
    assert isinstance(parse("(" * 5000 + "1" + ")" * 5000), Fault)
    assert isinstance(parse("1" + "+1" * (LONGEST // 2 - 1)), Fault)
    assert isinstance(parse("-" * 900 + "1"), Fault)
    assert not isinstance(parse("1" + "+1" * 150), Fault)


@given(st.text(alphabet=string.printable + "[]()+-×÷−", max_size=60))
def test_no_text_makes_it_fail(text):
    found = parse(text)
    if isinstance(found, Fault):
        assert found.words
    else:
        list(names_in(found))


@given(
    st.recursive(
        st.sampled_from(["[Reviews]", "[Appeals]", "FTE", "3", "0.5"]),
        lambda part: st.tuples(part, st.sampled_from("+-*/"), part).map(lambda each: f"({''.join(each)})"),
        max_leaves=12,
    )
)
def test_a_formula_written_for_a_spreadsheet_means_the_same(text):
    found = parse(text)
    written = as_text(found, lambda name: repr(NUMBERS[name.words]))
    expected = float(evaluate(found, lambda name: np.array(NUMBERS[name.words])))
    try:
        computed = eval(written, {"__builtins__": {}})  # our own text, in a test
    except ZeroDivisionError:
        assert np.isnan(expected)
    else:
        assert computed == pytest.approx(expected, nan_ok=True)
