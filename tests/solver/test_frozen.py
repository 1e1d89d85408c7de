"""Frozen classes behave as frozen dataclasses do."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, field, fields, replace

import pytest

from solver.frozen import frozen


@frozen
class Point:
    """A point."""

    across: int
    down: float = 0.5
    notes: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Told:
    """The same, as Python makes it."""

    across: int
    down: float = 0.5
    notes: tuple[str, ...] = field(default_factory=tuple)


@frozen
class Nothing:
    """Nothing at all."""


@frozen
class Named:
    """Equal by name alone."""

    name: str
    at: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


def test_equal_fields_are_equal_and_hash_alike() -> None:
    assert Point(1, 2.0) == Point(1, 2.0)
    assert Point(1, 2.0) != Point(1, 2.5)
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


def test_another_class_with_the_same_fields_is_not_equal() -> None:
    assert Point(1) != Told(1)
    assert Nothing() != Point(1)


def test_it_shows_itself_as_a_dataclass_does() -> None:
    assert repr(Point(1, notes=("a",))) == repr(Told(1, notes=("a",))).replace("Told", "Point")


def test_it_cannot_be_changed_and_has_no_room_for_more() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.across = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.across  # type: ignore[misc]
    assert not hasattr(point, "__dict__")


def test_its_fields_can_be_replaced_copied_and_pickled() -> None:
    point = Point(1, notes=("a",))
    assert replace(point, across=2) == Point(2, notes=("a",))
    assert copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point
    assert [each.name for each in fields(Point)] == ["across", "down", "notes"]


def test_methods_of_its_own_stay() -> None:
    assert Named("a", 1) == Named("a", 2)
    assert hash(Named("a", 1)) == hash("a")
