"""A workbook that is open in Excel: read and written there, through the open-source part of xlwings."""
