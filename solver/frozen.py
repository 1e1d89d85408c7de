"""Frozen classes: dataclasses that never change, have slots, and cost little to define.

`dataclass` compiles six methods for each class, which takes about a millisecond; a run meets two hundred classes, and
that was a fifth of a small run. Here comparing, hashing and showing are three functions that all of them share.

Owns: what a frozen class is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Class]) -> type[_Class]:
    """Make a class a frozen dataclass with slots, compared and hashed by all its fields.

    A method of these names that the class has itself stays. Every field is an argument of the constructor.
    """
    own = vars(cls)
    made = dataclass(frozen=True, slots=True, eq=False, repr=False)(cls)
    setattr(made, _VALUES, attrgetter(*(_names(made) or ("__class__",))))
    for method in (__eq__, __hash__, __repr__):
        if own.get(method.__name__) is None:
            setattr(made, method.__name__, method)
    return made


_VALUES = "__frozen_values__"
_names: Callable[[object], tuple[str, ...]] = attrgetter("__match_args__")
"""The fields of a class, as `dataclass` lists them for ``match``."""
_values_of: Callable[[type], Callable[[object], object]] = attrgetter(_VALUES)


def _values(self: object) -> object:
    return _values_of(type(self))(self)


def __eq__(self: object, other: object) -> bool:  # noqa: N807 - named as what it becomes in a class
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def __hash__(self: object) -> int:  # noqa: N807
    return hash(_values(self))


def __repr__(self: object) -> str:  # noqa: N807
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self))
    return f"{type(self).__qualname__}({shown})"
