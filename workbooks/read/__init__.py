"""Reading: a workbook file becomes ``engine.tables.Inputs`` and a list of issues."""
