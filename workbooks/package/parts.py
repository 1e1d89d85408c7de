"""The parts of a package, what they are, and how they point at each other.

Owns: changes on their way into an archive: parts, content types, relationships.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lxml import etree

from workbooks.package.archive import Archive, ArchiveError
from workbooks.package.namespaces import CONTENT_TYPES, RELATIONSHIPS_TYPE
from workbooks.package.part_digest import digest_of
from workbooks.package.relations import Relations, relations_name
from workbooks.package.xml import parsed, written

TYPES_PART = "[Content_Types].xml"


class Parts:
    """A package being changed; ``data`` writes it, equal bytes where nothing changed."""

    def __init__(self, data: bytes) -> None:
        """Read content types; the rest is read when it is asked for.

        Raises
        ------
        ArchiveError, XmlError
            No package.
        """
        self._original = data
        self.archive = Archive(data)
        self._changes: dict[str, bytes | None] = {}
        self._types = parsed(self.archive.part(TYPES_PART))
        self._types_changed = False
        self._type_index: tuple[dict[str, str], dict[str, str]] | None = None
        self._relations: dict[str, Relations] = {}

    @property
    def names(self) -> list[str]:
        """Names of all parts as they will be."""
        kept = [name for name in self.archive.names if self._changes.get(name, b"") is not None]
        return kept + [name for name, data in self._changes.items() if data is not None and not self.archive.has(name)]

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return self._changes[name] is not None if name in self._changes else self.archive.has(name)

    def part(self, name: str) -> bytes:
        """Return the content of a part as it will be."""
        if name in self._changes:
            data = self._changes[name]
            if data is None:
                raise ArchiveError(f"the part {name} is missing")
            return data
        return self.archive.part(name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the content of a part as it will be, piece by piece; what is wrong is raised as by ``part``."""
        if name in self._changes:
            yield self.part(name)
        else:
            yield from self.archive.read_pieces(name)

    def is_changed(self, name: str) -> bool:
        """Whether a part will be another than it was, or go."""
        return name in self._changes

    def digest(self, name: str) -> str:
        """Return the digest of a part as it will be; what is wrong is raised as by ``pieces``."""
        return digest_of((self.part(name),)) if name in self._changes else self.archive.digest(name)

    def size(self, name: str) -> int:
        """Return how many bytes a part has as it will be, 0 where there is none."""
        if name in self._changes:
            return len(self._changes[name] or b"")
        return self.archive.size(name)

    def put(self, name: str, data: bytes, content_type: str = "") -> None:
        """Replace or add a part; a new one needs its content type."""
        if not self.has(name) or self.size(name) != len(data) or self.part(name) != data:
            self._changes[name] = data
        if content_type and self.type_of(name) != content_type:
            self._override(name, content_type)

    def remove(self, name: str) -> None:
        """Remove a part with its content type and the list of its relationships."""
        for each in (name, relations_name(name)):
            if self.has(each):
                self._changes[each] = None
        self._relations.pop(name, None)
        for element in list(self._types):
            if element.get("PartName", "").casefold() == f"/{name}".casefold():
                self._types.remove(element)
                self._touch_types()

    def relations(self, part: str) -> Relations:
        """Return the relationships of a part ("" = the package), to be read and changed."""
        if part not in self._relations:
            name = relations_name(part)
            self._relations[part] = Relations(part, self.part(name) if self.has(name) else None)
        return self._relations[part]

    def type_of(self, name: str) -> str:
        """Return the content type of a part, "" where none is given."""
        if self._type_index is None:
            self._type_index = _index(self._types)
        overrides, defaults = self._type_index
        extension = name.rsplit(".", 1)[-1].casefold()
        return overrides.get(f"/{name}".casefold(), defaults.get(extension, ""))

    def of_type(self, content_type: str) -> list[str]:
        """Return the names of all parts of a content type."""
        return [name for name in self.names if self.type_of(name) == content_type]

    def set_default_type(self, extension: str, content_type: str) -> None:
        """Give parts with an ending a content type, unless they have one."""
        if any(element.get("Extension", "").casefold() == extension for element in self._types):
            return
        element = etree.Element(f"{{{CONTENT_TYPES}}}Default", Extension=extension, ContentType=content_type)
        self._types.insert(0, element)
        self._touch_types()

    def free_name(self, pattern: str) -> str:
        """Return the first free part name of a pattern like ``xl/tables/table{}.xml``."""
        taken = {name.casefold() for name in self.names}
        return next(name for number in count(1) if (name := pattern.format(number)).casefold() not in taken)

    def data(self) -> bytes:
        """Return the package."""
        changes = dict(self._changes)
        for part, relations in self._relations.items():
            if relations.is_changed and (not part or self.has(part)):
                changes[relations_name(part)] = relations.data()
                self.set_default_type("rels", RELATIONSHIPS_TYPE)  # some programs list each of them instead
        if self._types_changed:
            changes[TYPES_PART] = written(self._types)
        return self.archive.with_parts(changes) if changes else self._original

    def _override(self, name: str, content_type: str) -> None:
        for element in self._types:
            if element.get("PartName", "").casefold() == f"/{name}".casefold():
                element.set("ContentType", content_type)
                break
        else:
            etree.SubElement(self._types, f"{{{CONTENT_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)
        self._touch_types()

    def _touch_types(self) -> None:
        self._types_changed, self._type_index = True, None


def _index(types: etree._Element) -> tuple[dict[str, str], dict[str, str]]:
    """Return content types by part name and by ending, both in lower case; the first of each counts."""
    overrides: dict[str, str] = {}
    defaults: dict[str, str] = {}
    for element in types:
        found, key = (overrides, "PartName") if element.get("PartName") else (defaults, "Extension")
        found.setdefault(element.get(key, "").casefold(), element.get("ContentType", ""))
    return overrides, defaults
