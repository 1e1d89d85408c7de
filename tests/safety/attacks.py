"""Attacks built by hand: the part that each hits, times what is done to it, and whole packages that lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.corpus.packing import Parts, parts_of, zipped
from tests.workbooks.read.test_finding import SOUND
from tests.workbooks.read.test_hostile import HOSTILE
from workbooks.run import cascade

_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">%s]>'
_BOMB = _ENTITIES % b"".join(
    b'<!ENTITY c%d "%s">' % (at, b"&c%d;" % (at - 1) * 10 if at else b"&b;" * 10) for at in range(9)
)
_FILE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_NET = b'<!DOCTYPE x PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd">'


def _in_front(what: bytes) -> Callable[[bytes], bytes]:
    return lambda part: part[: part.find(b"?>") + 2] + what + part[part.find(b"?>") + 2 :]


def _inside(what: bytes) -> Callable[[bytes], bytes]:
    return lambda part: part[: part.rfind(b"</")] + what + part[part.rfind(b"</") :]


PER_PART: dict[str, Callable[[bytes], bytes]] = {
    "entities that multiply": _in_front(_BOMB),
    "a file as entity": _in_front(_FILE),
    "a document type from the net": _in_front(_NET),
    "a document type behind comments": _in_front(b"<!---->" * 2000 + _FILE),
    "nesting": _inside(b"<a>" * 3000 + b"</a>" * 3000),
    "an attribute of a megabyte": _inside(b"<a b='" + bytes(range(48, 91)) * 25_000 + b"'/>"),
    "ten thousand attributes": _inside(b"<a " + b" ".join(b"b%d='%d'" % (at, at) for at in range(10_000)) + b"/>"),
    "zero bytes": lambda part: b"\0".join([part[:50], part[50:]]),
    "not closed": lambda part: part[: part.rfind(b"</")],
    "nothing": lambda part: b"",
    "another encoding": lambda part: part.replace(b"UTF-8", b"UTF-7", 1),
    "in UTF-32": lambda part: part.decode().encode("utf-32"),
    "an instruction without an end": lambda part: b"<?x " + part,
}


def attacks() -> Iterator[tuple[str, bytes]]:
    """Yield built attacks by name."""
    yield from HOSTILE.items()
    book = cascade(SOUND).data
    parts = parts_of(book or b"")
    hit = [
        "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/sharedStrings.xml", "xl/worksheets/sheet3.xml", "xl/tables/table2.xml", *_own_parts(parts),
    ]  # fmt: skip
    for name in hit:
        for word, change in PER_PART.items():
            yield f"{word} in {name}", zipped({**parts, name: change(parts[name])})


def _own_parts(parts: Parts) -> list[str]:
    """Return a result sheet, and the sheet by which the engine knows its own."""
    mark = next(name for name, part in parts.items() if b"knows its own sheets by this page" in part)
    result = next(name for name, part in parts.items() if name.startswith("xl/worksheets/") and b"Fair share" in part)
    return [mark, result]
