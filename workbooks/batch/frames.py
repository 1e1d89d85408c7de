"""Messages between processes: a header of JSON and a body of bytes, both with their length before them.

Owns: this form. Nothing that arrives is ever run: no pickles.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_LENGTHS = struct.Struct("<QQ")


class EndedError(EOFError):
    """The other side is gone, or went in the middle of a message."""


def send(stream: BinaryIO, header: str, body: bytes = b"") -> None:
    """Write one message.

    Raises
    ------
    EndedError
        Nobody reads any more.
    """
    text = header.encode()
    try:
        stream.write(_LENGTHS.pack(len(text), len(body)))
        stream.write(text)
        stream.write(body)
        stream.flush()
    except (OSError, ValueError) as gone:
        raise EndedError from gone


def receive(stream: BinaryIO) -> tuple[str, bytes]:
    """Return the header and body of the next message.

    Raises
    ------
    EndedError
        There is none any more.
    """
    header, body = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    return _exactly(stream, header).decode(), _exactly(stream, body)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    try:
        data = stream.read(length)
    except (OSError, ValueError) as gone:
        raise EndedError from gone
    if len(data) < length:
        raise EndedError
    return data
