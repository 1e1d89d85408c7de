"""Macros: the buttons of the sheet Control, and what puts them into a workbook or beside it."""
