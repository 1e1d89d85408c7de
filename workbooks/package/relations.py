"""Relationships between parts.

Owns: where a target leads, free ids, and the part that lists them.
"""

from __future__ import annotations

import posixpath

from lxml import etree

from solver.frozen import frozen
from workbooks.package.namespaces import RELATIONSHIPS
from workbooks.package.xml import parsed, written

_EMPTY = f'<Relationships xmlns="{RELATIONSHIPS}"/>'.encode()


@frozen
class Relation:
    """One relationship. kind : last word of its type; target : a part name, "" where it leads outside."""

    id: str
    kind: str
    target: str


def relations_name(part: str) -> str:
    """Return the name of the part that lists the relationships of a part ("" = the package)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Relations:
    """The relationships of one part."""

    def __init__(self, part: str, data: bytes | None) -> None:
        self._folder = posixpath.dirname(part)
        self._root = parsed(data if data is not None else _EMPTY)
        self.is_changed = False

    @property
    def all(self) -> list[Relation]:
        """All of them, in order."""
        return [
            Relation(
                element.get("Id", ""),
                element.get("Type", "").rsplit("/", 1)[-1],
                "" if element.get("TargetMode") == "External" else self._resolved(element.get("Target", "")),
            )
            for element in self._root
            if isinstance(element.tag, str)
        ]

    def of_kind(self, kind: str) -> list[Relation]:
        """Return those of one kind."""
        return [relation for relation in self.all if relation.kind == kind]

    def target_of(self, relation_id: str) -> str:
        """Return the part a relationship leads to, "" where there is none."""
        return next((relation.target for relation in self.all if relation.id == relation_id), "")

    def add(self, kind: str, target: str) -> str:
        """Add a relationship to a part and return its id.

        kind : the whole type
        """
        used = {relation.id.casefold() for relation in self.all}
        number = len(used) + 1
        while f"rid{number}" in used:
            number += 1
        element = etree.SubElement(self._root, f"{{{RELATIONSHIPS}}}Relationship")
        element.set("Id", f"rId{number}")
        element.set("Type", kind)
        element.set("Target", posixpath.relpath(target, self._folder or "."))
        self.is_changed = True
        return f"rId{number}"

    def remove(self, relation_id: str) -> None:
        """Remove a relationship."""
        for element in self._root:
            if element.get("Id") == relation_id:
                self._root.remove(element)
                self.is_changed = True

    def data(self) -> bytes:
        """Return the part that lists them."""
        return written(self._root)

    def _resolved(self, target: str) -> str:
        if target.startswith("/"):
            return target[1:]
        return posixpath.normpath(posixpath.join(self._folder, target))
