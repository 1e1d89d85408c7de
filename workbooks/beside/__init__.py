"""Leaf rows of Cascade in a file beside the workbook, where a sheet does not hold them."""
