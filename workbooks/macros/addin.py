"""The add-in: the same buttons as a group on the ribbon, for workbooks that have macros of their own.

Owns: the ribbon, and the package of the .xlam file.
"""

from __future__ import annotations

from io import BytesIO

from workbooks.macros.buttons import BUTTONS, Button
from workbooks.macros.code_names import give_code_names
from workbooks.macros.modules import module_sources
from workbooks.package.book import Book
from workbooks.package.parts import Parts
from workbooks.package.texts import escaped
from workbooks.vba.project import WORKBOOK, vba_project

_ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RIBBON_RELATION = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
_RIBBON_NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
_RIBBON_PART = "customUI/customUI.xml"


def add_in() -> bytes:
    """Return the .xlam file; the same bytes every time."""
    from workbooks.macros.add import VBA, VBA_RELATION

    parts = Parts(_empty_book())
    book = Book(parts)
    names = give_code_names(book, skipped=())
    book.set_code_name(WORKBOOK)
    book.store()
    parts.put(book.part, parts.part(book.part), _ADD_IN)
    parts.put("xl/vbaProject.bin", vba_project(module_sources(), names), VBA)
    parts.relations(book.part).add(VBA_RELATION, "xl/vbaProject.bin")
    parts.put(_RIBBON_PART, ribbon_xml().encode(), "application/xml")
    parts.relations("").add(_RIBBON_RELATION, _RIBBON_PART)
    return parts.data()


def ribbon_xml() -> str:
    """Return the group of buttons on the tab Data."""
    buttons = "".join(_button(button) for button in BUTTONS)
    return (
        f'<customUI xmlns="{_RIBBON_NAMESPACE}"><ribbon><tabs><tab idMso="TabData">'
        f'<group id="TargetsGroup" label="Targets">{buttons}</group></tab></tabs></ribbon></customUI>'
    )


def _button(button: Button) -> str:
    return (
        f'<button id="{button.macro}" label="{escaped(button.caption)}" imageMso="{button.icon}" tag="{button.verb}" '
        f'screentip="{escaped(button.caption)}" supertip="{escaped(button.about)}" onAction="TargetsRibbon"/>'
    )


def _empty_book() -> bytes:
    import xlsxwriter

    from workbooks.template.write import CREATED

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": "Targets", "created": CREATED})
    book.add_worksheet("Targets")
    book.close()
    return target.getvalue()
