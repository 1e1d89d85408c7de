"""A VBA project from source text (MS-OVBA), without the performance cache that only Office can make.

Office compiles the sources when the project is opened; the version number of the cache says that there is none.

Owns: the streams of a project and what is in them.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256

from solver.frozen import frozen
from workbooks.vba.compound import compound_file
from workbooks.vba.compression import compress
from workbooks.vba.protection import UNPROTECTED, hidden

NAME = "TargetCascade"
WORKBOOK = "ThisWorkbook"
"""Code name of a workbook that has none."""

_CODE_PAGES = (1252, 1250, 1251, 1253, 1254, 1257, 1255, 1256, 1258, 874, 932, 936, 949, 950)
"""Code pages of Windows that a project may be written in; the first that holds all of it is taken."""

_ENGLISH = 0x409
_32_BIT_WINDOWS = 1
_NO_CACHE = bytes.fromhex("cc61ffff000000")
_NO_COOKIE = b"\xff\xff"
_PROCEDURAL, _DOCUMENT = 0x21, 0x22
_WORKBOOK_BASE = "00020819"
_BASES = {"worksheet": "00020820", "chartsheet": "00020821"}
_LIBRARIES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
)
_HOST = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"


class NoCodePageError(ValueError):
    """The names of a project belong to alphabets that no one code page has."""


@frozen
class _Module:
    """One module: its name, its whole source with attributes, and whether a document stands behind it."""

    name: str
    source: str
    is_document: bool


def vba_project(
    modules: Mapping[str, str], sheets: Mapping[str, str], workbook: str = WORKBOOK, behind: str = ""
) -> bytes:
    """Return xl/vbaProject.bin.

    Parameters
    ----------
    modules : name → source text of each standard module, without attributes
    sheets : code name → kind of each sheet, "worksheet" or "chartsheet", in their order
    workbook : code name of the workbook
    behind : source text of the workbook's own module

    Returns
    -------
    bytes
        The same for the same arguments.

    Raises
    ------
    NoCodePageError
        Names belong to alphabets that no one code page has.
    """
    documents = [
        _document(workbook, _WORKBOOK_BASE, behind),
        *(_document(name, _BASES[kind]) for name, kind in sheets.items()),
    ]
    standard = [_Module(name, _standard(name, source), is_document=False) for name, source in modules.items()]
    held = [*documents, *standard]
    page = _code_page("".join(module.source for module in held))
    encoding = f"cp{page}"
    streams: dict[str, bytes] = {
        "dir": compress(_directory(held, page)),
        "_VBA_PROJECT": _NO_CACHE,
        **{module.name: compress(module.source.encode(encoding)) for module in held},
    }
    properties = _properties(held).encode(encoding)
    return compound_file({"VBA": streams, "PROJECT": properties, "PROJECTwm": _name_map(held, encoding)})


def _code_page(text: str) -> int:
    """Return the first code page that has every character of a text."""
    for page in _CODE_PAGES:
        with suppress(UnicodeEncodeError):
            text.encode(f"cp{page}")
            return page
    raise NoCodePageError("".join(sorted({each for each in text if not each.isascii()})))


def _document(name: str, base: str, code: str = "") -> _Module:
    attributes = {
        "VB_Name": f'"{name}"',
        "VB_Base": f'"0{{{base}-0000-0000-C000-000000000046}}"',
        "VB_GlobalNameSpace": "False",
        "VB_Creatable": "False",
        "VB_PredeclaredId": "True",
        "VB_Exposed": "True",
        "VB_TemplateDerived": "False",
        "VB_Customizable": "True",
    }
    source = "".join(f"Attribute {key} = {value}\r\n" for key, value in attributes.items())
    lines = code.replace("\r\n", "\n").strip("\n").split("\n") if code else []
    return _Module(name, source + "".join(f"{line}\r\n" for line in lines), is_document=True)


def _standard(name: str, source: str) -> str:
    lines = source.replace("\r\n", "\n").strip("\n").split("\n")
    return "\r\n".join([f'Attribute VB_Name = "{name}"', *lines, ""])


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _twice(number: int, text: str, unicode_number: int, encoding: str = "ascii") -> bytes:
    """Return a text in the project's code page and again in Unicode."""
    return _record(number, text.encode(encoding)) + _record(unicode_number, text.encode("utf-16-le"))


def _directory(modules: Sequence[_Module], page: int) -> bytes:
    """Return the dir stream: what the project is, what it refers to, its modules (2.3.4.2)."""
    information = [
        _record(0x01, struct.pack("<I", _32_BIT_WINDOWS)),
        _record(0x02, struct.pack("<I", _ENGLISH)),
        _record(0x14, struct.pack("<I", _ENGLISH)),
        _record(0x03, struct.pack("<H", page)),
        _record(0x04, NAME.encode("ascii")),
        _twice(0x05, "", 0x40),  # description
        _record(0x06, b"") + _record(0x3D, b""),  # help file, twice
        _record(0x07, bytes(4)),  # help context
        _record(0x08, bytes(4)),  # library flags
        struct.pack("<HIIH", 0x09, 4, 1, 1),  # version 1.1
        _twice(0x0C, "", 0x3C),  # constants
    ]
    references = [_twice(0x16, name, 0x3E) + _registered(library) for name, library in _LIBRARIES]
    head = _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, _NO_COOKIE)
    described = [_described(module, f"cp{page}") for module in modules]
    return b"".join([*information, *references, head, *described, struct.pack("<HI", 0x10, 0)])


def _registered(library: str) -> bytes:
    encoded = library.encode("ascii")
    return _record(0x0D, struct.pack("<I", len(encoded)) + encoded + bytes(6))


def _described(module: _Module, encoding: str) -> bytes:
    return b"".join(
        [
            _twice(0x19, module.name, 0x47, encoding),
            _twice(0x1A, module.name, 0x32, encoding),  # its stream
            _twice(0x1C, "", 0x48),  # description
            _record(0x31, bytes(4)),  # the source starts the stream: there is no cache before it
            _record(0x1E, bytes(4)),  # help context
            _record(0x2C, _NO_COOKIE),
            struct.pack("<HI", _DOCUMENT if module.is_document else _PROCEDURAL, 0),
            struct.pack("<HI", 0x2B, 0),
        ]
    )


def _properties(modules: Sequence[_Module]) -> str:
    """Return the PROJECT stream (2.3.1): a text in which the protection, none, is written in its own cipher."""
    digest = sha256("\0".join(f"{module.name}\0{module.source}" for module in modules).encode()).digest()
    project_id = "{" + str(uuid.UUID(bytes=digest[:16], version=4)).upper() + "}"
    lines = [f'ID="{project_id}"']
    lines += [f"Document={each.name}/&H00000000" for each in modules if each.is_document]
    lines += [f"Module={each.name}" for each in modules if not each.is_document]
    lines += [f'Name="{NAME}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    lines += [f'{key}="{hidden(data, project_id, seed)}"' for key, data, seed in UNPROTECTED]
    lines += ["", "[Host Extender Info]", _HOST, "", "[Workspace]"]
    lines += [f"{each.name}=0, 0, 0, 0, C" for each in modules]
    return "\r\n".join(lines) + "\r\n"


def _name_map(modules: Sequence[_Module], encoding: str) -> bytes:
    """Return the PROJECTwm stream (2.3.3): each module's name in the code page and in Unicode."""
    names = (each.name.encode(encoding) + b"\0" + each.name.encode("utf-16-le") + b"\0\0" for each in modules)
    return b"".join(names) + b"\0\0"
