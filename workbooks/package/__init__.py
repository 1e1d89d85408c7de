"""The lossless package writer: sheets go into an existing workbook, every other part stays the bytes it was."""
