"""A click: what a button asks for, done on a workbook that is open, and told in a few words."""
