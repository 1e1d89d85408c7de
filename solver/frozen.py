"""Frozen classes: they never change, compare by their fields, and cost next to nothing to define.

A run meets two hundred of them. `dataclass` compiles the source of six methods for each, a tenth of a small run in all;
msgspec makes the same in C. To `dataclasses` they are dataclasses still: ``replace``, ``fields`` and ``asdict`` work.

Owns: what a frozen class is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field
from typing import Any, TypeVar, cast, dataclass_transform

import msgspec

_Class = TypeVar("_Class")

_LEFT_OUT = ("__dict__", "__weakref__", "__annotations__")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Class]) -> type[_Class]:
    """Make a class frozen, with slots, and with a constructor that takes its fields.

    Methods that it has itself stay. Every field is an argument of the constructor.
    """
    own = vars(cls)
    names = own.get("__annotations__", {})
    namespace = {name: value for name, value in own.items() if name not in names and name not in _LEFT_OUT}
    namespace["__dataclass_fields__"] = _Fields(cls)
    bases = tuple(base for base in cls.__bases__ if base is not object)
    made = msgspec.defstruct(
        cls.__name__, _fields(own, names), bases=(*bases, msgspec.Struct), module=cls.__module__, namespace=namespace,
        frozen=True,
    )  # fmt: skip
    return cast("type[_Class]", made)


def _fields(own: Any, names: dict[str, Any]) -> Iterator[Any]:
    for name in names:
        default = own.get(name, MISSING)
        if isinstance(default, Field):
            factory = default.default_factory
            default = msgspec.field(default_factory=factory) if factory is not MISSING else default.default
        yield (name, Any) if default is MISSING else (name, Any, default)


class _Fields:
    """What `dataclasses` knows of a class, found when it asks."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, _: object, owner: type) -> dict[str, Field[Any]]:
        found = self._cls
        if "__dataclass_fields__" not in vars(found):
            dataclass(init=False, repr=False, eq=False)(found)
        return cast("dict[str, Field[Any]]", vars(found)["__dataclass_fields__"])
