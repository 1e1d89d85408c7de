"""Texts in XML: escaped, clipped to what a cell takes, never a formula.

Owns: escaping.
"""

from __future__ import annotations

import re

MAX_TEXT = 32_767
"""Characters Excel takes in a cell."""

_SPECIAL = re.compile('[&<>"_\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "_x000D_", "\t": "&#9;"}
)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def has_specials(text: str) -> bool:
    """Whether a text, or one of several put together, has characters that are written otherwise."""
    return _SPECIAL.search(text) is not None


def escaped(text: str) -> str:
    """Return a text as the content of an element or attribute; characters XML refuses as ``_x0001_``."""
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - 1] + "…"
    if not has_specials(text):
        return text
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.translate(_ESCAPES)


def inline_text(text: str) -> str:
    """Return a text that stands inside its cell; blanks around it are kept only where the part says so."""
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<is><t{keep}>{escaped(text)}</t></is>"


def plain_number(value: float) -> str:
    """Return a number with the 15 digits that a spreadsheet keeps."""
    return f"{value:.15g}"
