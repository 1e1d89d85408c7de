"""Requests and answers survive any characters and any code page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbooks.click.lines import escaped, parsed_lines, unescaped, written_lines
from workbooks.click.request import read_request

ANY = st.text(st.characters(exclude_categories=["Cs"]))


@given(text=ANY)
def test_any_text_comes_back_from_ascii(text: str) -> None:
    written = escaped(text, also=" >")
    assert written.isascii()
    assert not set(written) & set(" >\n\r\t")
    assert unescaped(written) == text


@given(value=ANY)
def test_a_request_holds_what_the_macro_wrote(value: str) -> None:
    text = written_lines([("verb", "cascade keep"), ("book", escaped(value)), ("sheet", escaped(value))])
    request = read_request(text.replace("\n", "\r\n"))
    assert request.verb == ("cascade", "keep")
    assert request.book == request.sheet == value


def test_of_two_lines_with_one_key_the_first_counts() -> None:
    assert parsed_lines("a=1\nnonsense\na=2\n") == {"a": "1"}
