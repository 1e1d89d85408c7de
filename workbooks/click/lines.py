r"""Requests and answers between macros and the command: lines ``key=value`` in plain ASCII.

Owns: the form of the lines. Other characters are written as ``\uXXXX``, so that no code page can change them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ESCAPE = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+")


def parsed_lines(text: str) -> dict[str, str]:
    """Return the values by key; of several with one key, the first."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, sign, value = line.partition("=")
        if sign:
            found.setdefault(key.strip(), unescaped(value))
    return found


def written_lines(pairs: Iterable[tuple[str, str]]) -> str:
    """Return lines; values stand as they are, escaped by whoever made them."""
    return "".join(f"{key}={value}\n" for key, value in pairs)


def escaped(text: str, also: str = "") -> str:
    r"""Return a text in ASCII without line ends, backslashes and the characters of ``also``.

    >>> escaped("Köln - A", also=" ")
    'K\\u00F6ln\\u0020-\\u0020A'
    """
    return "".join(
        character if " " <= character <= "~" and character not in "\\" + also else _units(character)
        for character in text
    )


def unescaped(text: str) -> str:
    """Return the text that was escaped."""
    return _ESCAPE.sub(lambda found: _text(found.group()), text)


def _units(character: str) -> str:
    data = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[at]:02X}{data[at + 1]:02X}" for at in range(0, len(data), 2))


def _text(units: str) -> str:
    return bytes.fromhex(units.replace("\\u", "")).decode("utf-16-be", "replace")
