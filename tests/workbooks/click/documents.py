"""An open document in LibreOffice, as a person sees it: its buttons are pressed, its sheets are read."""

from __future__ import annotations

FORMULA_TYPE = 3


class Document:
    """A macro workbook that is open in Calc."""

    def __init__(self, document: object) -> None:
        self.document = document
        self.sheets = document.Sheets

    @property
    def names(self) -> tuple[str, ...]:
        return self.sheets.getElementNames()

    def press(self, caption: str) -> dict[str, str]:
        """Press a button of Control by its caption: run the macro that hangs on it; return what Control says."""
        page = self.sheets.getByName("Control").DrawPage
        form = page.Forms.getByIndex(0)
        at = next(at for at in range(form.Count) if form.getByIndex(at).Label == caption)
        (event,) = form.getScriptEvents(at)
        assert event.ScriptType == "Script"
        self.document.ScriptProvider.getScript(event.ScriptCode).invoke((), (), ())
        return self.status

    @property
    def captions(self) -> list[str]:
        form = self.sheets.getByName("Control").DrawPage.Forms.getByIndex(0)
        return [form.getByIndex(at).Label for at in range(form.Count)]

    @property
    def status(self) -> dict[str, str]:
        cells = self.named("TargetsStatus")
        row, column = cells.RangeAddress.StartRow, cells.RangeAddress.StartColumn
        block = self.sheets.getByName("Control").getCellRangeByPosition(
            column - 1, row, column, row + cells.Rows.Count - 1
        )
        return {str(label): str(value) for label, value in block.getDataArray()}

    def select(self, sheet: str, cells: str) -> None:
        """Select cells with the mouse, as it were."""
        self.show(sheet)
        self.document.CurrentController.select(self.sheets.getByName(sheet).getCellRangeByName(cells))

    def show(self, sheet: str) -> None:
        """Go to a sheet."""
        self.document.CurrentController.setActiveSheet(self.sheets.getByName(sheet))

    @property
    def active(self) -> str:
        return self.document.CurrentController.getActiveSheet().Name

    def named(self, name: str) -> object:
        return self.document.NamedRanges.getByName(name).getReferredCells()

    def cell(self, sheet: str, name: str) -> object:
        return self.sheets.getByName(sheet).getCellRangeByName(name).getCellByPosition(0, 0)

    def values(self, sheet: str) -> list[tuple[object, ...]]:
        """Return the values of a sheet from A1 on, as they stand in the open document."""
        page = self.sheets.getByName(sheet)
        cursor = page.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.RangeAddress
        return list(page.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow).getDataArray())

    def formulas(self, sheet: str) -> dict[str, str]:
        """Return the formulas of a sheet by cell."""
        found = {}
        page = self.sheets.getByName(sheet)
        for area in page.queryContentCells(16):
            for line in area.getFormulaArray():
                for formula in line:
                    found[f"{area.AbsoluteName}{len(found)}"] = formula
        return found

    def close(self) -> None:
        self.document.close(True)
