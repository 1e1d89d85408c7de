"""From the text of a formula to its parts: ``([Reviews] + [Appeals]) ÷ (FTE × Working days)``.

    sum := product (("+" | "−") product)*;  product := factor (("×" | "÷") factor)*
    factor := "−" factor | number | name | "[" name "]" | "(" sum ")"

Owns: the language. Nothing is ever run: what is not in it is a fault with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.formulas.expression import Expression, Joined, Name, Negated, Number
from solver.frozen import frozen

LONGEST = 1000
"""Characters of a formula."""

DEEPEST, MOST = 60, 150
"""Brackets and signs within each other; operations in all."""

_SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/"}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)\s*(?P<percent>%)?|\[(?P<metric>[^\[\]]*)\]"
    r"|(?P<word>[^\W\d_][\w.]*(?:\s+[^\W\d_][\w.]*)*)|(?P<sign>[-+*/()−–×·÷:]))"
)


@frozen
class Fault:
    """What is wrong with a formula, and at which character, from 1."""

    words: str
    at: int


@frozen
class _Token:
    kind: str  # number, metric, word, sign, end
    text: str
    at: int


def parse(text: str) -> Expression | Fault:
    """Return the parts of a formula, or what is wrong with it. A leading = does not count."""
    body = text.strip()
    start = len(text) - len(text.lstrip())
    if body.startswith("="):
        body, start = body[1:], start + 1
    if len(body) > LONGEST:
        return Fault(f"more than {LONGEST:,} characters", LONGEST)
    tokens = _tokens(body, start)
    if isinstance(tokens, Fault):
        return tokens
    reading = _Reading(tokens)
    found = reading.sum(0)
    if reading.fault is None and reading.now.kind != "end":
        reading.stop(f"“{reading.now.text}” where + − × ÷ or the end is expected")
    return found if reading.fault is None else reading.fault


def _tokens(body: str, start: int) -> list[_Token] | Fault:
    found: list[_Token] = []
    at, end = 0, len(body.rstrip())
    while at < end:
        match = _TOKEN.match(body, at)
        if match is None:
            rest = body[at:].lstrip()
            return Fault(f"“{rest[0]}”", start + len(body) - len(rest) + 1)
        kind = str(match.lastgroup if match.lastgroup != "percent" else "number")
        token = match.group(kind)
        if match.group("percent"):
            token = f"{float(token) / 100:.15g}"
        found.append(_Token(kind, _SIGNS.get(token, token), start + match.start(kind) + 1))
        at = match.end()
    found.append(_Token("end", "the end", start + end + 1))
    return found


class _Reading:
    """A formula while it is read. fault : the first thing that is wrong."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._joined = tokens, 0, 0
        self.fault: Fault | None = None

    @property
    def now(self) -> _Token:
        """The token that is next."""
        return self._tokens[self._at]

    def stop(self, words: str) -> Expression:
        """Note what is wrong; only the first fault counts."""
        if self.fault is None:
            self.fault = Fault(words, self.now.at)
        return Number(0.0)

    def sum(self, depth: int) -> Expression:
        """Read products joined by + and −."""
        found = self._product(depth)
        while self.fault is None and self.now.kind == "sign" and self.now.text in "+-":
            found = self._join(found, self._product, depth)
        return found

    def _product(self, depth: int) -> Expression:
        found = self._factor(depth)
        while self.fault is None and self.now.kind == "sign" and self.now.text in "*/":
            found = self._join(found, self._factor, depth)
        return found

    def _join(self, left: Expression, right: Callable[[int], Expression], depth: int) -> Expression:
        self._joined += 1
        if self._joined > MOST:
            return self.stop(f"more than {MOST} operations")
        operation = self._next().text
        return Joined(operation, left, right(depth))

    def _factor(self, depth: int) -> Expression:
        token = self.now
        if depth > DEEPEST:
            return self.stop("too many brackets within each other")
        if token.kind == "number":
            return Number(float(self._next().text))
        if token.kind in ("metric", "word"):
            self._next()
            return Name(" ".join(token.text.split()), token.kind == "metric", token.at)
        if token.text == "-":
            self._next()
            return Negated(self._factor(depth + 1))
        if token.text == "(":
            return self._bracket(depth)
        return self.stop(f"{'' if token.kind == 'end' else 'a '}{_shown(token)} where a number or a name is expected")

    def _bracket(self, depth: int) -> Expression:
        opened = self._next()
        found = self.sum(depth + 1)
        if self.fault is None and self.now.text != ")":
            self.fault = Fault("a bracket that is never closed", opened.at)
        if self.fault is None:
            self._next()
        return found

    def _next(self) -> _Token:
        token = self.now
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token


def _shown(token: _Token) -> str:
    return token.text if token.kind == "end" else f"“{token.text}”"
