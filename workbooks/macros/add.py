"""Macros put into a workbook that has none: the sheet Control with its buttons, code names, the VBA project.

Owns: what is added, and what refuses it.
"""

from __future__ import annotations

import re

from engine.codes import issue
from engine.issues import NOWHERE, Issue, stops
from workbooks.macros.buttons import BUTTONS
from workbooks.macros.buttons_part import buttons_vml
from workbooks.macros.code_names import give_code_names
from workbooks.macros.modules import module_sources, workbook_source
from workbooks.package.archive import ArchiveError
from workbooks.package.book import Book
from workbooks.package.compose import ComposeOptions, compose
from workbooks.package.mark import MARK_SHEET, own_sheet_names
from workbooks.package.namespaces import VML
from workbooks.package.parts import Parts
from workbooks.package.xml import XmlError, parsed, written
from workbooks.run import read_plan
from workbooks.tabs.control import COMMAND_NAME, STATUS_NAME, command_cell, control_sheet, status_cells
from workbooks.tabs.names import CONTROL
from workbooks.vba.project import WORKBOOK, NoCodePageError, vba_project

_PLAIN_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
VBA = "application/vnd.ms-office.vbaProject"
VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


def add_macros(data: bytes) -> bytes | Issue:
    """Return a workbook with our macros, to be saved as .xlsm.

    Parameters
    ----------
    data : a workbook; one that has macros of its own is refused, and never opened
    """
    try:
        refused = _refused(Book(Parts(data)))
        if refused is not None:
            return refused
        with_control = _with_control(data)
        return with_control if isinstance(with_control, Issue) else _with_project(with_control)
    except (ArchiveError, XmlError) as broken:
        return issue("TC601", NOWHERE, str(broken))
    except NoCodePageError as mixed:
        return issue("TC859", NOWHERE, str(mixed))


def has_macros(book: Book) -> bool:
    """Whether there is a VBA project in a workbook."""
    return bool(book.parts.relations(book.part).of_kind("vbaProject"))


def _refused(book: Book) -> Issue | None:
    if has_macros(book):
        return issue("TC850", NOWHERE, "a VBA project")
    kind = book.parts.type_of(book.part)
    if kind not in (_PLAIN_BOOK, _MACRO_BOOK):
        return issue("TC851", NOWHERE, kind.rsplit(".", 2)[-2] if kind.count(".") > 1 else "another kind of file")
    return None


def _with_control(data: bytes) -> bytes | Issue:
    plan = read_plan(data).plan
    prefix = plan.settings.output_prefix if plan is not None else ""
    sheet = control_sheet([(button.caption, button.about) for button in BUTTONS])
    composed = compose(data, [sheet], ComposeOptions(prefix))
    if composed.data is None:
        return next(each for each in composed.issues if stops([each]))
    return composed.data


def _with_project(data: bytes) -> bytes:
    parts = Parts(data)
    book = Book(parts)
    own = own_sheet_names(book)
    _hang_buttons(book, own[CONTROL])
    # results made by a run have none either: they come and go while the project stays
    skipped = {MARK_SHEET, *(name for logical, name in own.items() if logical != CONTROL)}
    names = give_code_names(book, skipped)
    workbook = book.code_name or WORKBOOK
    if not book.code_name:
        book.set_code_name(workbook)
    book.set_hidden_name(STATUS_NAME, own[CONTROL], status_cells())
    book.set_hidden_name(COMMAND_NAME, own[CONTROL], command_cell(len(BUTTONS)))
    book.store()
    parts.put(book.part, parts.part(book.part), _MACRO_BOOK)
    project = parts.free_name("xl/vbaProject{}.bin").replace("1.bin", ".bin")
    parts.put(project, vba_project(module_sources(), names, workbook, workbook_source()), VBA)
    parts.relations(book.part).add(VBA_RELATION, project)
    return parts.data()


def _hang_buttons(book: Book, control: str) -> None:
    parts = book.parts
    sheet = next(each for each in book.sheets if each.name == control)
    root = parsed(parts.part(sheet.part))
    old = [each for each in root if each.tag == book.dialect.tag("legacyDrawing")]
    if any(_has_every_button(parts, sheet.part, each.get(f"{{{book.dialect.rel}}}id", "")) for each in old):
        return  # saved without macros, to be given new ones: Excel keeps the buttons
    for each in old:
        root.remove(each)
    parts.set_default_type("vml", VML)
    drawing = parts.free_name("xl/drawings/vmlDrawing{}.vml")
    parts.put(drawing, buttons_vml(BUTTONS, len(parts.names)).encode())
    relation = parts.relations(sheet.part).add(f"{book.dialect.rel}/vmlDrawing", drawing)
    anchor = root.makeelement(book.dialect.tag("legacyDrawing"), {f"{{{book.dialect.rel}}}id": relation})
    root.append(anchor)
    parts.put(sheet.part, written(root))


def _has_every_button(parts: Parts, sheet: str, relation: str) -> bool:
    """Whether a sheet's drawing in the old language holds all our buttons."""
    drawings = (each.target for each in parts.relations(sheet).of_kind("vmlDrawing") if each.id == relation)
    held = b"".join(parts.part(name) for name in drawings if parts.has(name))
    return all(re.search(rb"\b" + button.macro.encode() + rb"\b", held) for button in BUTTONS)
