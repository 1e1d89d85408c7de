"""Elements of a page, escaped by construction: a text can never become markup.

Owns: that rule. There are no templates that a text could break out of.
"""

from __future__ import annotations

import html
from collections.abc import Sequence


class Markup(str):
    """Text that is markup already; made by this module only."""

    __slots__ = ()


_VOID = frozenset({"meta", "input", "br"})


def tag(name: str, /, *children: Markup | str | None, **attributes: str | float | None) -> Markup:
    """Return an element; texts are escaped, and so are values of attributes.

    Parameters
    ----------
    attributes : ``class_`` for class, ``for_`` for for, ``_`` stands for a hyphen; None leaves one out
    """
    listed = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:  # all others are closed, those of drawings, too: a page has no self-closing rect
        return Markup(f"<{name}{listed}>")
    return Markup(f"<{name}{listed}>{joined(children)}</{name}>")


def joined(children: Sequence[Markup | str | None]) -> Markup:
    """Return children one after the other."""
    return Markup(
        "".join(
            each if isinstance(each, Markup) else html.escape(each, quote=False)
            for each in children
            if each is not None
        )
    )


def trusted(text: str) -> Markup:
    """Return a text of our own source code as markup: styles, scripts; never anything that was read."""
    return Markup(text)


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
