"""Large parts read as a stream, so that they never stand in memory as a whole.

Owns: pieces as a file to read from, and the elements of one name in it, each let go of before the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from workbooks.package.archive import TooLargeError
from workbooks.package.limits import MOST_TAGS_OF_A_TREE
from workbooks.package.xml import HEAD, XmlError, check_beginning, local_name


class Stream:
    """Pieces of a part, to be read like a file; what a parser holds of it meanwhile is bounded.

    head : its first bytes
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = b""
        while len(self._held) < HEAD and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        self.head = self._held[:HEAD]
        self._tags = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size``; b"" at the end.

        Raises
        ------
        TooLargeError
            More tags were read since the parser last let go of something than a tree should hold.
        """
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._held = piece
        found, self._held = self._held[:size], self._held[size:]
        self._tags += found.count(b"<")
        if self._tags > MOST_TAGS_OF_A_TREE:
            raise TooLargeError(f"a sheet with over {MOST_TAGS_OF_A_TREE:,} tags in one row, or outside its rows")
        return found

    def let_go(self, element: etree._Element) -> None:
        """Say that an element has been read; it and those before it are dropped."""
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
        self._tags = 0


class Elements:
    """The elements of one name in a part, one after the other, each good until the next; then ``root`` is the rest.

    parent : what they must stand in, by its local name: elsewhere they would pile up
    """

    def __init__(self, pieces: Iterable[bytes], tag: str, parent: str) -> None:
        self._pieces, self._tag, self._parent = pieces, tag, parent
        self.root: etree._Element | None = None

    def __iter__(self) -> Iterator[etree._Element]:
        """Yield them.

        Raises
        ------
        XmlError
            The part is damaged.
        TooLargeError
            There is more around them than a tree should hold.
        """
        stream = Stream(self._pieces)
        check_beginning(stream.head)
        try:
            steps = etree.iterparse(
                stream, events=("end",), tag=self._tag, resolve_entities=False, no_network=True, huge_tree=True
            )
            for _, element in steps:
                parent = element.getparent()
                if parent is None or local_name(parent) != self._parent or len(list(parent.iterancestors())) > 1:
                    raise XmlError(f"a {local_name(element)} where none can stand")
                yield element
                stream.let_go(element)
            self.root = steps.root
        except (etree.XMLSyntaxError, ValueError) as broken:
            if isinstance(broken, TooLargeError):
                raise
            raise XmlError(f"broken XML: {broken}") from broken


def blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces anew, cut where an element begins or ends: no opening lies over an edge."""
    held = b""
    for piece in pieces:
        held = held + piece if held else piece
        at = held.rfind(b"<")
        if at > 0:
            yield held[:at]
            held = held[at:]
    if held:
        yield held
